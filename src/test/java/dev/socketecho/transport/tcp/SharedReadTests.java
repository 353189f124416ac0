package dev.socketecho.transport.tcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of connections that read into the same buffer, one after the other.
 */
class SharedReadTests {

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void keepsIncompleteMessagesOfConnectionsApart(TransportType transport) {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.transport = transport)) {
			List<TestClient> clients = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				clients.add(server.connect());
			}
			for (int part = 0; part < 20; part++) {
				for (int i = 0; i < clients.size(); i++) {
					clients.get(i).send("%d-%02d ".formatted(i, part));
				}
			}
			for (int i = 0; i < clients.size(); i++) {
				StringBuilder line = new StringBuilder();
				for (int part = 0; part < 20; part++) {
					line.append("%d-%02d ".formatted(i, part));
				}
				assertThat(clients.get(i).send("\n").read(line.length() + 1)).isEqualTo(line + "\n");
			}
			clients.forEach(TestClient::close);
		}
	}

	@ParameterizedTest
	@CsvSource({ "NONE, 100", "NONE, 65536", "LINE, 100", "LINE, 65536", "LINE, 300000" })
	void keepsAnswersOfPeersThatReadLateApart(Framing framing, int size) throws InterruptedException {
		int connections = 8;
		int total = 6_000_000;
		try (TestServer server = TestServer.start(framing, (spec) -> spec.maxMessageSize = size)) {
			List<TestClient> clients = new ArrayList<>();
			for (int i = 0; i < connections; i++) {
				clients.add(server.connect());
			}
			List<Thread> senders = new ArrayList<>();
			for (int i = 0; i < connections; i++) {
				TestClient client = clients.get(i);
				byte[] data = messages(i, size, total);
				senders.add(Thread.startVirtualThread(() -> client.send(data).halfClose()));
			}
			for (int i = connections - 1; i >= 0; i--) {
				byte[] back = clients.get(i).readBytesToEnd();
				assertThat(Arrays.equals(back, messages(i, size, total))).as("echo on connection %d", i).isTrue();
			}
			clients.forEach(TestClient::close);
			for (Thread sender : senders) {
				assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
			}
		}
	}

	private static byte[] messages(int connection, int size, int total) {
		Random random = new Random(connection);
		byte[] data = new byte[total / size * size];
		byte[] letters = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
		for (int i = 0; i < data.length; i++) {
			data[i] = (i % size == size - 1) ? (byte) '\n' : letters[random.nextInt(letters.length)];
		}
		return data;
	}

}
