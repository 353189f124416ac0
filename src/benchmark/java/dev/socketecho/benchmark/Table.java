package dev.socketecho.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * Prints rows as docs/performance.md has them, so that they can be copied there.
 */
final class Table {

	private static final String HEAD = """

			| load (connections x bytes x outstanding) | server | framing | %1$ss/s | of the first | \
			CPU us/%1$s | of the first | p50 us | p99 us | wrong or lost |
			|---|---|---|--:|--:|--:|--:|--:|--:|--:|
			""";

	private static final String WITHOUT_FIGURES = "| %s | %s | %s | %s | | | | | | |%n";

	private static final String MISSING = "| | %s | missing: %s | | | | | | | |%n";

	private Table() {
	}

	/**
	 * Prints the medians of all rows that have figures, then those without.
	 * @param unit what is counted, such as {@code message}
	 * @param missing servers that this machine cannot run
	 */
	static void print(List<Row> rows, String unit, List<Peer> missing) {
		System.out.printf(HEAD, unit);
		for (Row row : rows) {
			if (row.refusal() == null) {
				print(row, rows.stream().filter(row::isComparable).findFirst().orElseThrow());
			}
		}
		for (Row row : rows) {
			if (row.refusal() != null) {
				System.out.printf(WITHOUT_FIGURES, row.load(), row.server(), row.framing(), row.refusal());
			}
		}
		missing.forEach((peer) -> System.out.printf(MISSING, peer.name(), peer.missing()));
	}

	private static void print(Row row, Row first) {
		List<Figures> figures = row.figures();
		System.out.printf(Locale.ROOT, "| %s | %s | %s | %,.0f | %.3f | %.2f | %.2f | %.0f | %.0f | %d |%n", row.load(),
				row.server(), row.framing(), Median.of(figures, Figures::perSecond),
				Median.ofRatios(figures, first.figures(), Figures::perSecond), Median.of(figures, Figures::cost),
				Median.ofRatios(figures, first.figures(), Figures::cost), Median.of(figures, Figures::p50Micros),
				Median.of(figures, Figures::p99Micros), row.wrong());
	}

}
