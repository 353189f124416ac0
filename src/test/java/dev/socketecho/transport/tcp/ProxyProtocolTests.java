package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.tcp.settings.ConnectionLimits;
import dev.socketecho.transport.tcp.traffic.TcpConnectionInfo;
import io.netty.util.NetUtil;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import javax.net.ssl.SSLSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests of TCP servers behind the PROXY protocol.
 */
@SuppressWarnings("try") // closing is part of what is tested
@Execution(ExecutionMode.CONCURRENT)
class ProxyProtocolTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@ParameterizedTest
	@MethodSource("headers")
	void namesTheSource(byte[] header, String source) throws IOException {
		try (TestServer server = start((_) -> {
		}); Socket client = connect(server)) {
			client.getOutputStream().write(header);
			exchange(client, "hello");
			assertThat(NetUtil.toSocketAddressString(server.factory.connections().getFirst().info().source()))
				.isEqualTo(source);
			client.shutdownOutput();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesReceived).hasValue("hello".length());
		}
	}

	static Stream<Arguments> headers() {
		return Stream.of(Arguments.of(ProxyHeaders.v1("PROXY TCP4 192.0.2.1 198.51.100.2 5555 7007"), "192.0.2.1:5555"),
				Arguments.of(ProxyHeaders.v1("PROXY TCP6 2001:db8::1 2001:db8::2 5555 7007"), "[2001:db8::1]:5555"),
				Arguments.of(ProxyHeaders
					.v1("PROXY TCP6 2001:0db8:1111:2222:3333:4444:5555:6666 2001:0db8:1111:2222:3333:4444:5555:7777 65535 65535"),
						"[2001:db8:1111:2222:3333:4444:5555:6666]:65535"),
				Arguments.of(ProxyHeaders.v2("192.0.2.1", 5555), "192.0.2.1:5555"),
				Arguments.of(ProxyHeaders.v2("2001:db8::1", 5555), "[2001:db8::1]:5555"),
				Arguments.of(ProxyHeaders.v2("192.0.2.1", 5555, new byte[] { 3, 0, 4, 1, 2, 3, 4 }), "192.0.2.1:5555"),
				Arguments.of(ProxyHeaders.v2("192.0.2.1", 5555, new byte[] { 0x20, 0, 1, 9, 9 }), "192.0.2.1:5555"),
				Arguments.of(ProxyHeaders.v2("192.0.2.1", 5555, new byte[3000]), "192.0.2.1:5555"));
	}

	@ParameterizedTest
	@MethodSource("headersWithoutSource")
	void keepsTheSocketsOwnAddress(byte[] header) throws IOException {
		try (TestServer server = start((_) -> {
		}); Socket client = connect(server)) {
			client.getOutputStream().write(header);
			exchange(client, "hello");
			assertThat(server.factory.connections().getFirst().info().source())
				.isEqualTo(client.getLocalSocketAddress());
		}
	}

	static Stream<byte[]> headersWithoutSource() {
		return Stream.of(ProxyHeaders.v1("PROXY UNKNOWN"),
				ProxyHeaders.v1("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"),
				ProxyHeaders.v2(0x20, 0, new byte[0]), ProxyHeaders.v2(0x20, 0x11, new byte[12]),
				ProxyHeaders.v2(0x21, 0, new byte[7]), ProxyHeaders.v2(0x21, 0x31, new byte[216]));
	}

	@Test
	void takesAHeaderInPiecesAndInOneSegmentWithThePayload() throws IOException {
		for (byte[] header : List.of(ProxyHeaders.v1("PROXY TCP4 192.0.2.1 198.51.100.2 5555 7007"),
				ProxyHeaders.v2("192.0.2.1", 5555, (byte) 4, (byte) 0, (byte) 1, (byte) 0))) {
			try (TestServer server = start((_) -> {
			}); Socket pieces = connect(server); Socket whole = connect(server)) {
				pieces.setTcpNoDelay(true);
				for (byte piece : header) {
					pieces.getOutputStream().write(piece);
				}
				exchange(pieces, "in pieces");
				byte[] all = new byte[header.length + 5];
				System.arraycopy(header, 0, all, 0, header.length);
				System.arraycopy("whole".getBytes(StandardCharsets.US_ASCII), 0, all, header.length, 5);
				whole.getOutputStream().write(all);
				assertThat(whole.getInputStream().readNBytes(5)).asString().isEqualTo("whole");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void closesOnWhatIsNoHeader(byte[] bytes) throws IOException {
		try (TestServer server = start((_) -> {
		}); Socket client = connect(server)) {
			client.getOutputStream().write(bytes);
			awaitEnd(client);
			server.awaitClosed(CloseReason.PROXY_PROTOCOL, SocketError.PROTOCOL_ERROR);
			assertThat(server.recorder.bytesReceived).hasValue(0);
		}
	}

	static Stream<byte[]> malformed() {
		return Stream.of("h".getBytes(StandardCharsets.US_ASCII), ProxyHeaders.v1("GET / HTTP/1.1"),
				ProxyHeaders.v1("PROXY TCP4"), ProxyHeaders.v1("PROXY TCP4 192.0.2.1 198.51.100.2 5555"),
				ProxyHeaders.v1("PROXY TCP4 192.0.2.256 198.51.100.2 5555 7007"),
				ProxyHeaders.v1("PROXY TCP4 192.0.2.1 198.51.100.2 65536 7007"),
				ProxyHeaders.v1("PROXY TCP4 2001:db8::1 2001:db8::2 5555 7007"),
				ProxyHeaders.v1("PROXY UDP4 192.0.2.1 198.51.100.2 5555 7007"),
				ProxyHeaders
					.v1("PROXY TCP4 192.0.2.1 198.51.100.2 65536 7007\r\nPROXY UNKNOWN\r\na right one too late"),
				"PROXY UNKNOWN with a bare line feed\n".getBytes(StandardCharsets.US_ASCII),
				ProxyHeaders.v1("PROXY UNKNOWN " + "x".repeat(92)),
				("PROXY UNKNOWN " + "x".repeat(200)).getBytes(StandardCharsets.US_ASCII),
				ProxyHeaders.v2(0x11, 0x11, new byte[12]), ProxyHeaders.v2(0x22, 0x11, new byte[12]),
				ProxyHeaders.v2(0x21, 0x11, new byte[11]), ProxyHeaders.v2(0x21, 0x21, new byte[35]),
				ProxyHeaders.v2(0x21, 0x41, new byte[12]));
	}

	@Test
	void closesAClientThatSaysNothingInTime() throws IOException {
		try (TestServer server = start((_) -> {
		}); Socket client = connect(server)) {
			client.getOutputStream().write("PROX".getBytes(StandardCharsets.US_ASCII));
			awaitEnd(client);
			server.awaitClosed(CloseReason.PROXY_PROTOCOL, SocketError.PROTOCOL_ERROR);
		}
	}

	@Test
	void takesNoOffenceAtAProxyThatOnlyLooksWhetherThePortIsOpen() throws IOException {
		try (TestServer server = start((_) -> {
		})) {
			connect(server).close();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void limitsTheConnectionsOfTheNamedSource() throws IOException {
		try (TestServer server = start((spec) -> spec.limits = new ConnectionLimits(0, 1, 0));
				Socket first = connect(server);
				Socket second = connect(server);
				Socket third = connect(server)) {
			first.getOutputStream().write(ProxyHeaders.v2("192.0.2.1", 1));
			exchange(first, "first");
			second.getOutputStream().write(ProxyHeaders.v2("::ffff:192.0.2.1", 2));
			awaitEnd(second);
			third.getOutputStream().write(ProxyHeaders.v2("192.0.2.3", 3));
			exchange(third, "third");
			assertThat(server.recorder.rejected).containsExactly(CloseReason.MAX_CONNECTIONS_PER_SOURCE);
			assertThat(server.recorder.opened).hasValue(2);
			first.close();
			Awaitility.await().atMost(TIMEOUT).until(() -> server.factory.activeConnections() == 1);
			try (Socket again = connect(server)) {
				again.getOutputStream().write(ProxyHeaders.v2("192.0.2.1", 4));
				exchange(again, "again");
			}
		}
	}

	@Test
	void countsConnectionsThatHaveNotNamedTheirSourceAmongTheMost() throws IOException {
		try (TestServer server = start((spec) -> spec.limits = new ConnectionLimits(1, 0, 0));
				Socket waiting = connect(server)) {
			waiting.getOutputStream().write('P');
			try (Socket second = connect(server)) {
				awaitEnd(second);
			}
			assertThat(server.recorder.rejected).containsExactly(CloseReason.MAX_CONNECTIONS);
			assertThat(server.recorder.opened).hasValue(0);
		}
	}

	@Test
	void listsAreForTheNamedSource() throws IOException {
		SourceFilter filter = new SourceFilter(List.of(), List.of(CidrBlock.of("192.0.2.0/24")));
		try (TestServer server = start((spec) -> spec.sources = filter);
				Socket denied = connect(server);
				Socket permitted = connect(server)) {
			denied.getOutputStream().write(ProxyHeaders.v1("PROXY TCP4 192.0.2.1 198.51.100.2 5555 7007"));
			awaitEnd(denied);
			permitted.getOutputStream().write(ProxyHeaders.v1("PROXY TCP4 198.51.100.1 198.51.100.2 5555 7007"));
			exchange(permitted, "hello");
			assertThat(server.recorder.rejected).containsExactly(CloseReason.DENIED);
			assertThat(server.recorder.opened).hasValue(1);
		}
	}

	@Test
	void comesBeforeTls() throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE);
		try (TestServer server = start((spec) -> spec.tls = tls); Socket socket = connect(server)) {
			socket.getOutputStream().write(ProxyHeaders.v2("192.0.2.1", 5555));
			try (SSLSocket client = (SSLSocket) certificates.clientContext(null)
				.getSocketFactory()
				.createSocket(socket, "localhost", 7007, true)) {
				exchange(client, "hello");
				TcpConnectionInfo info = server.factory.connections().getFirst().info();
				assertThat(info.source().getHostString()).isEqualTo("192.0.2.1");
				assertThat(info.tlsProtocol()).isEqualTo("TLSv1.3");
			}
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void connectionWithoutAPipelineIsClosed() throws IOException {
		ServerTls broken = mock(ServerTls.class);
		given(broken.newHandler(any(), any())).willThrow(new IllegalStateException("no engine"));
		try (TestServer server = start((spec) -> spec.tls = broken); Socket client = connect(server)) {
			client.getOutputStream().write(ProxyHeaders.v1("PROXY UNKNOWN"));
			awaitEnd(client);
			assertThat(server.factory.activeConnections()).isZero();
		}
	}

	@Test
	void stopEndsThoseThatWait() throws IOException {
		try (TestServer server = start((_) -> {
		}); Socket client = connect(server)) {
			client.getOutputStream().write('P');
			client.setTcpNoDelay(true);
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> {
				server.factory.stopAccepting();
				assertThat(server.recorder.closed).containsExactly(CloseReason.SHUTDOWN);
			});
			awaitEnd(client);
		}
	}

	private static TestServer start(Consumer<TestServer.Spec> changes) {
		return TestServer.start(Framing.NONE, (spec) -> {
			spec.proxyProtocol = true;
			changes.accept(spec);
		});
	}

	private static Socket connect(TestServer server) throws IOException {
		Socket socket = new Socket("127.0.0.1", server.factory.getPort());
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		return socket;
	}

	private static void exchange(Socket client, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		client.getOutputStream().write(bytes);
		assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
	}

	/**
	 * What is turned away may be reset.
	 */
	private static void awaitEnd(Socket client) throws IOException {
		try {
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
		catch (SocketException ex) {
			assertThat(ex).hasMessageContaining("reset");
		}
	}

}
