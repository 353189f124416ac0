package dev.socketecho.transport.loop;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential delays between attempts of a client or probe to connect, with jitter, so
 * that not all clients connect at once when a server is back. Confined to one thread.
 * <p>
 * Spring's {@code ExponentialBackOff} does not fit: it has no delay of zero before the
 * first failure, its jitter never makes a delay shorter than the first interval, and its
 * execution cannot return a delay without counting one more failure.
 */
public final class Backoff {

	private static final long FIRST_MILLIS = 100;

	private static final long LONGEST_MILLIS = 5_000;

	private int failures;

	/**
	 * Counts a failure: an attempt failed, or its connection ended without a reply.
	 */
	public void failed() {
		this.failures++;
	}

	/**
	 * Forgets the failures: the connection works.
	 */
	public void reset() {
		this.failures = 0;
	}

	/**
	 * Returns the time to wait before the next attempt.
	 * @return zero if nothing has failed; otherwise 100 ms, doubled by each further
	 * failure up to 5 s, and shortened at random by up to a half
	 */
	public Duration delay() {
		if (this.failures == 0) {
			return Duration.ZERO;
		}
		long millis = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(this.failures - 1, 10));
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
	}

}
