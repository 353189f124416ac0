package dev.socketecho.transport.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.loop.EventLoops;
import io.netty.util.concurrent.EventExecutorGroup;

/**
 * Event loops that do nothing for a while, so that the kernel has to hold what comes.
 */
public final class BlockedEventLoop {

	private static final long LONGEST_SECONDS = 20;

	private final CountDownLatch released = new CountDownLatch(1);

	private BlockedEventLoop() {
	}

	/**
	 * Blocks all event loops of a server.
	 */
	public static BlockedEventLoop of(EventLoops eventLoops) throws InterruptedException {
		return of(eventLoops.group());
	}

	/**
	 * Blocks all executors of a group.
	 */
	public static BlockedEventLoop of(EventExecutorGroup executors) throws InterruptedException {
		BlockedEventLoop blocked = new BlockedEventLoop();
		List<CountDownLatch> reached = new ArrayList<>();
		executors.forEach((executor) -> {
			CountDownLatch started = new CountDownLatch(1);
			reached.add(started);
			executor.execute(() -> {
				started.countDown();
				blocked.await();
			});
		});
		for (CountDownLatch started : reached) {
			if (!started.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("An event loop is not blocked in time");
			}
		}
		return blocked;
	}

	public void release() {
		this.released.countDown();
	}

	private void await() {
		try {
			this.released.await(LONGEST_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
