package dev.socketecho.probe;

import java.time.Duration;

/**
 * The variation of round trips, smoothed as in RFC 3550, 6.4.1: each difference between
 * two round trips moves the estimate by a sixteenth. Used on one event loop.
 */
final class Jitter {

	private static final double GAIN = 1 / 16.0;

	private long previous = -1;

	private double nanos;

	/**
	 * Adds a round trip.
	 * @return the jitter after it
	 */
	Duration next(Duration roundTrip) {
		long now = roundTrip.toNanos();
		if (this.previous >= 0) {
			this.nanos += (Math.abs(now - this.previous) - this.nanos) * GAIN;
		}
		this.previous = now;
		return Duration.ofNanos((long) this.nanos);
	}

}
