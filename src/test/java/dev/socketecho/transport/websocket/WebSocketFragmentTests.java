package dev.socketecho.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fragmented messages to a WebSocket server (RFC 6455, section 5.4). The numbers are
 * those of the Autobahn test suite's cases, sections 5 and 10.
 * ({@link WebSocketPingTests} has 5.1 and 5.2.)
 */
class WebSocketFragmentTests {

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET);

	/**
	 * 5.3 to 5.5. Fragments are one message.
	 */
	@ParameterizedTest
	@EnumSource(Sending.class)
	void fragmentsArePutTogether(Sending sending) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(sending, Frame.text("frag").more(), Frame.continuation("ment"))
				.expectText("fragment")
				.send(sending, Frame.binary((byte) 1).more(), Frame.continuation("").more(), Frame.continuation("\2"))
				.expect(Frame.BINARY, new byte[] { 1, 2 })
				.expectNothing();
		}
	}

	/**
	 * 5.6 to 5.8. A ping between fragments is answered, before the message is.
	 */
	@ParameterizedTest
	@EnumSource(Sending.class)
	void pingsBetweenFragmentsAreAnsweredFirst(Sending sending) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(sending, Frame.text("frag").more(), Frame.ping("between"), Frame.continuation("ment"))
				.expectPong("between")
				.expectText("fragment")
				.expectNothing();
		}
	}

	/**
	 * 5.9 to 5.18. A continuation needs something to continue, and a message has to end
	 * before the next one begins.
	 */
	@ParameterizedTest
	@EnumSource(WrongOrder.class)
	void framesInAWrongOrderAreProtocolErrors(WrongOrder wrong) {
		for (Sending sending : Sending.values()) {
			try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
				client.send(sending, wrong.frames);
				if (wrong.echoed != null) {
					client.expectText(wrong.echoed);
				}
				client.expectClosed(1002);
			}
		}
	}

	enum WrongOrder {

		/** 5.9 to 5.11 and 5.17. */
		LAST_FRAGMENT_FIRST(null, Frame.continuation("nothing"), Frame.text("hello")),

		/** 5.12 to 5.14 and 5.16. */
		FRAGMENT_FIRST(null, Frame.continuation("nothing").more(), Frame.text("hello")),

		/** 5.15. */
		FRAGMENT_AFTER_THE_LAST("fragment", Frame.text("frag").more(), Frame.continuation("ment"),
				Frame.continuation("nothing").more(), Frame.text("hello")),

		/** 5.18. */
		MESSAGE_WITHIN_A_MESSAGE(null, Frame.text("frag").more(), Frame.text("hello")),

		BINARY_WITHIN_A_TEXT(null, Frame.text("frag").more(), Frame.binary((byte) 1)),

		EMPTY_FRAGMENT_FIRST(null, Frame.continuation(""));

		final String echoed;

		final Frame[] frames;

		WrongOrder(String echoed, Frame... frames) {
			this.echoed = echoed;
			this.frames = frames;
		}

	}

	/**
	 * 5.19 and 5.20. The same with more of both; the pings of the first half are answered
	 * before the second half is sent.
	 */
	@ParameterizedTest
	@EnumSource(Sending.class)
	void messagesMayPauseBetweenFragments(Sending sending) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client
				.send(sending, Frame.text("1").more(), Frame.continuation("2").more(), Frame.ping("first"),
						Frame.continuation("3").more())
				.expectPong("first")
				.send(sending, Frame.continuation("4").more(), Frame.ping("second"), Frame.pong("ignored"),
						Frame.continuation("5"))
				.expectPong("second")
				.expectText("12345")
				.expectNothing();
		}
	}

	/**
	 * 9.3 and 9.4. Many fragments of any size are one message.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 64, 256, 1024, 4096, 65_536 })
	void messagesOfManyFragmentsComeBackWhole(int size) {
		byte[] payload = "0123456789abcdef".repeat((size == 1) ? 500 : 16_384).getBytes(StandardCharsets.US_ASCII);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			for (int opcode : new int[] { Frame.TEXT, Frame.BINARY }) {
				client.send(Frame.fragments(opcode, payload, size)).expect(opcode, payload);
			}
			client.expectNothing();
		}
	}

	/**
	 * 10.1. 65,536 bytes in fragments of 1,300 bytes, each in a piece of its own.
	 */
	@ParameterizedTest
	@ValueSource(ints = { Frame.TEXT, Frame.BINARY })
	void messagesThatTheClientFragmentsByItselfComeBackWhole(int opcode) {
		byte[] payload = "*".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Sending.BY_FRAME, Frame.fragments(opcode, payload, 1300))
				.expect(opcode, payload)
				.expectNothing();
		}
	}

	/**
	 * Empty fragments are no end of the message, and cost no more than others.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 10_000 })
	void emptyFragmentsAreNoEnd(int count) {
		Stream<Frame> empty = IntStream.range(0, count).mapToObj((i) -> Frame.continuation("").more());
		Frame[] frames = Stream.of(Stream.of(Frame.text("").more()), empty, Stream.of(Frame.continuation("end")))
			.flatMap((part) -> part)
			.toArray(Frame[]::new);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(frames).expectText("end").expectNothing();
		}
	}

}
