package dev.socketecho.actuate;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.socketecho.app.EchoClient;
import dev.socketecho.app.EchoService;
import dev.socketecho.app.EchoServiceTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code /actuator/connections}.
 */
@EchoServiceTest
class ConnectionsEndpointIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final EchoService service;

	@Autowired
	ConnectionsEndpointIT(EchoService service) {
		this.service = service;
	}

	@Test
	void listsConnectionWithSourceTrafficAndAge() throws IOException {
		Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		try (EchoClient client = this.service.connect("line")) {
			client.exchange("a\nbc\n");
			Map<String, Object> connection = connection("connections", client);
			assertThat(connection).containsEntry("server", "line")
				.containsEntry("source", "127.0.0.1:" + client.localPort())
				.containsEntry("bytesReceived", 5)
				.containsEntry("bytesSent", 5)
				.containsEntry("messagesReceived", 2)
				.containsEntry("messagesSent", 2);
			assertThat(connection.get("id")).asString().isNotEmpty();
			assertThat(Instant.parse((String) connection.get("opened"))).isBetween(before, Instant.now());
			assertThat(Duration.parse((String) connection.get("idle"))).isBetween(Duration.ZERO, TIMEOUT);
		}
	}

	@Test
	void forgetsConnectionThatHasEnded() throws IOException {
		int port;
		try (EchoClient client = this.service.connect("line")) {
			client.exchange("here\n");
			port = client.localPort();
			assertThat(sources("connections")).contains("127.0.0.1:" + port);
		}
		Awaitility.await().atMost(TIMEOUT).until(() -> !sources("connections").contains("127.0.0.1:" + port));
	}

	@Test
	void listsTheConnectionsOfOneServer() throws IOException {
		try (EchoClient line = this.service.connect("line"); EchoClient stream = this.service.connect("stream")) {
			line.exchange("line\n");
			stream.exchange("stream");
			assertThat(sources("connections?server=line")).contains("127.0.0.1:" + line.localPort())
				.doesNotContain("127.0.0.1:" + stream.localPort());
			assertThat(this.service.actuator().<List<String>>json("connections?server=line", "$.connections[*].server"))
				.containsOnly("line");
		}
	}

	@Test
	void listsTheOldestFirst() throws IOException {
		List<EchoClient> clients = new ArrayList<>();
		List<String> expected = new ArrayList<>();
		try {
			for (int i = 0; i < 3; i++) {
				EchoClient client = this.service.connect("line");
				clients.add(client);
				// Of connections that come at once, another event loop may begin with the
				// later one
				client.exchange("here\n");
				expected.add("127.0.0.1:" + client.localPort());
			}
			assertThat(sources("connections?server=line")).containsSubsequence(expected);
		}
		finally {
			for (EchoClient client : clients) {
				client.close();
			}
		}
	}

	@Test
	void listsNoMoreThanTheLimitAndCountsAll() throws IOException {
		try (EchoClient first = this.service.connect("stream"); EchoClient second = this.service.connect("stream")) {
			first.exchange("1");
			second.exchange("2");
			assertThat(sources("connections?server=stream&limit=1")).hasSize(1);
			assertThat(sources("connections?limit=0")).isEmpty();
			assertThat(this.service.actuator().<Integer>json("connections?server=stream&limit=1", "$.total"))
				.isGreaterThanOrEqualTo(2);
		}
	}

	@Test
	void answers404ForAServerThatIsNotThere() {
		assertThat(this.service.actuator().get("connections?server=no-such-server").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "many", "1.5", "99999999999" })
	void answers400ForALimitThatIsNone(String limit) {
		assertThat(this.service.actuator().get("connections?limit=" + limit).statusCode()).isEqualTo(400);
	}

	@Test
	void deleteClosesTheConnectionInOrderWithReasonOperator() throws IOException {
		try (EchoClient client = this.service.connect("stream"); EchoClient other = this.service.connect("stream")) {
			client.exchange("mine");
			other.exchange("other");
			double before = closedByOperator();
			String id = (String) connection("connections", client).get("id");
			assertThat(this.service.actuator().delete("connections/" + id).statusCode()).isEqualTo(204);
			assertThat(client.readToEnd()).isEmpty();
			client.halfClose();
			Awaitility.await()
				.atMost(TIMEOUT)
				.untilAsserted(() -> assertThat(closedByOperator()).isEqualTo(before + 1));
			assertThat(this.service.actuator().delete("connections/" + id).statusCode()).isEqualTo(404);
			assertThat(other.exchange("still open")).isEqualTo("still open");
		}
	}

	@Test
	void deleteAnswers404ForAConnectionThatIsNotThere() {
		assertThat(this.service.actuator().delete("connections/no-such-id").statusCode()).isEqualTo(404);
	}

	private double closedByOperator() {
		return this.service.actuator().scrape().value("echo_connections_closed_total", "stream", "reason=\"operator\"");
	}

	private List<String> sources(String path) {
		return this.service.actuator().json(path, "$.connections[*].source");
	}

	private Map<String, Object> connection(String path, EchoClient client) {
		List<Map<String, Object>> found = this.service.actuator()
			.json(path, "$.connections[?(@.source == '127.0.0.1:" + client.localPort() + "')]");
		assertThat(found).hasSize(1);
		return found.getFirst();
	}

}
