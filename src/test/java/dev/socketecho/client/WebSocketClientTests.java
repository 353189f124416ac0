package dev.socketecho.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.proxy.ProxyProtocol;
import dev.socketecho.transport.tcp.TestServer;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import dev.socketecho.transport.websocket.WebSocketClientOpening;
import dev.socketecho.transport.websocket.WebSocketPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.client.Outcomes.bytes;
import static dev.socketecho.client.Outcomes.error;
import static dev.socketecho.client.Outcomes.get;
import static dev.socketecho.client.Outcomes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * TCP clients with {@code framing: websocket}.
 */
class WebSocketClientTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Pattern KEY = Pattern.compile("sec-websocket-key: (\\S+)", Pattern.CASE_INSENSITIVE);

	@AutoClose
	private final TcpTestClients clients = new TcpTestClients();

	private final ClientRecording recording = this.clients.recording;

	/** The requests that the peer has received. */
	private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

	@ParameterizedTest
	@ValueSource(strings = { "AUTO", "NIO" })
	void theReplyIsTheNextMessage(TransportType transport) throws Exception {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.transport = transport)) {
			TcpEchoClient client = client(server.factory.getPort(), (_) -> {
			});
			for (String message : List.of("hello", "", "ü", "x".repeat(70_000))) {
				assertThat(text(client.send(bytes(message)))).isEqualTo(message);
			}
			byte[] binary = { (byte) 0xff, 0, (byte) 0xc3 };
			assertThat(get(client.send(binary)).message()).isEqualTo(binary);
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 500)
				.mapToObj((i) -> client.send(bytes("message " + i)))
				.toList();
			for (int i = 0; i < replies.size(); i++) {
				assertThat(text(replies.get(i))).isEqualTo("message " + i);
			}
			assertThat(this.recording.bytesReceived).hasValue(this.recording.bytesSent.get());
			assertThat(this.recording.messagesSent).hasValue(505);
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@Test
	void asksForThePathAndMasksTextAndBinary() throws Exception {
		BlockingQueue<WebSocketPeer.Frame> frames = new LinkedBlockingQueue<>();
		try (ClientPeer peer = peer((socket, accepted) -> {
			WebSocketPeer webSocket = new WebSocketPeer(socket);
			webSocket.send(accepted);
			for (WebSocketPeer.Frame frame = webSocket.read(); frame != null; frame = webSocket.read()) {
				frames.add(frame);
				if (frame.opcode() == WebSocketPeer.CLOSE) {
					break;
				}
				if (frame.opcode() == WebSocketPeer.PONG) {
					continue;
				}
				// Not masked, and in two fragments with a ping between them
				webSocket.sendBytes(new byte[] { (byte) frame.opcode(), 1, frame.payload()[0], (byte) 0x89, 0,
						(byte) 0x80, 1, frame.payload()[1] });
			}
		})) {
			TcpEchoClient client = client(peer.port(), (target) -> target.path = "/chat?a=%20b");
			assertThat(text(client.send(bytes("hi")))).isEqualTo("hi");
			assertThat(get(client.send(new byte[] { (byte) 0x80, 1 })).message()).hasSize(2);
			assertThat(this.requests.poll(20, TimeUnit.SECONDS)).startsWith("GET /chat?a=%20b HTTP/1.1\r\n")
				.containsIgnoringCase("\r\nhost: 127.0.0.1:" + peer.port() + "\r\n")
				.doesNotContainIgnoringCase("origin:");
			client.close();
			List<WebSocketPeer.Frame> received = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				received.add(frames.poll(20, TimeUnit.SECONDS));
			}
			assertThat(received).allMatch(WebSocketPeer.Frame::masked)
				.extracting(WebSocketPeer.Frame::opcode)
				.containsExactly(WebSocketPeer.TEXT, WebSocketPeer.PONG, WebSocketPeer.BINARY, WebSocketPeer.PONG,
						WebSocketPeer.CLOSE);
			assertThat(received.getLast().code()).isEqualTo(1000);
		}
	}

	@ParameterizedTest
	@CsvSource({ "example.org,80,false,example.org", "example.org,443,false,example.org:443",
			"a_b.example.org,443,true,a_b.example.org", "10.0.0.1,8080,true,10.0.0.1:8080", "::1,80,false,[::1]",
			"fe80::1%eth0,7007,false,[fe80::1]:7007" })
	void namesTheServer(String host, int port, boolean tls, String authority) {
		assertThat(WebSocketClientOpening.authority(host, port, tls)).isEqualTo(authority);
	}

	@Test
	void aRefusalIsAProtocolErrorWithTheStatus() throws Exception {
		try (ClientPeer peer = peer(
				(socket, _) -> write(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"))) {
			CompletableFuture<EchoReply> reply = client(peer.port(), (_) -> {
			}).send(bytes("x"));
			assertThat(error(reply)).isEqualTo(SocketError.PROTOCOL_ERROR);
			assertThatThrownBy(reply::join).hasMessageContaining("403 Forbidden");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 101 Switching Protocols\r\n\r\n", "no HTTP\r\n\r\n",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Accept: wrong\r\n\r\n" })
	void aBadAnswerIsAProtocolError(String answer) throws Exception {
		try (ClientPeer peer = peer((socket, _) -> write(socket, answer))) {
			assertThat(error(client(peer.port(), (_) -> {
			}).send(bytes("x")))).isEqualTo(SocketError.PROTOCOL_ERROR);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Sec-WebSocket-Extensions: permessage-deflate", "sec-websocket-extensions: x-unknown; a=b",
			"Sec-WebSocket-Protocol: connection refused" })
	void anAnswerWithWhatWasNotOfferedIsAProtocolError(String header) throws Exception {
		try (ClientPeer peer = peer((socket, accepted) -> {
			write(socket, accepted.replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n"));
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		})) {
			CompletableFuture<EchoReply> reply = client(peer.port(), (_) -> {
			}).send(bytes("x"));
			assertThat(error(reply)).isEqualTo(SocketError.PROTOCOL_ERROR);
			assertThatThrownBy(reply::join).hasMessageContaining("the answer has %s, but nothing was offered"
				.formatted(header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT)));
		}
	}

	@Test
	void anAnswerMayHaveAnEmptyHeader() throws Exception {
		try (ClientPeer peer = peer((socket, accepted) -> {
			write(socket, accepted.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: \r\n\r\n"));
			socket.getInputStream().read();
			write(socket, "\u0081\2hi");
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		})) {
			assertThat(text(client(peer.port(), (_) -> {
			}).send(bytes("hi")))).isEqualTo("hi");
		}
	}

	@Test
	void anEndWithoutAnswerIsAnAbortedConnection() throws Exception {
		try (ClientPeer peer = peer((_, _) -> {
		})) {
			assertThat(error(client(peer.port(), (_) -> {
			}).send(bytes("x")))).isEqualTo(SocketError.CONNECTION_ABORTED);
		}
	}

	@Test
	void theConnectTimeoutLimitsTheHandshake() throws Exception {
		try (ClientPeer peer = peer((socket, _) -> socket.getInputStream().read())) {
			assertThat(error(
					client(peer.port(), (target) -> target.connectTimeout = Duration.ofMillis(100)).send(bytes("x"))))
				.isEqualTo(SocketError.CONNECTION_TIMED_OUT);
		}
	}

	@Test
	void nobodyThereIsARefusedConnection() throws Exception {
		assertThat(error(client(ClosedPort.hold(), (_) -> {
		}).send(bytes("x")))).isEqualTo(SocketError.CONNECTION_REFUSED);
	}

	@Test
	void badFramesAreAProtocolErrorAndLongOnesTooLong() throws Exception {
		for (String frame : List.of("\u0083\0", "\u0081\u0081abcd", "\u0082\u007f\0\0\0\0\0\u0010\0\1")) {
			try (ClientPeer peer = peer((socket, accepted) -> {
				write(socket, accepted);
				socket.getInputStream().read();
				write(socket, frame);
				socket.getInputStream().transferTo(OutputStream.nullOutputStream());
			})) {
				assertThat(error(client(peer.port(), (_) -> {
				}).send(bytes("x"))))
					.isEqualTo(frame.startsWith("\u0082") ? SocketError.MESSAGE_TOO_LONG : SocketError.PROTOCOL_ERROR);
			}
		}
	}

	@Test
	void framesMayFollowTheAnswerAtOnce() throws Exception {
		try (ClientPeer peer = peer((socket, accepted) -> {
			write(socket, accepted + "\u0081\2hi");
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		})) {
			client(peer.port(), (_) -> {
			}).connect();
			// A message that nobody asked for
			await().untilAsserted(() -> assertThat(this.recording.errors).contains(SocketError.PROTOCOL_ERROR));
		}
	}

	@Test
	void oneMessagePerConnectionUntilTheServerCloses() throws Exception {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> {
			spec.closeAfterReply = true;
			spec.burst = false;
		})) {
			TcpEchoClient client = client(server.factory.getPort(), (target) -> target.closeAfterReply = true);
			assertThat(text(client.send(bytes("one")))).isEqualTo("one");
			assertThat(text(client.send(bytes("two")))).isEqualTo("two");
			assertThat(server.recorder.opened).hasValue(2);
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@Test
	void tlsComesFirst() throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE);
		try (TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> {
			spec.tls = tls;
			spec.burst = false;
		})) {
			TcpEchoClient client = client(server.factory.getPort(), (target) -> target.tls(certificates));
			assertThat(text(client.send(bytes("secret")))).isEqualTo("secret");
			assertThat(client.connectionFactory().connections().getFirst().getSslSession()).isNotNull();
			assertThat(server.recorder.errors).isEmpty();
		}
	}

	/**
	 * A server that has read the request.
	 */
	private ClientPeer peer(Peer conversation) throws IOException {
		return ClientPeer.startOn(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), (socket) -> {
			StringBuilder request = new StringBuilder();
			while (!request.toString().endsWith("\r\n\r\n")) {
				request.append((char) socket.getInputStream().read());
			}
			this.requests.add(request.toString());
			conversation.run(socket, accepted(request.toString()));
		});
	}

	private static String accepted(String request) {
		Matcher key = KEY.matcher(request);
		assertThat(key.find()).isTrue();
		try {
			byte[] hash = MessageDigest.getInstance("SHA-1")
				.digest(Outcomes.bytes(key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
			return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void write(Socket socket, String latin1) throws IOException {
		socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
	}

	private TcpEchoClient client(int port, Consumer<Target> changes) {
		Target target = new Target();
		changes.accept(target);
		TcpClientSettings connection = new TcpClientSettings("test", "127.0.0.1", port,
				new FramingSpec(Framing.WEBSOCKET, null, 1024 * 1024, false), target.connectTimeout, null, 0,
				SocketOptions.DEFAULTS, ProxyProtocol.NONE, target.tls, target.path);
		return this.clients.start(new TcpEchoClientSettings(connection, LONG, 1, target.closeAfterReply));
	}

	private interface Peer {

		void run(Socket socket, String accepted) throws IOException;

	}

	private static final class Target {

		private String path = "/";

		private Duration connectTimeout = LONG;

		private boolean closeAfterReply;

		private @Nullable ClientTls tls;

		private void tls(TestCertificates certificates) {
			try {
				this.tls = new ClientTls(certificates.withoutCertificate(), true, null);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
