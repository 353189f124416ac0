package dev.socketecho.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.socketecho.benchmark.ClosedLoop.Figures;

/**
 * Measures echo servers side by side, each in a process of its own, all with the same
 * closed-loop client, which compares every byte that comes back. The rounds are
 * interleaved, so that what disturbs the machine disturbs all; the table shows medians.
 * "Of the first" compares with the first server of the same load that carries the same
 * messages: plain ones, WebSocket's, or those in TLS.
 * With {@code taskset} and two processors or more, the client runs on the first and every
 * server on the second.
 */
final class PeersBenchmark {

	private PeersBenchmark() {
	}

	static void run() throws Exception {
		try (Servers servers = Servers.start(Peers.all())) {
			List<Row> rows = rows(Benchmark.loads(), servers.running());
			Map<Row, String> unfit = warmUp(rows);
			rows.removeAll(unfit.keySet());
			for (int round = 1; round <= Benchmark.rounds(); round++) {
				System.out.printf("Round %d of %d%n", round, Benchmark.rounds());
				for (Row row : rows) {
					row.figures().add(row.measure(Benchmark.seconds()));
				}
			}
			print(rows);
			unfit.forEach((row, reason) -> System.out.printf("| %s | %s | %s | %s | | | | | | |%n", row.load(),
					row.peer().name(), row.framing(), reason));
			servers.printMissing("| | %s | %s | | | | | | | |");
			if (rows.stream().anyMatch((row) -> row.isSubject() && row.wrongReads() > 0)) {
				throw new IllegalStateException(Peers.SUBJECT + " does not echo what was sent");
			}
		}
	}

	/**
	 * Warms the servers up, and finds those that cannot take a load at all, as the stock
	 * ones a message over 2,048 bytes.
	 */
	private static Map<Row, String> warmUp(List<Row> rows) throws IOException {
		Map<Row, String> unfit = new LinkedHashMap<>();
		for (Row row : rows) {
			try {
				row.measure(Benchmark.warmup());
			}
			catch (IOException ex) {
				if (row.isSubject()) {
					throw ex;
				}
				unfit.put(row, ex.getCause().getMessage());
			}
		}
		return unfit;
	}

	private static List<Row> rows(List<Load> loads, List<RunningPeer> peers) {
		List<Row> rows = new ArrayList<>();
		for (Load load : loads) {
			for (RunningPeer peer : peers) {
				peer.ports().keySet().stream().sorted().forEach((framing) -> rows.add(new Row(load, peer, framing)));
			}
		}
		return rows;
	}

	private static void print(List<Row> rows) {
		System.out.println();
		System.out
			.println("| load (connections x bytes x outstanding) | server | framing | messages/s | of the first | "
					+ "CPU us/message | of the first | p50 us | p99 us | wrong reads |");
		System.out.println("|---|---|---|--:|--:|--:|--:|--:|--:|--:|");
		for (Row row : rows) {
			Row first = rows.stream().filter(row::isComparable).findFirst().orElseThrow();
			System.out.printf(Locale.ROOT, "| %s | %s | %s | %,.0f | %.3f | %.2f | %.2f | %.0f | %.0f | %d |%n",
					row.load(), row.peer().name(), row.framing(), Median.of(row.figures(), Figures::messagesPerSecond),
					Median.ofRatios(row.figures(), first.figures(), Figures::messagesPerSecond),
					Median.of(row.figures(), Figures::cost),
					Median.ofRatios(row.figures(), first.figures(), Figures::cost),
					Median.of(row.figures(), Figures::p50Micros), Median.of(row.figures(), Figures::p99Micros),
					row.wrongReads());
		}
	}

	/**
	 * One line of the table.
	 */
	private record Row(Load load, RunningPeer peer, String framing, List<Figures> figures) {

		Row(Load load, RunningPeer peer, String framing) {
			this(load, peer, framing, new ArrayList<>());
		}

		Figures measure(double seconds) throws IOException {
			try (ClosedLoop loop = new ClosedLoop(List.of(this.peer.port(this.framing)), this.load,
					Wire.of(this.framing, this.load))) {
				return loop.run(seconds, this.peer.cpuMeter());
			}
			catch (IOException ex) {
				throw new IOException(
						"%s, %s, %s: %s".formatted(this.peer.name(), this.framing, this.load, ex.getMessage()), ex);
			}
		}

		/**
		 * Whether the other one carries the same messages.
		 */
		boolean isComparable(Row other) {
			return other.load().equals(this.load) && protocol().equals(other.protocol());
		}

		private String protocol() {
			return (this.framing.equals(Wire.WEB_SOCKET) || this.framing.equals(Wire.TLS)) ? this.framing : "none";
		}

		/**
		 * Whether it is the service.
		 */
		boolean isSubject() {
			return this.peer.name().startsWith(Peers.SUBJECT);
		}

		long wrongReads() {
			return this.figures.stream().mapToLong(Figures::wrongReads).sum();
		}

	}

}
