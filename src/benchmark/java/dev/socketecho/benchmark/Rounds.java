package dev.socketecho.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Warms servers up, then measures them in turn, round by round, so that what disturbs the
 * machine disturbs all.
 */
final class Rounds {

	private Rounds() {
	}

	/**
	 * Runs the rounds. A server has the whole warm-up with its first load, and half of it
	 * with the others, where most of its code is compiled already.
	 * @throws IOException if the service cannot take a load, or a server ends
	 */
	static void run(List<Row> rows) throws IOException {
		List<Row> warm = new ArrayList<>();
		for (Row row : rows) {
			boolean first = warm.stream().noneMatch(row::isSameServer);
			row.warmUp(first ? Benchmark.warmup() : Benchmark.warmup() / 2);
			warm.add(row);
		}
		Benchmark.progress("warmed up");
		List<Row> fit = rows.stream().filter((row) -> row.refusal() == null).toList();
		for (int round = 1; round <= Benchmark.rounds(); round++) {
			for (Row row : fit) {
				row.measure(Benchmark.seconds());
			}
			Benchmark.progress("round %d of %d".formatted(round, Benchmark.rounds()));
		}
	}

}
