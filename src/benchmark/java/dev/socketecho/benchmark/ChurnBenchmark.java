package dev.socketecho.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * Connections per second that are opened, carry one message and are closed by the client.
 * Times are those from the beginning of a connection to its complete echo.
 */
final class ChurnBenchmark {

	/** What {@code churn.c} sends. */
	private static final Load LOAD = new Load(64, 64, 1);

	private ChurnBenchmark() {
	}

	static void run() throws Exception {
		ClientProgram client = ClientProgram.compile("churn.c");
		if (client == null) {
			return;
		}
		try (Servers servers = Servers.start(List.of(Peers.floor(), Subject.plain(), Peers.netty(), Peers.vertx(),
				Peers.go(), Peers.stock("net")))) {
			List<Row> rows = new ArrayList<>();
			servers.forEach((peer, framing) -> rows.add(
					new Row(LOAD, peer, framing, (seconds) -> client.run(peer, framing, LOAD.connections(), seconds))));
			Rounds.run(rows);
			Table.print(rows, "connection", servers.missing());
		}
	}

}
