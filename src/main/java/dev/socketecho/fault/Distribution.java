package dev.socketecho.fault;

import java.util.random.RandomGenerator;

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
