package dev.socketecho.probe;

import java.time.Duration;

/**
 * The variation of round trips, smoothed as RFC 3550, 6.4.1 smooths that of transit
 * times: each difference moves the estimate by a sixteenth. Confined to one thread.
 */
final class Jitter {

	private static final double GAIN = 1 / 16.0;

	private long previous = -1;

	private double nanos;

	/**
	 * Takes in a round trip.
	 * @return the jitter now
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
