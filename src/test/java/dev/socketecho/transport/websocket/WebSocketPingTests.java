package dev.socketecho.transport.websocket;

import java.util.stream.IntStream;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pings and pongs of a WebSocket server (RFC 6455, sections 5.5.2 and 5.5.3). The numbers
 * are those of the Autobahn test suite's cases, section 2.
 */
class WebSocketPingTests {

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start(Framing.WEBSOCKET);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

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

}
