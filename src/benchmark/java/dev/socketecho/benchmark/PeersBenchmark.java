package dev.socketecho.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures echo servers side by side, each in a process of its own, all with the same
 * client, which compares every byte that comes back. The table shows medians of the
 * rounds. "Of the first" compares with the first server of the same load that carries the
 * same messages: plain ones, WebSocket's, those in TLS, or datagrams. With
 * {@code taskset} and two processors or more, the client runs on the first and every
 * server on the second.
 */
final class PeersBenchmark {

	/** More connections are for servers that need no process or thread for each. */
	private static final int MANY = 64;

	private PeersBenchmark() {
	}

	static void run() throws Exception {
		try (Servers servers = Servers.start(Peers.all())) {
			List<Row> rows = new ArrayList<>();
			for (Load load : Benchmark.loads()) {
				servers.forEach((peer, framing) -> {
					if (!Protocol.of(framing).hasDatagrams() && takes(peer, framing, load)) {
						rows.add(new Row(load, peer, framing, (seconds) -> measure(peer, framing, load, seconds)));
					}
				});
			}
			rows.addAll(Datagrams.rows(servers));
			Rounds.run(rows);
			Table.print(rows, "message", servers.missing());
			if (rows.stream().anyMatch((row) -> row.isSubject() && !row.protocol().hasDatagrams() && row.wrong() > 0)) {
				throw new IllegalStateException(Subject.NAME + " does not echo what was sent");
			}
		}
	}

	private static boolean takes(RunningPeer peer, String framing, Load load) {
		return load.connections() <= MANY || (peer.peer().takesMany() && Protocol.of(framing) == Protocol.PLAIN);
	}

	private static Figures measure(RunningPeer peer, String framing, Load load, double seconds) throws IOException {
		try (ClosedLoop loop = new ClosedLoop(List.of(peer.port(framing)), load, Wire.of(framing, load))) {
			return loop.run(seconds, peer.cpuMeter());
		}
	}

}
