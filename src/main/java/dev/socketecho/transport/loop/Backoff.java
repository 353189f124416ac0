package dev.socketecho.transport.loop;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential delays between attempts to connect, with jitter, so that the clients of a
 * server that comes back do not all come at once. Confined to one thread.
 */
public final class Backoff {

	private static final long FIRST_MILLIS = 100;

	private static final long LONGEST_MILLIS = 5_000;

	private int failures;

	/**
	 * The last attempt failed, or its connection ended without a reply.
	 */
	public void failed() {
		this.failures++;
	}

	/**
	 * The connection works.
	 */
	public void reset() {
		this.failures = 0;
	}

	/**
	 * How long to wait before the next attempt: nothing at first, then 100 ms, doubling
	 * up to 5 s, shortened at random by up to a half.
	 */
	public Duration delay() {
		if (this.failures == 0) {
			return Duration.ZERO;
		}
		long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(this.failures - 1, 10));
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
	}

}
