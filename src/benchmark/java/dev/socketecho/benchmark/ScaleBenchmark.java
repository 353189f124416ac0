package dev.socketecho.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a connection and a message cost as open connections grow, and what the process
 * costs as its servers grow.
 */
final class ScaleBenchmark {

	/** Messages under way in all, whatever the number of connections. */
	private static final int UNDER_WAY = 64;

	private static final int BYTES = 64;

	private ScaleBenchmark() {
	}

	static void run() throws Exception {
		connections();
		servers();
	}

	private static void connections() throws Exception {
		int[] steps = Benchmark.steps("connections", "1,100,1000,5000,15000");
		List<String> lines = new ArrayList<>();
		try (Servers servers = Servers.start(List.of(Peers.floor(), Subject.plain()))) {
			for (RunningPeer peer : servers.running()) {
				for (String framing : peer.ports().keySet().stream().sorted().toList()) {
					connections(peer, framing, steps, lines);
				}
			}
			System.out.println();
			System.out.printf("%d messages of %d bytes under way in all, to all connections in turn%n%n", UNDER_WAY,
					BYTES);
			System.out
				.println("| server | framing | connections | messages/s | CPU us/message | p99 us | resident MB | "
						+ "KB per connection |");
			System.out.println("|---|---|--:|--:|--:|--:|--:|--:|");
			lines.forEach(System.out::println);
			servers.missing()
				.forEach(
						(peer) -> System.out.printf("| %s | missing: %s | | | | | | |%n", peer.name(), peer.missing()));
		}
	}

	private static void connections(RunningPeer peer, String framing, int[] steps, List<String> lines)
			throws Exception {
		List<Integer> port = List.of(peer.port(framing));
		try (ClosedLoop loop = new ClosedLoop(port, new Load(UNDER_WAY, BYTES, 1))) {
			loop.run(Benchmark.warmup(), peer.cpuMeter());
		}
		long before = ProcessTree.residentKilobytes(peer.handle());
		int open = 0;
		try (ClosedLoop loop = new ClosedLoop(port, new Load(0, BYTES, 1))) {
			for (int step : steps) {
				loop.connect(step - open);
				open = step;
				Figures figures = loop.runInTurn(Benchmark.seconds(), peer.cpuMeter(), Math.min(step, UNDER_WAY));
				requireEcho(figures);
				long resident = ProcessTree.residentKilobytes(peer.handle());
				lines.add(String.format(Locale.ROOT, "| %s | %s | %,d | %,.0f | %.2f | %.0f | %.0f | %.1f |",
						peer.name(), framing, step, figures.perSecond(), figures.cost(), figures.p99Micros(),
						resident / 1024.0, (resident - before) / (double) step));
				System.out.println(lines.getLast());
			}
		}
	}

	private static void servers() throws Exception {
		List<String> lines = new ArrayList<>();
		for (int step : Benchmark.steps("servers", "1,10,50,200")) {
			long start = System.nanoTime();
			try (Servers servers = Servers.start(List.of(Subject.lines(step)))) {
				RunningPeer peer = servers.running().getFirst();
				double millis = (System.nanoTime() - start) / 1e6;
				long idle = ProcessTree.residentKilobytes(peer.handle());
				List<Integer> ports = List.copyOf(peer.ports().values());
				Load load = new Load(Math.max(UNDER_WAY, step), BYTES, 1);
				try (ClosedLoop loop = new ClosedLoop(ports, load)) {
					loop.runInTurn(Benchmark.warmup(), peer.cpuMeter(), UNDER_WAY);
					Figures figures = loop.runInTurn(Benchmark.seconds(), peer.cpuMeter(), UNDER_WAY);
					requireEcho(figures);
					lines.add(String.format(Locale.ROOT, "| %d | %.0f | %.0f | %.0f | %,.0f | %.2f |", step, millis,
							idle / 1024.0, ProcessTree.residentKilobytes(peer.handle()) / 1024.0, figures.perSecond(),
							figures.cost()));
					System.out.println(lines.getLast());
				}
			}
		}
		System.out.println();
		System.out.println("| servers | until all listen, ms | then resident MB | after the load, MB | messages/s | "
				+ "CPU us/message |");
		System.out.println("|--:|--:|--:|--:|--:|--:|");
		lines.forEach(System.out::println);
	}

	private static void requireEcho(Figures figures) {
		if (figures.wrong() > 0) {
			throw new IllegalStateException("not what was sent: " + figures);
		}
	}

}
