package dev.socketecho.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Decides which messages {@link PayloadLogger} logs: a limited number a second; it counts
 * the others. A second begins with the first message after the end of the one before.
 * Thread-safe and without locks, since event loops call it for each message.
 */
final class LogRateLimiter {

	static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final int limit;

	private final LongSupplier nanoTime;

	private final AtomicReference<Second> current;

	private final AtomicInteger refused = new AtomicInteger();

	/**
	 * Creates a limiter.
	 * @param limit how many messages a second
	 * @param nanoTime the clock, as {@link System#nanoTime()}
	 */
	LogRateLimiter(int limit, LongSupplier nanoTime) {
		this.limit = limit;
		this.nanoTime = nanoTime;
		this.current = new AtomicReference<>(new Second(nanoTime.getAsLong()));
	}

	/**
	 * Decides about one message.
	 * @return whether it is logged
	 */
	boolean admits() {
		long now = this.nanoTime.getAsLong();
		Second second = this.current.get();
		if (now - second.begin >= SECOND) {
			Second next = new Second(now);
			second = this.current.compareAndSet(second, next) ? next : this.current.get();
		}
		// Read first: a flood must not make the count overflow.
		return second.admitted.get() < this.limit && second.admitted.getAndIncrement() < this.limit;
	}

	/**
	 * Counts a message that is not logged.
	 * @return whether it is the first since the last {@link #takeRefused}
	 */
	boolean countRefused() {
		return this.refused.getAndUpdate((count) -> (count < Integer.MAX_VALUE) ? count + 1 : count) == 0;
	}

	/**
	 * Returns the count of messages that were not logged, and sets it to 0.
	 * @return how many since the last call
	 */
	int takeRefused() {
		return this.refused.getAndSet(0);
	}

	private static final class Second {

		private final long begin;

		private final AtomicInteger admitted = new AtomicInteger();

		private Second(long begin) {
			this.begin = begin;
		}

	}

}
