package dev.socketecho.transport.tcp;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.ServerMode;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import javax.net.ssl.SSLSocket;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code mode: identify} on TCP servers.
 */
class IdentifyTests {

	private static final int TIMEOUT_MILLIS = 20_000;

	@Test
	void tellsInThisOrderWhoHasAnsweredAndHow() {
		InstanceIdentity identity = new InstanceIdentity("host-1", Map.of("pod", "echo-0"));
		try (TestServer server = start(Framing.LINE, (spec) -> spec.identity = identity);
				TestClient client = server.connect()) {
			Instant before = Instant.now();
			Map<String, Object> answer = json(line(client.send("hello\r\n")));
			NettyTcpConnection connection = server.factory.connections().getFirst();
			assertThat(answer.keySet()).containsExactly("server", "transport", "hostname", "instance", "local",
					"source", "connection", "sequence", "received", "time");
			assertThat(answer).containsEntry("server", "test")
				.containsEntry("transport", "tcp")
				.containsEntry("hostname", "host-1")
				.containsEntry("instance", Map.of("pod", "echo-0"))
				.containsEntry("local", "127.0.0.1:" + server.factory.getPort())
				.containsEntry("source", "127.0.0.1:" + connection.info().source().getPort())
				.containsEntry("connection", connection.getConnectionId())
				.containsEntry("sequence", 0)
				.containsEntry("received", 5);
			assertThat(answer.get("time").toString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
			assertThat(Instant.parse(answer.get("time").toString())).isBetween(before.minusMillis(1), Instant.now());
		}
	}

	@ParameterizedTest
	@EnumSource(value = Framing.class, names = "WEBSOCKET", mode = EnumSource.Mode.EXCLUDE)
	void answersInTheServersFraming(Framing framing) {
		try (TestServer server = start(framing, (_) -> {
		}); TestClient client = server.connect()) {
			client.send(frame(framing, "hello"));
			if (framing == Framing.UNTIL_CLOSE) {
				client.halfClose();
			}
			byte[] answer = readFrame(client, framing);
			assertThat(json(new String(answer, StandardCharsets.UTF_8))).containsEntry("received", 5)
				.containsEntry("sequence", 0);
		}
	}

	@Test
	void answersEachOfManyFramesOfOneReadAndCountsExactly() {
		int messages = 500;
		try (TestServer server = start(Framing.LINE, (_) -> {
		}); TestClient client = server.connect()) {
			client.send("x\n".repeat(messages)).halfClose();
			String all = client.readToEnd();
			List<String> lines = all.lines().toList();
			assertThat(lines).hasSize(messages);
			for (int i = 0; i < messages; i++) {
				assertThat(json(lines.get(i))).containsEntry("sequence", i).containsEntry("received", 1);
			}
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesReceived).hasValue(2 * messages);
			assertThat(server.recorder.messagesReceived).hasValue(messages);
			assertThat(server.recorder.bytesSent).hasValue(all.length());
			assertThat(server.recorder.messagesSent).hasValue(messages);
		}
	}

	@Test
	void eachConnectionCountsFromZero() {
		try (TestServer server = start(Framing.LINE, (_) -> {
		}); TestClient first = server.connect(); TestClient second = server.connect()) {
			assertThat(json(line(first.send("a\n")))).containsEntry("sequence", 0);
			assertThat(json(line(first.send("b\n")))).containsEntry("sequence", 1);
			assertThat(json(line(second.send("c\n")))).containsEntry("sequence", 0);
		}
	}

	@ParameterizedTest
	@CsvSource({ "LINE, rest, 4", "CRLF, rest, 4", "LENGTH_2, 'AB', 0", "STX_ETX, '\u0002rest', 4" })
	void answersTheIncompleteRestAsAnEchoDoes(Framing framing, String sent, int received) {
		try (TestServer server = start(framing, (_) -> {
		}); TestClient client = server.connect()) {
			client.send(sent).halfClose();
			assertThat(json(new String(readFrame(client, framing), StandardCharsets.UTF_8))).containsEntry("received",
					received);
		}
	}

	@Test
	void closesAfterOneAnswerWhereThatWasAgreed() {
		try (TestServer server = start(Framing.LINE, (spec) -> spec.closeAfterReply = true);
				TestClient client = server.connect()) {
			assertThat(client.send("a\nb\n").readToEnd().lines()).hasSize(1);
			client.leave();
			server.awaitClosed(CloseReason.REPLY_COMPLETE);
		}
	}

	@Test
	void namesTheSourceOfTheProxyHeaderAndTheProxy() {
		try (TestServer server = start(Framing.LINE, (spec) -> spec.proxyProtocol = true);
				TestClient client = server.connect()) {
			client.send(ProxyHeaders.v1("PROXY TCP6 2001:db8::1 2001:db8::2 5555 7007"));
			Map<String, Object> answer = json(line(client.send("hello\n")));
			assertThat(answer).containsEntry("source", "[2001:db8::1]:5555")
				.containsEntry("local", "127.0.0.1:" + server.factory.getPort());
			assertThat(answer.get("proxiedBy").toString()).startsWith("127.0.0.1:");
			assertThat(answer.keySet()).containsSubsequence("source", "proxiedBy", "connection");
		}
	}

	@Test
	void namesNoProxyWhereItsHeaderNamesNoSource() {
		try (TestServer server = start(Framing.LINE, (spec) -> spec.proxyProtocol = true);
				TestClient client = server.connect()) {
			client.send(ProxyHeaders.v1("PROXY UNKNOWN"));
			assertThat(json(line(client.send("hello\n")))).doesNotContainKey("proxiedBy");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.3, false", "TLSv1.3, true", "TLSv1.2, true" })
	void tellsAboutTls(String protocol, boolean withCertificate) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		// Quotes, a backslash and a control character
		X509Bundle named = new CertificateBuilder().ecp256()
			.subject("CN=a \\\"b\\\" \\\\ \\07 c")
			.buildIssuedBy(certificates.authority);
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.WANT);
		try (TestServer server = start(Framing.LINE, (spec) -> spec.tls = tls);
				Socket plain = new Socket("127.0.0.1", server.factory.getPort());
				SSLSocket client = (SSLSocket) certificates.clientContext(withCertificate ? named : null)
					.getSocketFactory()
					.createSocket(plain, "127.0.0.1", server.factory.getPort(), true)) {
			plain.setSoTimeout(TIMEOUT_MILLIS);
			client.setEnabledProtocols(new String[] { protocol });
			client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))
				.readLine();
			Map<?, ?> described = (Map<?, ?>) json(answer).get("tls");
			assertThat(described.get("protocol")).isEqualTo(protocol);
			assertThat(described.get("cipher")).isEqualTo(client.getSession().getCipherSuite());
			assertThat(described.get("peer"))
				.isEqualTo(withCertificate ? named.getCertificate().getSubjectX500Principal().getName() : null);
			assertThat(described.containsKey("peer")).isEqualTo(withCertificate);
		}
	}

	@Test
	void escapesWhatWouldEndAStringALineOrAMessage() {
		Map<String, String> values = Map.of("a \"name\"\n",
				"\u0000\u0002\u0003\r\n\t\"\\/\u007f\u2028 <EOF ü \uD83D\uDE00");
		InstanceIdentity identity = new InstanceIdentity("h\"\u001b[31m", values);
		for (Framing framing : List.of(Framing.LINE, Framing.NUL, Framing.STX_ETX, Framing.DELIMITER)) {
			try (TestServer server = start(framing, (spec) -> spec.identity = identity);
					TestClient client = server.connect()) {
				client.send(frame(framing, "hello"));
				String answer = new String(readFrame(client, framing), StandardCharsets.UTF_8);
				assertThat(answer).doesNotContainPattern("[\\x00-\\x1f\\x7f]");
				assertThat(json(answer)).containsEntry("instance", values)
					.containsEntry("hostname", identity.hostname());
			}
		}
	}

	@Test
	void closesWhereTheAnswerIsTooLong() {
		try (TestServer server = start(Framing.LENGTH_1,
				(spec) -> spec.identity = new InstanceIdentity("host", Map.of("a", "x".repeat(200))));
				TestClient client = server.connect()) {
			assertThat(client.send(frame(Framing.LENGTH_1, "hello")).readBytesToEnd()).isEmpty();
			client.leave();
			server.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
			assertThat(server.recorder.messagesReceived).hasValue(1);
			assertThat(server.recorder.bytesSent).hasValue(0);
		}
	}

	@Test
	void closesWhereTheAnswerHasTheDelimiter() {
		try (TestServer server = start(Framing.DELIMITER, (spec) -> spec.delimiter = "127.0.0.1:");
				TestClient client = server.connect()) {
			assertThat(client.send("hello127.0.0.1:").readBytesToEnd()).isEmpty();
			client.leave();
			server.awaitClosed(CloseReason.ERROR, SocketError.UNKNOWN);
			assertThat(server.recorder.bytesSent).hasValue(0);
		}
	}

	@Test
	void answersALargeMessageThatComesInManyReads() {
		try (TestServer server = start(Framing.LINE, (_) -> {
		}); TestClient client = server.connect()) {
			assertThat(json(line(client.send("x".repeat(900_000) + "\n")))).containsEntry("received", 900_000)
				.containsEntry("sequence", 0);
		}
	}

	@Test
	void drainAnswersWhatIsInTheSocket() {
		try (TestServer server = start(Framing.LINE, (_) -> {
		}); TestClient client = server.connect()) {
			line(client.send("a\n"));
			client.send("b\n");
			ConnectionDrain drain = server.factory.drain();
			assertThat(json(client.readToEnd())).containsEntry("sequence", 1);
			client.leave();
			drain.done().orTimeout(Duration.ofSeconds(20).toSeconds(), TimeUnit.SECONDS).join();
			server.awaitClosed(CloseReason.SHUTDOWN);
		}
	}

	private static TestServer start(Framing framing, Consumer<TestServer.Spec> changes) {
		return TestServer.start(framing, (spec) -> {
			spec.mode = ServerMode.IDENTIFY;
			spec.burst = false;
			changes.accept(spec);
		});
	}

	private static Map<String, Object> json(@Nullable String text) {
		assertThat(text).isNotNull().startsWith("{").hasSizeGreaterThan(2);
		return JsonParserFactory.getJsonParser().parseMap(text);
	}

	private static String line(TestClient client) {
		return new String(readUntil(client, "\n"), StandardCharsets.UTF_8);
	}

	private static byte[] frame(Framing framing, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		return switch (framing) {
			case NONE, UNTIL_CLOSE, WEBSOCKET -> bytes;
			case LINE, LF -> (text + "\n").getBytes(StandardCharsets.US_ASCII);
			case CRLF -> (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
			case NUL -> (text + "\0").getBytes(StandardCharsets.US_ASCII);
			case STX_ETX -> ("\u0002" + text + "\u0003").getBytes(StandardCharsets.US_ASCII);
			case DELIMITER -> (text + "<EOF>").getBytes(StandardCharsets.US_ASCII);
			case LENGTH_1 -> ByteBuffer.allocate(1 + bytes.length).put((byte) bytes.length).put(bytes).array();
			case LENGTH_2 -> ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
			case LENGTH_4 -> ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
		};
	}

	/**
	 * Reads one answer, and returns what is in its frame.
	 */
	private static byte[] readFrame(TestClient client, Framing framing) {
		return switch (framing) {
			case NONE, LINE, LF -> readUntil(client, "\n");
			case CRLF -> readUntil(client, "\r\n");
			case NUL -> readUntil(client, "\0");
			case DELIMITER -> readUntil(client, "<EOF>");
			case STX_ETX -> {
				assertThat(client.readBytes(1)).containsExactly(2);
				yield readUntil(client, "\u0003");
			}
			case LENGTH_1 -> client.readBytes(client.readBytes(1)[0] & 0xff);
			case LENGTH_2 -> client.readBytes(ByteBuffer.wrap(client.readBytes(2)).getShort() & 0xffff);
			case LENGTH_4 -> client.readBytes(ByteBuffer.wrap(client.readBytes(4)).getInt());
			case UNTIL_CLOSE, WEBSOCKET -> client.readBytesToEnd();
		};
	}

	/**
	 * Reads up to a terminator, and returns what is before it.
	 */
	private static byte[] readUntil(TestClient client, String end) {
		StringBuilder text = new StringBuilder();
		while (!text.toString().endsWith(end)) {
			String next = client.read(1);
			assertThat(next).as("after %s", text).isNotEmpty();
			text.append(next);
		}
		return text.substring(0, text.length() - end.length()).getBytes(StandardCharsets.ISO_8859_1);
	}

}
