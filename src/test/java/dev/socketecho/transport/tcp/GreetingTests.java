package dev.socketecho.transport.tcp;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.ServerMode;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.traffic.TcpConnectionInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.net.ssl.SSLSocket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code greeting}: the text that a TCP server sends first.
 */
class GreetingTests {

	private static final String GREETING = "220 tëst ready\r\n";

	private static final int LENGTH = GREETING.getBytes(StandardCharsets.UTF_8).length;

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "AUTO", "NIO" })
	void comesFirstAsItIsAndCountsAsBytes(TransportType transport) {
		try (TestServer server = start(Framing.LENGTH_2, (spec) -> spec.transport = transport);
				TestClient client = server.connect()) {
			assertThat(utf8(client.readBytes(LENGTH))).isEqualTo(GREETING);
			assertThat(server.recorder.bytesSent).hasValue(LENGTH);
			assertThat(server.recorder.messagesSent).hasValue(0);
			assertThat(client.send("\u0000\u0002hi").read(4)).isEqualTo("\u0000\u0002hi");
			TcpConnectionInfo info = server.factory.connections().getFirst().info();
			assertThat(info.bytesOut()).isEqualTo(LENGTH + 4);
			assertThat(info.messagesOut()).isEqualTo(1);
			assertThat(server.recorder.bytesSent).hasValue(LENGTH + 4);
		}
	}

	@Test
	void precedesTheAnswerToWhatWasSentAtOnceAndIsThereAfterAHalfClose() {
		try (TestServer server = start(Framing.LINE, (_) -> {
		}); TestClient client = server.connect()) {
			client.send("hello\n").halfClose();
			assertThat(utf8(client.readBytesToEnd())).isEqualTo(GREETING + "hello\n");
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void isSentByAServerThatAnswersNothing() {
		try (TestServer server = start(Framing.LINE, (spec) -> spec.mode = ServerMode.COLLECT);
				TestClient client = server.connect()) {
			client.send("hello\n").halfClose();
			assertThat(utf8(client.readBytesToEnd())).isEqualTo(GREETING);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void comesAfterTheHandshake(String protocol) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE);
		try (TestServer server = start(Framing.LINE, (spec) -> spec.tls = tls);
				Socket plain = new Socket("127.0.0.1", server.factory.getPort());
				SSLSocket client = (SSLSocket) certificates.clientContext(null)
					.getSocketFactory()
					.createSocket(plain, "127.0.0.1", server.factory.getPort(), true)) {
			plain.setSoTimeout(20_000);
			client.setEnabledProtocols(new String[] { protocol });
			client.startHandshake();
			assertThat(utf8(client.getInputStream().readNBytes(LENGTH))).isEqualTo(GREETING);
			assertThat(server.recorder.bytesSent).hasValue(LENGTH);
			client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(utf8(client.getInputStream().readNBytes(6))).isEqualTo("hello\n");
		}
	}

	@Test
	void isNotSentIfTheHandshakeFails() throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE);
		try (TestServer server = start(Framing.LINE, (spec) -> spec.tls = tls); TestClient client = server.connect()) {
			client.send("not TLS, but long enough for a record\r\n").awaitEnd();
			client.leave();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !server.recorder.closed.isEmpty());
			assertThat(server.recorder.closed).containsExactly(CloseReason.TLS_HANDSHAKE_FAILED);
			assertThat(server.recorder.bytesSent).hasValue(0);
		}
	}

	@Test
	void comesAfterTheProxyHeaderOnly() {
		try (TestServer server = start(Framing.LINE, (spec) -> spec.proxyProtocol = true);
				TestClient client = server.connect();
				TestClient malformed = server.connect()) {
			assertThat(malformed.send("hello\r\n").read(1)).isEmpty();
			assertThat(server.recorder.bytesSent).hasValue(0);
			client.send(ProxyHeaders.v1("PROXY TCP4 192.0.2.1 198.51.100.2 5555 7007"));
			assertThat(utf8(client.readBytes(LENGTH))).isEqualTo(GREETING);
			assertThat(client.send("hello\n").read(6)).isEqualTo("hello\n");
		}
	}

	@Test
	void isNotForThoseWhoMayNotConnect() {
		SourceFilter others = new SourceFilter(List.of(CidrBlock.of("192.0.2.0/24")), List.of());
		try (TestServer server = start(Framing.LINE, (spec) -> spec.sources = others);
				TestClient client = server.connect()) {
			client.awaitEnd();
			assertThat(server.recorder.bytesSent).hasValue(0);
		}
	}

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "AUTO", "NIO" })
	void reachesPeersWholeThatReadLateAndHoldsTheirInput(TransportType transport) {
		String large = "0123456789abcdef".repeat(1024 * 1024);
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = transport;
			spec.greeting = large;
			spec.maxPendingBytes = 64 * 1024;
		}); TestClient first = slow(server); TestClient second = slow(server)) {
			first.send("hello\n");
			second.send("hello\n");
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> server.recorder.bytesSent.get() >= 2L * large.length());
			// It is not read from while the greeting is in its queue.
			assertThat(server.recorder.bytesReceived).hasValue(0);
			for (TestClient client : List.of(first, second)) {
				assertThat(client.read(large.length())).isEqualTo(large);
				assertThat(client.read(6)).isEqualTo("hello\n");
			}
		}
	}

	@Test
	void drainWaitsUntilItIsRead() {
		String large = "0123456789abcdef".repeat(256 * 1024);
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.greeting = large);
				TestClient client = slow(server)) {
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> server.factory.activeConnections() == 1);
			ConnectionDrain drain = server.factory.drain();
			assertThat(client.readBytesToEnd()).hasSize(large.length());
			client.leave();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> drain.done().isDone());
			assertThat(drain.endedInOrder()).isEqualTo(1);
		}
	}

	@Test
	void countsInTheIdleTimeoutLikeAnySentBytes() {
		try (TestServer server = start(Framing.LINE, (spec) -> spec.idleTimeout = Duration.ofMillis(300));
				TestClient client = server.connect()) {
			assertThat(utf8(client.readBytes(LENGTH))).isEqualTo(GREETING);
			client.awaitEnd();
			server.awaitClosed(CloseReason.IDLE_TIMEOUT);
		}
	}

	@Test
	void emptyOneIsNone() {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.greeting = "");
				TestClient client = server.connect()) {
			assertThat(client.send("hello\n").read(6)).isEqualTo("hello\n");
			assertThat(server.recorder.errors).isEmpty();
			assertThat(server.recorder.bytesSent).hasValue(6);
		}
	}

	private static TestServer start(Framing framing, Consumer<TestServer.Spec> changes) {
		return TestServer.start(framing, (spec) -> {
			spec.greeting = GREETING;
			changes.accept(spec);
		});
	}

	private static TestClient slow(TestServer server) {
		return new TestClient("127.0.0.1", server.factory.getPort(), null, 4096);
	}

	private static String utf8(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
