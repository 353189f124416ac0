package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.socketecho.stamp.StampKey;
import dev.socketecho.stamp.StampSender;
import org.jspecify.annotations.Nullable;

/**
 * Packets per second that the reflectors of STAMP answer, beside a plain UDP echo server
 * of the same process with packets of the same length. The client is a C program: one in
 * Java would be what is measured.
 */
final class StampBenchmark {

	private static final String KEY = "key of the benchmark";

	private static final Pattern RESULT = Pattern
		.compile("answers=(\\d+) seconds=([0-9.]+) lost=(\\d+) wrong=(\\d+)");

	private StampBenchmark() {
	}

	static void run() throws Exception {
		Path client = Commands.compileC("datagrams.c");
		if (client == null) {
			System.out.println("STAMP is not measured: no gcc on this machine");
			return;
		}
		try (Servers servers = Servers.start(List.of(Peers.reflectors(KEY)))) {
			RunningPeer peer = servers.running().getFirst();
			List<Row> plain = rows(peer, "echo", null, "stateless", "stateful");
			List<Row> authenticated = rows(peer, "echo", new StampKey(KEY), "authenticated");
			List<Row> rows = new ArrayList<>(plain);
			rows.addAll(authenticated);
			for (Row row : rows) {
				row.measure(client, Benchmark.warmup());
			}
			for (int round = 1; round <= Benchmark.rounds(); round++) {
				System.out.printf("Round %d of %d%n", round, Benchmark.rounds());
				for (Row row : rows) {
					row.results().add(row.measure(client, Benchmark.seconds()));
				}
			}
			System.out.println();
			System.out.println("| server | bytes | packets/s | of the echo | CPU us/packet | of the echo | lost | wrong |");
			System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|");
			print(plain);
			print(authenticated);
		}
	}

	private static List<Row> rows(RunningPeer peer, String echo, @Nullable StampKey key, String... reflectors)
			throws IOException {
		byte[] packet = new StampSender(key, false).packet(1, 0, 0, false, 0);
		Path file = Commands.work().resolve("stamp-%d.bin".formatted(packet.length));
		Files.write(file, packet);
		List<Row> rows = new ArrayList<>();
		rows.add(new Row(peer, echo, packet.length, file, new ArrayList<>()));
		for (String reflector : reflectors) {
			rows.add(new Row(peer, reflector, packet.length, file, new ArrayList<>()));
		}
		return rows;
	}

	/**
	 * Prints rows of packets with the same length, the echo first.
	 */
	private static void print(List<Row> rows) {
		List<Result> echo = rows.getFirst().results();
		for (Row row : rows) {
			List<Result> results = row.results();
			System.out.printf(Locale.ROOT, "| %s | %d | %,.0f | %.3f | %.2f | %.2f | %d | %d |%n", row.server(),
					row.length(), Median.of(results, Result::perSecond),
					Median.ofRatios(results, echo, Result::perSecond), Median.of(results, Result::cpuMicros),
					Median.ofRatios(results, echo, Result::cpuMicros),
					results.stream().mapToLong(Result::lost).sum(), results.stream().mapToLong(Result::wrong).sum());
		}
	}

	/**
	 * One line of the table.
	 */
	private record Row(RunningPeer peer, String server, int length, Path packet, List<Result> results) {

		Result measure(Path client, double seconds) throws IOException, InterruptedException {
			double cpuBefore = ProcessTree.cpuMicros(this.peer.handle());
			Process process = new ProcessBuilder(client.toString(), Integer.toString(this.peer.port(this.server)),
					Double.toString(seconds), this.packet.toString())
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			double cpuMicros = ProcessTree.cpuMicros(this.peer.handle()) - cpuBefore;
			Matcher result = RESULT.matcher(output);
			if (process.waitFor() != 0 || !result.find()) {
				throw new IOException("%s: %s".formatted(this.server, output));
			}
			long answers = Long.parseLong(result.group(1));
			return new Result(answers / Double.parseDouble(result.group(2)), cpuMicros / answers,
					Long.parseLong(result.group(3)), Long.parseLong(result.group(4)));
		}

	}

	/**
	 * What was measured.
	 *
	 * @param perSecond answers per second
	 * @param cpuMicros the server's CPU time per answer, in us
	 * @param lost packets without an answer
	 * @param wrong answers of another length
	 */
	private record Result(double perSecond, double cpuMicros, long lost, long wrong) {
	}

}
