package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.benchmark.ClosedLoop.Figures;

/**
 * Measures echo servers side by side, each in a process of its own, all with the same
 * closed-loop client, which compares every byte that comes back. The rounds are
 * interleaved, so that what disturbs the machine disturbs all; the table shows medians.
 * With {@code taskset} and two processors or more, the client runs on the first and every
 * server on the second.
 * <p>
 * System properties: {@code benchmark.seconds} measured each time (3),
 * {@code benchmark.warmup} seconds before the first round (4), {@code benchmark.rounds}
 * (3), {@code benchmark.loads} as connections x bytes x outstanding messages
 * ({@code 64x64x1,64x64x32}), {@code benchmark.peers} a pattern of names (all),
 * {@code benchmark.jvm} further options of the servers' JVMs, {@code benchmark.jar} what
 * is measured.
 */
public final class EchoBenchmark {

	private static final int CLIENT_PROCESSOR = 0;

	private static final int SERVER_PROCESSOR = 1;

	private static final String SUBJECT = "Socket Echo";

	private static final String YARDSTICK = "plain Netty, epoll";

	private EchoBenchmark() {
	}

	/**
	 * Runs the benchmark and prints the table.
	 * @param args none
	 * @throws Exception if a server does not start or does not echo
	 */
	public static void main(String[] args) throws Exception {
		double seconds = Double.parseDouble(System.getProperty("benchmark.seconds", "3"));
		double warmup = Double.parseDouble(System.getProperty("benchmark.warmup", "4"));
		int rounds = Integer.getInteger("benchmark.rounds", 3);
		List<Load> loads = Stream.of(System.getProperty("benchmark.loads", "64x64x1,64x64x32").split(","))
			.map(Load::parse)
			.toList();
		List<RunningPeer> running = new ArrayList<>();
		try {
			for (Peer peer : peers()) {
				running.add(RunningPeer.start(peer));
			}
			running.forEach((peer) -> Processors.confine(peer.handle(), SERVER_PROCESSOR));
			Processors.confine(ProcessHandle.current(), CLIENT_PROCESSOR);
			List<Row> rows = rows(loads, running);
			for (Row row : rows) {
				row.measure(warmup);
			}
			for (int round = 1; round <= rounds; round++) {
				System.out.printf("Round %d of %d%n", round, rounds);
				for (Row row : rows) {
					row.figures().add(row.measure(seconds));
				}
			}
			print(rows);
			if (rows.stream().anyMatch((row) -> row.peer().name().equals(SUBJECT) && row.wrongReads() > 0)) {
				throw new IllegalStateException(SUBJECT + " does not echo what was sent");
			}
		}
		finally {
			running.forEach(RunningPeer::close);
		}
	}

	/**
	 * The servers to compare. The first one is the yardstick.
	 */
	private static List<Peer> peers() {
		Pattern own = Pattern.compile("port=(\\d+)");
		Pattern filter = Pattern.compile(System.getProperty("benchmark.peers", ".*"));
		return Stream
			.of(new Peer(YARDSTICK, Peer.java(NettyEchoServer.class), Map.of("none", own)),
					new Peer(SUBJECT, socketEcho(),
							Map.of("none", Pattern.compile("Server 'stream' listens: .* port (\\d+)"), "line",
									Pattern.compile("Server 'line' listens: .* port (\\d+)"))),
					new Peer("Spring Integration, Net", Peer.java(StockEchoServer.class, "net"), Map.of("crlf", own)),
					new Peer("Spring Integration, Nio", Peer.java(StockEchoServer.class, "nio"), Map.of("crlf", own)))
			.filter((peer) -> peer.name().equals(YARDSTICK) || filter.matcher(peer.name()).matches())
			.toList();
	}

	/**
	 * The jar as it is shipped, or, where it was not built, the classes.
	 */
	private static List<String> socketEcho() {
		List<String> ports = Stream
			.of("server", "echo.tcp.servers.stream", "echo.tcp.servers.line", "echo.tcp.servers.message",
					"echo.tcp.servers.collect")
			.map((server) -> "--" + server + ".port=0")
			.toList();
		Path jar = Path.of(System.getProperty("benchmark.jar", "target/socket-echo.jar"));
		List<String> command = Files.exists(jar) ? Peer.java(List.of("-jar", jar.toString()))
				: Peer.java(SocketEchoApplication.class);
		return Stream.concat(command.stream(), ports.stream()).toList();
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
		System.out.println("| load (connections x bytes x outstanding) | server | framing | messages/s | "
				+ "p50 us | p99 us | server CPU us/message | of the yardstick | wrong reads |");
		System.out.println("|---|---|---|--:|--:|--:|--:|--:|--:|");
		for (Row row : rows) {
			Row yardstick = rows.stream()
				.filter((other) -> other.load().equals(row.load()) && other.peer().name().equals(YARDSTICK))
				.findFirst()
				.orElseThrow();
			System.out.printf(Locale.ROOT, "| %s | %s | %s | %,.0f | %.1f | %.1f | %.2f | %.3f | %d |%n", row.load(),
					row.peer().name(), row.framing(), row.median(Figures::messagesPerSecond),
					row.median(Figures::p50Micros), row.median(Figures::p99Micros),
					row.median(Figures::serverCpuMicros), row.ratioTo(yardstick), row.wrongReads());
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
			try (ClosedLoop loop = new ClosedLoop(this.peer.port(this.framing), this.load)) {
				return loop.run(seconds, this.peer.handle());
			}
			catch (IOException ex) {
				throw new IOException(
						"%s, %s, %s: %s".formatted(this.peer.name(), this.framing, this.load, ex.getMessage()), ex);
			}
		}

		long wrongReads() {
			return this.figures.stream().mapToLong(Figures::wrongReads).sum();
		}

		double median(ToDoubleFunction<Figures> figure) {
			return median(this.figures.stream().mapToDouble(figure).toArray());
		}

		/**
		 * The median of the ratios within each round.
		 */
		double ratioTo(Row other) {
			double[] ratios = new double[this.figures.size()];
			for (int i = 0; i < ratios.length; i++) {
				ratios[i] = this.figures.get(i).messagesPerSecond() / other.figures.get(i).messagesPerSecond();
			}
			return median(ratios);
		}

		private static double median(double[] values) {
			Arrays.sort(values);
			return (values.length == 0) ? Double.NaN : values[values.length / 2];
		}

	}

}
