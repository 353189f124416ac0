package dev.socketecho.transport.websocket;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.testing.Background;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pings and pongs of a WebSocket server (RFC 6455, sections 5.5.2 and 5.5.3). The numbers
 * are those of the Autobahn test suite's cases, section 2.
 */
class WebSocketPingTests {

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET);

	/**
	 * 2.1 to 2.4 and 2.6. A ping is answered by a pong with the same payload.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 13, 125 })
	void pingsAreAnsweredWithTheirPayload(int length) {
		byte[] payload = new byte[length];
		IntStream.range(0, length).forEach((i) -> payload[i] = (byte) (255 - i));
		for (Sending sending : Sending.values()) {
			try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
				client.send(sending, Frame.of(Frame.PING, payload)).expect(Frame.PONG, payload).expectNothing();
			}
		}
	}

	/**
	 * 2.5. The payload of a control frame is 125 bytes long at most (section 5.5).
	 */
	@ParameterizedTest
	@ValueSource(ints = { Frame.PING, Frame.PONG, Frame.CLOSE })
	void controlFramesThatAreTooLongAreProtocolErrors(int opcode) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(opcode, new byte[126]), Frame.ping("last")).expectClosed(1002);
		}
	}

	/**
	 * 2.7 to 2.9. A pong that nobody has asked for is not answered.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "unsolicited" })
	void unsolicitedPongsAreIgnored(String payload) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.pong(payload), Frame.ping("ping"))
				.expectPong("ping")
				.send(Frame.pong(payload), Frame.text("text"))
				.expectText("text")
				.expectNothing();
		}
	}

	/**
	 * 2.10 and 2.11. Each ping is answered, in order.
	 */
	@ParameterizedTest
	@EnumSource(Sending.class)
	void manyPingsAreAnsweredInOrder(Sending sending) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(sending, IntStream.range(0, 10).mapToObj((i) -> Frame.ping("ping " + i)).toArray(Frame[]::new));
			IntStream.range(0, 10).forEach((i) -> client.expectPong("ping " + i));
			client.expectNothing();
		}
	}

	/**
	 * 5.1 and 5.2. Control frames are not fragmented (section 5.4).
	 */
	@ParameterizedTest
	@ValueSource(ints = { Frame.PING, Frame.PONG, Frame.CLOSE })
	void controlFramesInFragmentsAreProtocolErrors(int opcode) {
		for (Sending sending : Sending.values()) {
			try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
				client
					.send(sending, Frame.of(opcode, new byte[0]).more(), Frame.continuation("end"), Frame.ping("last"))
					.expectClosed(1002);
			}
		}
	}

	@Test
	void pingsAndMessagesAreAnsweredInOrder() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.text("1"), Frame.ping("2"), Frame.binary((byte) 3), Frame.ping("4"))
				.expectText("1")
				.expectPong("2")
				.expect(Frame.BINARY, new byte[] { 3 })
				.expectPong("4")
				.expectNothing();
		}
	}

	/**
	 * A caller that sends pings and reads nothing is not read from, when
	 * {@code max-pending-bytes} of answers wait for it. None is lost.
	 */
	@Test
	void pongsThatNobodyReadsHoldTheInput() throws Exception {
		int rounds = 50;
		int buffers = 64 * 1024;
		Frame[] pings = Stream.generate(() -> Frame.of(Frame.PING, new byte[125])).limit(1000).toArray(Frame[]::new);
		byte[] bytes = Frame.all(pings);
		byte[] pong = Frame.of(Frame.PONG, new byte[125]).unmasked();
		ByteBuffer pongs = ByteBuffer.allocate(pings.length * pong.length);
		Stream.of(pings).forEach((_) -> pongs.put(pong));
		try (TestServer small = TestServer.start(Framing.WEBSOCKET, (spec) -> {
			spec.maxPendingBytes = buffers;
			spec.options = new SocketOptions(true, true, true, false, null, buffers, buffers, null);
		}); WebSocketTestClient client = WebSocketTestClient.open(small)) {
			CompletableFuture<Void> sent = Background
				.run(() -> IntStream.range(0, rounds).forEach((_) -> client.send(bytes)));
			assertThatExceptionOfType(TimeoutException.class).as("6 MB are taken without being read")
				.isThrownBy(() -> sent.get(1, TimeUnit.SECONDS));
			for (int i = 0; i < rounds; i++) {
				assertThat(client.readBytes(pongs.capacity())).isEqualTo(pongs.array());
			}
			sent.get(20, TimeUnit.SECONDS);
			client.expectNothing();
		}
	}

	/**
	 * Pings keep a connection open; without them it ends after {@code idle-timeout}.
	 */
	@Test
	void pingsAreActivity() {
		Duration idleTimeout = Duration.ofMillis(500);
		try (TestServer own = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.idleTimeout = idleTimeout);
				WebSocketTestClient client = WebSocketTestClient.open(own)) {
			Awaitility.await().pollInterval(Duration.ofMillis(50)).during(idleTimeout.multipliedBy(3)).until(() -> {
				client.expectNothing();
				return own.recorder.closed.isEmpty();
			});
			client.expectClosed(1001);
			client.leave();
			own.awaitClosed(CloseReason.IDLE_TIMEOUT);
		}
	}

}
