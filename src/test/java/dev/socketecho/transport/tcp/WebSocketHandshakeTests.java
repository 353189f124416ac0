package dev.socketecho.transport.tcp;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.websocket.WebSocketPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.transport.websocket.WebSocketPeer.TEXT;
import static dev.socketecho.transport.websocket.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the opening handshake of servers with {@code framing: websocket}.
 */
@Execution(ExecutionMode.CONCURRENT)
class WebSocketHandshakeTests {

	@Test
	void answersTheExampleOfTheRfc() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.shakeHands().toLowerCase()).contains("upgrade: websocket\r\n", "connection: upgrade\r\n")
				.contains("sec-websocket-accept: " + "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".toLowerCase() + "\r\n")
				.doesNotContain("sec-websocket-protocol", "sec-websocket-extensions");
			assertThat(server.recorder.bytesReceived).hasValue(0);
			assertThat(server.recorder.bytesSent).hasValue(0);
		}
	}

	@Test
	void acceptsTheFirstSubprotocol() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.shakeHands("Sec-WebSocket-Protocol: chat.v2, chat.v1").toLowerCase())
				.contains("sec-websocket-protocol: chat.v2\r\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " , chat" })
	void anEmptySubprotocolIsNotAnswered(String offered) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.shakeHands("Sec-WebSocket-Protocol: " + offered).toLowerCase())
				.doesNotContain("sec-websocket-protocol");
			assertThat(peer.text("x").readText()).isEqualTo("x");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			permessage-deflate                                                | yes
			permessage-deflate; client_max_window_bits; server_no_context_takeover | yes
			x-unknown, permessage-deflate                                     | yes
			permessage-deflate; unknown=1, permessage-deflate                 | yes
			x-webkit-deflate-frame                                            |
			permessage-deflate; server_max_window_bits=10                     |
			permessage-deflate; client_max_window_bits=x                      |
			permessage-deflate; client_max_window_bits=99999999999            |
			;;,,=                                                             |
			""")
	void agreesOnCompressionWithoutContext(String offer, String agreed) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			String answer = peer.shakeHands("Sec-WebSocket-Extensions: " + offer).toLowerCase();
			if (agreed == null) {
				assertThat(answer).doesNotContain("sec-websocket-extensions");
			}
			else {
				assertThat(answer).containsPattern("sec-websocket-extensions: permessage-deflate(; [a-z_]+){2}\r\n")
					.contains("; server_no_context_takeover", "; client_no_context_takeover");
			}
			assertThat(peer.text("x").read().opcode()).isEqualTo(TEXT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void framesMayFollowAtOnce(TransportType transport) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> {
			spec.transport = transport;
			spec.greeting = "hi";
		}); WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			peer.send(WebSocketPeer.request().getBytes(), frame(TEXT, "early"), frame(TEXT, "early too"));
			assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
			assertThat(peer.readText()).isEqualTo("hi");
			assertThat(peer.readText()).isEqualTo("early");
			assertThat(peer.readText()).isEqualTo("early too");
		}
	}

	@Test
	void comesBehindTheProxyHeader() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.proxyProtocol = true);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			peer.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n").shakeHands();
			assertThat(peer.text("x").readText()).isEqualTo("x");
			assertThat(server.factory.connections().getFirst().source().getHostString()).isEqualTo("192.0.2.1");
		}
	}

	@Test
	void mayComeByteByByte() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			for (byte each : WebSocketPeer.request().getBytes()) {
				peer.sendBytes(new byte[] { each });
			}
			assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
			for (byte each : frame(TEXT, "slow")) {
				peer.sendBytes(new byte[] { each });
			}
			assertThat(peer.readText()).isEqualTo("slow");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" })
	void aPlainRequestGets426(String request) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.send(request).readHead().toLowerCase()).startsWith("http/1.1 426 ")
				.contains("upgrade: websocket\r\n", "sec-websocket-version: 13\r\n", "connection: upgrade, close\r\n",
						"content-length: 0\r\n");
			assertThat(peer.read()).isNull();
			peer.leave();
			server.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
		}
	}

	@ParameterizedTest
	@CsvSource({ "Sec-WebSocket-Version: 13,Sec-WebSocket-Version: 8,426",
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==,X: y,400",
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==,Sec-WebSocket-Key: c2hvcnQ=,400",
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==,Sec-WebSocket-Key: !,400", "Host: localhost,X: y,400",
			"'Connection: keep-alive, Upgrade',Connection: close,400", "GET,PUT,400", "HTTP/1.1,HTTP/1.0,400",
			"GET /any/path?query HTTP/1.1,hello,400" })
	void aBadHandshakeIsRefused(String part, String instead, int status) {
		assertRefused(WebSocketPeer.request().replace(part, instead), status);
	}

	private static void assertRefused(String request, int status) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.send(request).readHead()).startsWith("HTTP/1.1 " + status + " ");
			assertThat(peer.read()).isNull();
			peer.leave();
			server.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
			assertThat(server.recorder.bytesReceived).hasValue(0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
			"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Key: ", "Sec-WebSocket-Protocol: a b",
			"Sec-WebSocket-Protocol: chat, <b>", "Sec-WebSocket-Protocol: \"chat\"",
			"Sec-WebSocket-Protocol: ch\u00e4t", "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: a/b" })
	void aSecondKeyAndASubprotocolThatIsNoTokenAreRefused(String header) {
		assertRefused(WebSocketPeer.request(header), 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /", "GET / HTTP/1.1\r\nHost: x\r\nX: ", "GET / HTTP/1.1\r\nHost: x\r\nY: y\r\nX: " })
	void aLongHandshakeIsRefused(String begin) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.send(begin + "x".repeat(9000)).readHead()).startsWith("HTTP/1.1 431 ");
			peer.leave();
			server.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "X: a\u0001", "X: a\u0000", "X: a\rb", "X Y: a" })
	void aHeaderThatHttpForbidsIsRefusedAtOnce(String header) {
		assertRefused(WebSocketPeer.request(header), 400);
	}

	@Test
	void aCallerThatEndsBeforeTheHandshakeIsClosed() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.send("GET / HTTP/1.1\r\nHost:").halfClose().readHead()).isEmpty();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void theDrainClosesWhoHasNotShakenHands() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			peer.send("GET / HTTP/1.1\r\n");
			server.factory.drain();
			assertThat(peer.read()).isNull();
			peer.leave();
			server.awaitClosed(CloseReason.SHUTDOWN);
		}
	}

}
