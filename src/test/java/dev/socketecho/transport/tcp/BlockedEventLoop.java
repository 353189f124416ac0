package dev.socketecho.transport.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.loop.EventLoops;

/**
 * Event loops that do nothing for a while, so that the kernel has to hold what comes.
 */
public final class BlockedEventLoop {

	private static final long LONGEST_SECONDS = 20;

	private final CountDownLatch released = new CountDownLatch(1);

	private BlockedEventLoop() {
	}

	/**
	 * Blocks all event loops of a group.
	 */
	public static BlockedEventLoop of(EventLoops eventLoops) throws InterruptedException {
		BlockedEventLoop blocked = new BlockedEventLoop();
		List<CountDownLatch> reached = new ArrayList<>();
		eventLoops.group().forEach((eventLoop) -> {
			CountDownLatch started = new CountDownLatch(1);
			reached.add(started);
			eventLoop.execute(() -> {
				started.countDown();
				blocked.await();
			});
		});
		for (CountDownLatch started : reached) {
			started.await(LONGEST_SECONDS, TimeUnit.SECONDS);
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
