package dev.socketecho.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Limits how many messages are logged in a second, and counts the others. A second begins
 * with the first message after the previous second. Thread-safe, without locks:
 * {@link PayloadLogger} asks it on event loops, for each message.
 */
final class LogRateLimiter {

	static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final int limit;

	private final LongSupplier nanoTime;

	private final AtomicReference<Second> current;

	private final AtomicInteger refused = new AtomicInteger();

	/**
	 * Creates an instance.
	 * @param limit how many messages a second
	 * @param nanoTime the clock, as {@link System#nanoTime()}
	 */
	LogRateLimiter(int limit, LongSupplier nanoTime) {
		this.limit = limit;
		this.nanoTime = nanoTime;
		this.current = new AtomicReference<>(new Second(nanoTime.getAsLong()));
	}

	/**
	 * Asks whether one more message is logged.
	 * @return whether it is
	 */
	boolean admits() {
		long now = this.nanoTime.getAsLong();
		Second second = this.current.get();
		if (now - second.begin >= SECOND) {
			Second next = new Second(now);
			second = this.current.compareAndSet(second, next) ? next : this.current.get();
		}
		// Read first: a flood must not take the count round to the negative numbers.
		return second.admitted.get() < this.limit && second.admitted.getAndIncrement() < this.limit;
	}

	/**
	 * Counts a message that is not logged.
	 * @return whether it is the first since the count was taken
	 */
	boolean countRefused() {
		return this.refused.getAndUpdate((count) -> (count < Integer.MAX_VALUE) ? count + 1 : count) == 0;
	}

	/**
	 * Takes the count of those that were not logged.
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
