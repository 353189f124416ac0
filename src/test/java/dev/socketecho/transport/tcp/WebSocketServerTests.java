package dev.socketecho.transport.tcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.socketecho.server.ServerMode;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.websocket.WebSocketPeer;
import dev.socketecho.transport.websocket.WebSocketPeer.Frame;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.tcp.WebSocketServers.MAX;
import static dev.socketecho.transport.tcp.WebSocketServers.start;
import static dev.socketecho.transport.websocket.WebSocketPeer.BINARY;
import static dev.socketecho.transport.websocket.WebSocketPeer.CONTINUATION;
import static dev.socketecho.transport.websocket.WebSocketPeer.PING;
import static dev.socketecho.transport.websocket.WebSocketPeer.PONG;
import static dev.socketecho.transport.websocket.WebSocketPeer.TEXT;
import static dev.socketecho.transport.websocket.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of servers with {@code framing: websocket}.
 */
class WebSocketServerTests {

	private static final int FIN = 0x80;

	private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void textComesBackAsTextAndBinaryAsBinary(TransportType transport) {
		try (TestServer server = start((spec) -> spec.transport = transport);
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			assertThat(peer.text("grüße").readText()).isEqualTo("grüße");
			byte[] bytes = random(5);
			Frame binary = peer.send(frame(FIN | BINARY, bytes)).read();
			assertThat(binary.opcode()).isEqualTo(BINARY);
			assertThat(binary.payload()).isEqualTo(bytes);
			assertThat(binary.masked()).isFalse();
			assertThat(peer.text("").readText()).isEmpty();
			assertThat(server.recorder.bytesReceived).hasValue(12);
			assertThat(server.recorder.messagesReceived).hasValue(3);
			assertThat(server.recorder.bytesSent).hasValue(12);
			assertThat(server.recorder.messagesSent).hasValue(3);
			assertThat(peer.send(WebSocketPeer.close(1000)).readClose()).isEqualTo(1000);
			peer.leave();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void messagesOfAnyLengthInAnySegmentsComeBackInOrder(boolean burst) {
		Random random = new Random(16);
		try (TestServer server = start((spec) -> {
			spec.maxMessageSize = 200_000;
			spec.burst = burst;
		}); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			for (int round = 0; round < 5; round++) {
				List<byte[]> messages = new ArrayList<>();
				List<byte[]> frames = new ArrayList<>();
				for (int length : new int[] { 0, 1, 125, 126, 127, 128, 1024, 1025, 4096, 4097, 65535, 65536, 200_000,
						random.nextInt(3000), random.nextInt(300) }) {
					byte[] message = random(length);
					messages.add(message);
					frames.add(frame(FIN | BINARY, message));
				}
				byte[] all = concat(frames);
				Thread writer = Thread.ofVirtual().start(() -> {
					int longest = 1 + new Random(all.length).nextInt(30_000);
					for (int from = 0; from < all.length; from += longest) {
						peer.sendBytes(Arrays.copyOfRange(all, from, Math.min(all.length, from + longest)));
					}
				});
				for (byte[] message : messages) {
					assertThat(peer.read().payload()).isEqualTo(message);
				}
				assertThat(writer).satisfies((thread) -> thread.join(Duration.ofSeconds(20)));
			}
			assertThat(server.recorder.messagesSent).hasValue(75);
			assertThat(server.recorder.bytesSent).hasValue(server.recorder.bytesReceived.get());
		}
	}

	@Test
	void messagesOfOneReadLeaveTogether() {
		try (TestServer server = start(); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			byte[][] frames = new byte[32][];
			Arrays.setAll(frames, (i) -> frame((i % 2 == 0) ? TEXT : BINARY, "message " + i));
			peer.send(frames);
			for (int i = 0; i < 32; i++) {
				Frame frame = peer.read();
				assertThat(frame.text()).isEqualTo("message " + i);
				assertThat(frame.opcode()).isEqualTo((i % 2 == 0) ? TEXT : BINARY);
			}
			assertThat(server.recorder.messagesSent).hasValue(32);
			assertThat(server.recorder.sends).hasValue(1);
		}
	}

	@Test
	void fragmentsAreJoinedAndPingsBetweenThemAnswered() {
		try (TestServer server = start(); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
			peer.send(frame(TEXT, Arrays.copyOf(euro, 2)), frame(FIN | PING, new byte[] { 1, 2 }),
					frame(CONTINUATION, new byte[0]), frame(FIN | CONTINUATION, Arrays.copyOfRange(euro, 2, 3)),
					frame(FIN | PONG, new byte[3]), frame(PING, "second"));
			Frame pong = peer.read();
			assertThat(pong.opcode()).isEqualTo(PONG);
			assertThat(pong.payload()).containsExactly(1, 2);
			assertThat(peer.readText()).isEqualTo("€");
			assertThat(peer.read().text()).isEqualTo("second");
			assertThat(server.recorder.messagesReceived).hasValue(1);
			assertThat(server.recorder.bytesReceived).hasValue(3);
			assertThat(server.recorder.bytesSent).hasValue(3);
		}
	}

	/**
	 * Each frame is wrong in another way; the message before it is answered.
	 */
	static List<Violation> violations() {
		byte[] long1 = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xff).putLong(1L << 40).putInt(0).array();
		return List.of(new Violation("reserved bit", frame(FIN | 0x40 | TEXT, new byte[1]), 1002),
				new Violation("unknown opcode", frame(FIN | 3, new byte[1]), 1002),
				new Violation("unknown control opcode", frame(FIN | 11, new byte[1]), 1002),
				new Violation("not masked", new byte[] { (byte) 0x81, 1, 'a' }, 1002),
				new Violation("fragmented ping", frame(PING, new byte[1]), 1002),
				new Violation("long ping", frame(FIN | PING, new byte[126]), 1002),
				new Violation("continuation of nothing", frame(FIN | CONTINUATION, new byte[1]), 1002),
				new Violation("message within a message",
						concat(List.of(frame(TEXT, new byte[1]), frame(FIN | TEXT, new byte[1]))), 1002),
				new Violation("close with one byte", frame(FIN | 8, new byte[1]), 1002),
				new Violation("close with a reserved code", WebSocketPeer.close(1005), 1002),
				new Violation("close whose reason is no UTF-8",
						frame(FIN | 8, new byte[] { 3, (byte) 0xe8, (byte) 0xff }), 1007),
				new Violation("text that is no UTF-8", frame(FIN | TEXT, new byte[] { (byte) 0xc3 }), 1007),
				new Violation("fragment that is no UTF-8", frame(TEXT, new byte[] { (byte) 0xff }), 1007),
				new Violation("too long by its header", long1, 1009),
				new Violation("too long", frame(FIN | BINARY, new byte[MAX + 1]), 1009),
				new Violation("too long in fragments",
						concat(List.of(frame(BINARY, new byte[MAX]), frame(FIN | CONTINUATION, new byte[1]))), 1009));
	}

	@ParameterizedTest
	@MethodSource("violations")
	void whatIsWrongEndsTheConnectionAfterTheMessagesBeforeIt(Violation violation) {
		for (boolean burst : new boolean[] { true, false }) {
			try (TestServer server = start((spec) -> spec.burst = burst);
					WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
				peer.send(frame(TEXT, "before"), violation.bytes(), frame(TEXT, "behind"));
				assertThat(peer.readText()).isEqualTo("before");
				assertThat(peer.readClose()).isEqualTo(violation.code());
				peer.leave();
				server.awaitClosed(
						(violation.code() == 1009) ? CloseReason.MESSAGE_TOO_LONG : CloseReason.PROTOCOL_ERROR,
						(violation.code() == 1009) ? SocketError.MESSAGE_TOO_LONG : SocketError.PROTOCOL_ERROR);
				assertThat(server.recorder.messagesReceived).hasValue(1);
				assertThat(server.recorder.bytesSent).hasValue(6);
			}
		}
	}

	@Test
	void theGreetingIsTheFirstMessage() {
		try (TestServer server = start((spec) -> spec.greeting = "grüß");
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			assertThat(peer.readText()).isEqualTo("grüß");
			assertThat(server.recorder.bytesSent).hasValue(6);
			assertThat(server.recorder.messagesSent).hasValue(0);
			assertThat(peer.text("x").readText()).isEqualTo("x");
		}
	}

	@Test
	void collectAnswersPingsOnly() {
		try (TestServer server = start((spec) -> spec.mode = ServerMode.COLLECT);
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			peer.send(frame(TEXT, "kept"), frame(PING, "ping"), frame(TEXT, "kept"));
			assertThat(peer.read().opcode()).isEqualTo(PONG);
			Awaitility.await().until(() -> server.recorder.messagesReceived.get() == 2);
			assertThat(peer.send(WebSocketPeer.close(1000)).readClose()).isEqualTo(1000);
			assertThat(server.recorder.bytesSent).hasValue(0);
			assertThat(server.recorder.bytesReceived).hasValue(8);
		}
	}

	@Test
	void identifyAnswersEachMessageByOneOfText() {
		try (TestServer server = start((spec) -> {
			spec.mode = ServerMode.IDENTIFY;
			spec.burst = false;
		}); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			peer.send(frame(BINARY, "four"), frame(TEXT, ""));
			assertThat(peer.readText()).startsWith("{").endsWith("}").contains("\"received\":4", "\"sequence\":0");
			assertThat(peer.readText()).contains("\"received\":0", "\"sequence\":1");
		}
	}

	@Test
	void aPeerThatDoesNotReadIsNotReadFromEither() {
		try (TestServer server = start((spec) -> spec.maxPendingBytes = 100_000);
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			byte[] ping = frame(PING, "p".repeat(125));
			byte[] many = concat(Collections.nCopies(1000, ping));
			Thread writer = Thread.ofVirtual().start(() -> {
				try {
					for (int i = 0; i < 10_000; i++) {
						peer.sendBytes(many);
					}
				}
				catch (RuntimeException ex) {
					// The end of the test
				}
			});
			NettyTcpConnection connection = server.factory.connections().getFirst();
			Awaitility.await()
				.until(() -> !connection.channel().config().isAutoRead()
						&& connection.channel().unsafe().outboundBuffer().totalPendingWriteBytes() < 2_000_000);
			assertThat(writer.isAlive()).isTrue();
		}
	}

	@Test
	void compressesIfTheCallerOffersItAndCountsWhatIsInflated() {
		try (TestServer server = start(); WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			assertThat(peer.shakeHands(DEFLATE)).contains("permessage-deflate");
			byte[] message = "a".repeat(MAX).getBytes(StandardCharsets.US_ASCII);
			byte[] deflated = WebSocketPeer.deflated(message);
			for (int i = 0; i < 3; i++) {
				Frame echo = peer.send(frame(FIN | 0x40 | TEXT, deflated)).read();
				assertThat(echo.rsv()).isEqualTo(4);
				assertThat(echo.opcode()).isEqualTo(TEXT);
				// The same each time: nothing is kept from message to message
				assertThat(echo.payload()).hasSizeLessThan(100).isEqualTo(WebSocketPeer.deflated(message, 6));
			}
			assertThat(server.recorder.bytesReceived).hasValue(3 * MAX);
			assertThat(server.recorder.bytesSent).hasValue(3 * MAX);
			// Not compressed, empty, and with random bytes that no deflater makes shorter
			assertThat(peer.send(frame(TEXT, "plain")).read().rsv()).isEqualTo(4);
			assertThat(peer.send(frame(FIN | 0x40 | TEXT, new byte[] { 0 })).read()).isNotNull();
			byte[] random = random(MAX);
			assertThat(peer.send(frame(FIN | 0x40 | BINARY, WebSocketPeer.deflated(random))).read()).isNotNull();
			assertThat(peer.send(frame(PING, "p")).read().text()).isEqualTo("p");
			assertThat(server.recorder.messagesReceived).hasValue(6);
			assertThat(peer.send(WebSocketPeer.close(1000)).readClose()).isEqualTo(1000);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 125, 126, MAX })
	void theLongestMessageComesBackHoweverItIsSent(int longest) {
		byte[] noise = random(longest);
		try (TestServer server = start((spec) -> spec.maxMessageSize = longest);
				WebSocketPeer plain = WebSocketPeer.open(server.factory.getPort());
				WebSocketPeer deflating = WebSocketPeer.open(server.factory.getPort(), DEFLATE)) {
			assertThat(plain.send(frame(FIN | BINARY, noise)).read().payload()).isEqualTo(noise);
			assertThat(plain.send(frame(FIN | PING, new byte[125])).read().payload()).hasSize(125);
			assertThat(deflating.send(frame(FIN | 0x40 | BINARY, WebSocketPeer.deflated(noise))).read().rsv())
				.isEqualTo(4);
			assertThat(deflating.send(frame(FIN | BINARY, noise)).read().rsv()).isEqualTo(4);
			assertThat(server.recorder.bytesSent).hasValue(3L * longest);
		}
	}

	@Test
	void inflatesNoMoreThanTheLongestMessage() {
		byte[] bomb = WebSocketPeer.deflated(new byte[MAX + 1]);
		byte[] huge = WebSocketPeer.deflated(new byte[50_000_000]);
		for (byte[][] frames : List.of(new byte[][] { frame(FIN | 0x40 | BINARY, bomb) },
				new byte[][] { frame(FIN | 0x40 | BINARY, huge) },
				new byte[][] { frame(0x40 | BINARY, huge), frame(FIN | CONTINUATION, new byte[1]) },
				new byte[][] { frame(0x40 | BINARY, Arrays.copyOf(bomb, 5)),
						frame(FIN | CONTINUATION, Arrays.copyOfRange(bomb, 5, bomb.length)) })) {
			try (TestServer server = start((spec) -> spec.maxMessageSize = (frames[0].length > MAX) ? 65536 : MAX);
					WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort(), DEFLATE)) {
				assertThat(peer.send(frames).readClose()).isEqualTo(1009);
				peer.leave();
				server.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
			}
		}
	}

	@Test
	void brokenCompressionIsAProtocolError() {
		for (byte[] frame : List.of(frame(FIN | 0x40 | BINARY, new byte[] { 6, 6, 6, 6 }),
				frame(FIN | 0x20 | BINARY, new byte[1]),
				concat(List.of(frame(TEXT, new byte[1]), frame(FIN | 0x40 | CONTINUATION, new byte[1]))),
				frame(FIN | 0x40 | PING, new byte[1]))) {
			try (TestServer server = start();
					WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort(), DEFLATE)) {
				assertThat(peer.send(frame).readClose()).isEqualTo(1002);
				peer.leave();
				server.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
			}
		}
	}

	private static byte[] concat(List<byte[]> parts) {
		ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt((part) -> part.length).sum());
		parts.forEach(all::put);
		return all.array();
	}

	record Violation(String name, byte[] bytes, int code) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
