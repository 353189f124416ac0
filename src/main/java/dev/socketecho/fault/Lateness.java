package dev.socketecho.fault;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How late something is.
 *
 * @param delay the mean, 0 or more
 * @param jitter how far it varies, 0 or more
 * @param distribution how it varies
 */
public record Lateness(Duration delay, Duration jitter, Distribution distribution) {

	/** Not late at all. */
	public static final Lateness NONE = new Lateness(Duration.ZERO, Duration.ZERO, Distribution.UNIFORM);

	/**
	 * Returns whether nothing is ever late.
	 * @return whether delay and jitter are zero
	 */
	public boolean isNone() {
		return this.delay.isZero() && this.jitter.isZero();
	}

	/**
	 * Draws a delay.
	 * @param random where the draw comes from; not used where there is no jitter
	 * @return the delay in ns, 0 or more
	 */
	public long nanos(RandomGenerator random) {
		long mean = this.delay.toNanos();
		long width = this.jitter.toNanos();
		return (width == 0) ? mean : Math.max(0, mean + Math.round(width * this.distribution.deviation(random)));
	}

	/**
	 * How a delay varies around its mean.
	 */
	public enum Distribution {

		/** Evenly between minus and plus jitter. */
		UNIFORM {
			@Override
			double deviation(RandomGenerator random) {
				return 2 * random.nextDouble() - 1;
			}
		},

		/** Normally; jitter is one standard deviation. */
		NORMAL {
			@Override
			double deviation(RandomGenerator random) {
				return random.nextGaussian();
			}
		};

		/**
		 * A deviation from the mean, in units of jitter.
		 */
		abstract double deviation(RandomGenerator random);

	}

}
