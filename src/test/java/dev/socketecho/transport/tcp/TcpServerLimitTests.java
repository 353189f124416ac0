package dev.socketecho.transport.tcp;

import java.util.ArrayList;
import java.util.List;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.settings.ConnectionLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the limits on connections, over real sockets.
 */
class TcpServerLimitTests {

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void turnsOneConnectionTooManyAwayUntilAnotherCloses(TransportType transport) {
		try (TestServer server = start(new ConnectionLimits(2, 0, 0), transport);
				TestClient first = open(server, "127.0.0.1");
				TestClient second = open(server, "127.0.0.1")) {
			assertTurnedAway(server, "127.0.0.1");
			assertThat(server.recorder.rejected).containsExactly(CloseReason.MAX_CONNECTIONS);
			first.leave();
			await().until(() -> server.factory.activeConnections() == 1);
			try (TestClient third = open(server, "127.0.0.1")) {
				assertTurnedAway(server, "127.0.0.1");
				assertThat(third.send("b\n").read(2)).isEqualTo("b\n");
			}
			assertThat(second.send("c\n").read(2)).isEqualTo("c\n");
			assertThat(server.recorder.rejected).containsExactly(CloseReason.MAX_CONNECTIONS,
					CloseReason.MAX_CONNECTIONS);
			assertThat(server.recorder.opened).hasValue(3);
		}
	}

	@Test
	void turnsOneConnectionTooManyOfOneSourceAwayUntilAnotherCloses() {
		try (TestServer server = start(new ConnectionLimits(0, 1, 0), TransportType.AUTO);
				TestClient first = open(server, "127.0.0.1");
				TestClient other = open(server, "127.0.0.2")) {
			assertTurnedAway(server, "127.0.0.1");
			assertTurnedAway(server, "127.0.0.2");
			assertThat(server.recorder.rejected).containsExactly(CloseReason.MAX_CONNECTIONS_PER_SOURCE,
					CloseReason.MAX_CONNECTIONS_PER_SOURCE);
			first.leave();
			await().until(() -> server.factory.activeConnections() == 1);
			open(server, "127.0.0.1").close();
			assertThat(other.send("c\n").read(2)).isEqualTo("c\n");
		}
	}

	@Test
	void turnsConnectionsOverTheAcceptRateAway() {
		int clients = 30;
		List<TestClient> all = new ArrayList<>();
		try (TestServer server = start(new ConnectionLimits(0, 0, 1), TransportType.AUTO)) {
			for (int i = 0; i < clients; i++) {
				all.add(server.connect());
			}
			await().until(() -> server.recorder.opened.get() + server.recorder.rejected.size() == clients);
			assertThat(server.recorder.opened.get()).isPositive();
			assertThat(server.recorder.rejected).isNotEmpty().containsOnly(CloseReason.ACCEPT_RATE);
		}
		finally {
			all.forEach(TestClient::close);
		}
	}

	private static TestServer start(ConnectionLimits limits, TransportType transport) {
		return TestServer.start(Framing.LINE, (spec) -> {
			spec.limits = limits;
			spec.transport = transport;
		});
	}

	private static TestClient open(TestServer server, String source) {
		TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), source, 0);
		assertThat(client.send("a\n").read(2)).isEqualTo("a\n");
		return client;
	}

	private static void assertTurnedAway(TestServer server, String source) {
		int before = server.recorder.rejected.size();
		try (TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), source, 0)) {
			client.awaitEnd();
		}
		await().until(() -> server.recorder.rejected.size() == before + 1);
	}

}
