package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Connections per second that are opened, carry one message and are closed by the client.
 * The client is a C program: one in Java would be what is measured.
 */
final class ChurnBenchmark {

	private static final int CONCURRENCY = 64;

	private static final Pattern RESULT = Pattern
		.compile("connections=(\\d+) seconds=([0-9.]+) p99_us=(\\d+) failed=(\\d+)");

	private ChurnBenchmark() {
	}

	static void run() throws Exception {
		Path client = Commands.compileC("churn.c");
		if (client == null) {
			System.out.println("Churn is not measured: no gcc on this machine");
			return;
		}
		try (Servers servers = Servers.start(List.of(Peers.floor(), Peers.subject(), Peers.netty(), Peers.vertx(),
				Peers.go(), Peers.stock("net")))) {
			List<Row> rows = new ArrayList<>();
			for (RunningPeer peer : servers.running()) {
				peer.ports()
					.keySet()
					.stream()
					.sorted()
					.forEach((framing) -> rows.add(new Row(peer, framing, new ArrayList<>())));
			}
			for (Row row : rows) {
				row.measure(client, Benchmark.warmup());
			}
			for (int round = 1; round <= Benchmark.rounds(); round++) {
				System.out.printf("Round %d of %d%n", round, Benchmark.rounds());
				for (Row row : rows) {
					row.results().add(row.measure(client, Benchmark.seconds()));
				}
			}
			print(rows);
			servers.printMissing("| %s | %s | | | | | | |");
		}
	}

	private static void print(List<Row> rows) {
		System.out.println();
		System.out.println("| server | framing | connections/s | of the first | CPU us/connection | of the first | "
				+ "p99 us | failed |");
		System.out.println("|---|---|--:|--:|--:|--:|--:|--:|");
		List<Result> first = rows.getFirst().results();
		for (Row row : rows) {
			List<Result> results = row.results();
			System.out.printf(Locale.ROOT, "| %s | %s | %,.0f | %.3f | %.1f | %.2f | %.0f | %d |%n", row.peer().name(),
					row.framing(), Median.of(results, Result::perSecond),
					Median.ofRatios(results, first, Result::perSecond), Median.of(results, Result::cpuMicros),
					Median.ofRatios(results, first, Result::cpuMicros), Median.of(results, Result::p99Micros),
					results.stream().mapToLong(Result::failed).sum());
		}
	}

	/**
	 * One line of the table.
	 */
	private record Row(RunningPeer peer, String framing, List<Result> results) {

		Result measure(Path client, double seconds) throws IOException, InterruptedException {
			double cpuBefore = ProcessTree.cpuMicros(this.peer.handle());
			Process process = new ProcessBuilder(client.toString(), Integer.toString(this.peer.port(this.framing)),
					Integer.toString(CONCURRENCY), Double.toString(seconds))
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes(),
					java.nio.charset.StandardCharsets.UTF_8);
			double cpuMicros = ProcessTree.cpuMicros(this.peer.handle()) - cpuBefore;
			Matcher result = RESULT.matcher(output);
			if (process.waitFor() != 0 || !result.find()) {
				throw new IOException("%s, %s: %s".formatted(this.peer.name(), this.framing, output));
			}
			long connections = Long.parseLong(result.group(1));
			return new Result(connections / Double.parseDouble(result.group(2)), cpuMicros / connections,
					Double.parseDouble(result.group(3)), Long.parseLong(result.group(4)));
		}

	}

	/**
	 * What was measured.
	 *
	 * @param perSecond connections per second
	 * @param cpuMicros the server's CPU time per connection, in us
	 * @param p99Micros time from the beginning of a connection to its complete echo that
	 * 1 per cent exceed, in us
	 * @param failed connections without the right echo
	 */
	private record Result(double perSecond, double cpuMicros, double p99Micros, long failed) {
	}

}
