package dev.socketecho.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;

/**
 * Collects the reports of Netty's leak detectors, which otherwise only log them.
 */
final class NettyLeaks {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Pattern TEST_RUNNER_FRAMES = Pattern.compile("\\R?\\t(org\\.junit|org\\.apache\\.maven)\\..*");

	private static final Queue<String> reports = new ConcurrentLinkedQueue<>();

	private static final Collection<CollectingDetector<?>> detectors = new CopyOnWriteArrayList<>();

	/** Whether a resource was created since the last look. */
	private static volatile boolean used;

	private NettyLeaks() {
	}

	/**
	 * Returns whether a resource was created since the last call. A class that creates
	 * none cannot leak, and needs no garbage collection.
	 */
	static boolean takeUsed() {
		boolean taken = used;
		used = false;
		return taken;
	}

	/**
	 * Makes Netty use collecting leak detectors. Only has an effect on classes of Netty
	 * that are not loaded yet.
	 */
	static void install() {
		ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new CollectingDetectorFactory());
		ResourceLeakDetector.setLevel(Level.PARANOID);
		UnpooledByteBufAllocator.DEFAULT.buffer().release();
		if (detectors.stream().noneMatch((detector) -> detector.resource == ByteBuf.class)) {
			throw new IllegalStateException("Netty's buffers were loaded before the leak check was installed");
		}
	}

	/**
	 * Fails if any leak was found since the last call of this method or of
	 * {@link #drain()}.
	 * @param suspect what has been running since then, for the message
	 */
	static void verifyNone(String suspect) {
		List<String> leaks = drain();
		if (!leaks.isEmpty()) {
			throw new AssertionError("%d Netty resource leak(s) found after %s:%n%s".formatted(leaks.size(), suspect,
					String.join(System.lineSeparator(), leaks)));
		}
	}

	/**
	 * Finds all resources that are unreachable and were not released.
	 * @return the reports of the leaks found since the last call of this method
	 */
	static synchronized List<String> drain() {
		// References of one collection are enqueued in any order and not at once. What
		// the first one found is complete when the second one's canaries arrive.
		awaitGarbageCollection();
		awaitGarbageCollection();
		List<String> drained = new ArrayList<>();
		for (String report = reports.poll(); report != null; report = reports.poll()) {
			drained.add(report);
		}
		return drained;
	}

	private static void awaitGarbageCollection() {
		List<CollectingDetector<?>> pending = new ArrayList<>(detectors);
		pending.forEach(CollectingDetector::leakCanary);
		long deadline = System.nanoTime() + TIMEOUT.toNanos();
		while (!pending.isEmpty()) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException("No garbage collection within " + TIMEOUT);
			}
			System.gc();
			for (int i = 0; i < 20 && !pending.isEmpty(); i++) {
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
				pending.forEach(CollectingDetector::poll);
				pending.removeIf(CollectingDetector::canariesFound);
			}
		}
	}

	private static final class CollectingDetectorFactory extends ResourceLeakDetectorFactory {

		@Override
		@SuppressWarnings("deprecation")
		public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval,
				long maxActive) {
			CollectingDetector<T> detector = new CollectingDetector<>(resource, samplingInterval);
			detectors.add(detector);
			return detector;
		}

	}

	private static final class CollectingDetector<T> extends ResourceLeakDetector<T> {

		private static final String CANARY = "leak-detector-canary-";

		private static final AtomicLong canaryNumber = new AtomicLong();

		private final Class<T> resource;

		private final Set<String> canaries = ConcurrentHashMap.newKeySet();

		CollectingDetector(Class<T> resource, int samplingInterval) {
			super(resource, samplingInterval);
			this.resource = resource;
		}

		@Override
		public ResourceLeakTracker<T> track(T resource) {
			used = true;
			return super.track(resource);
		}

		/**
		 * Leaks an object on purpose.
		 */
		void leakCanary() {
			String canary = CANARY + canaryNumber.incrementAndGet() + ".";
			this.canaries.add(canary);
			trackForcibly(newResource()).record(canary);
		}

		boolean canariesFound() {
			return this.canaries.isEmpty();
		}

		/**
		 * Makes the detector look for leaks, which it does when something is tracked.
		 */
		void poll() {
			T polling = newResource();
			trackForcibly(polling).close(polling);
		}

		@SuppressWarnings("unchecked")
		private T newResource() {
			// Detectors only keep a weak reference to a resource
			return (T) new Object();
		}

		@Override
		protected boolean needReport() {
			return true;
		}

		@Override
		protected void reportTracedLeak(String resourceType, String records) {
			if (!records.contains(CANARY) || !this.canaries.removeIf(records::contains)) {
				reports.add("LEAK: %s was not released before it was garbage-collected.%s".formatted(resourceType,
						TEST_RUNNER_FRAMES.matcher(records).replaceAll("")));
			}
		}

		@Override
		protected void reportUntracedLeak(String resourceType) {
			reports.add("LEAK: " + resourceType + " was not released before it was garbage-collected.");
		}

	}

}
