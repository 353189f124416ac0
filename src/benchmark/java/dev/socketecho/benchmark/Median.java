package dev.socketecho.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Medians over the rounds of a benchmark.
 */
final class Median {

	private Median() {
	}

	static <T> double of(List<T> rounds, ToDoubleFunction<T> figure) {
		double[] values = rounds.stream().mapToDouble(figure).sorted().toArray();
		return (values.length == 0) ? Double.NaN : values[values.length / 2];
	}

	/**
	 * The median of the ratios within each round.
	 */
	static <T> double ofRatios(List<T> rounds, List<T> yardstick, ToDoubleFunction<T> figure) {
		double[] ratios = new double[Math.min(rounds.size(), yardstick.size())];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(yardstick.get(i));
		}
		java.util.Arrays.sort(ratios);
		return (ratios.length == 0) ? Double.NaN : ratios[ratios.length / 2];
	}

}
