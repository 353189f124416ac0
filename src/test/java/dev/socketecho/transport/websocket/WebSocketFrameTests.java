package dev.socketecho.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames of a WebSocket server: payload lengths, reserved bits and opcodes. The numbers
 * are those of the Autobahn test suite's cases, sections 1, 3 and 4.
 */
class WebSocketFrameTests {

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET);

	/**
	 * 1.1 and 1.2. The length has 7, 16 or 64 bits (RFC 6455, section 5.2). Text comes
	 * back as text, binary as binary.
	 */
	@ParameterizedTest(name = "opcode {0}, {1} bytes in pieces of {2}")
	@CsvSource({ "1, 0, 1000000", "1, 125, 1000000", "1, 126, 1000000", "1, 127, 1000000", "1, 128, 1000000",
			"1, 65535, 1000000", "1, 65536, 1000000", "1, 65536, 997", "1, 128, 1", "2, 0, 1000000", "2, 125, 1000000",
			"2, 126, 1000000", "2, 127, 1000000", "2, 128, 1000000", "2, 65535, 1000000", "2, 65536, 1000000",
			"2, 65536, 997", "2, 128, 1" })
	void messagesComeBackWithTheirType(int opcode, int length, int pieces) {
		byte[] payload = payload(opcode, length);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			Sending.inPieces(Frame.of(opcode, payload).bytes(), pieces, client::send);
			client.expect(opcode, payload).expectNothing();
		}
	}

	/**
	 * The counters are of the payload, in whatever frames it comes.
	 */
	@Test
	void countsThePayloadOfMessages() {
		try (TestServer counting = TestServer.start(Framing.WEBSOCKET);
				WebSocketTestClient client = WebSocketTestClient.open(counting)) {
			client.send(Frame.text("hello"), Frame.ping("not counted"), Frame.text(""),
					Frame.binary(new byte[1000]).more(), Frame.continuation("end"));
			client.expectText("hello")
				.expectPong("not counted")
				.expectText("")
				.expect(Frame.BINARY, "\0".repeat(1000).concat("end").getBytes(StandardCharsets.US_ASCII));
			assertThat(counting.recorder.messagesReceived).hasValue(3);
			assertThat(counting.recorder.bytesReceived).hasValue(5 + 1003);
			assertThat(counting.recorder.messagesSent).hasValue(3);
			assertThat(counting.recorder.bytesSent).hasValue(5 + 1003);
			assertThat(counting.recorder.errors).isEmpty();
		}
	}

	/**
	 * 3.1 to 3.7. A reserved bit that no extension has defined fails the connection (RFC
	 * 6455, section 5.2): the frame is not echoed, and what follows it is not answered.
	 */
	@ParameterizedTest(name = "reserved bits {0}, opcode {1}, {2}")
	@MethodSource
	void reservedBitsAreProtocolErrors(int bits, int opcode, Sending sending) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(sending, Frame.text("first"), Frame.of(opcode, new byte[] { 3, (byte) 0xE8 }).reserved(bits),
					Frame.ping("last"));
			client.expectText("first").expectClosed(1002);
		}
	}

	static Stream<Arguments> reservedBitsAreProtocolErrors() {
		return Stream.of(Arguments.of(1, Frame.TEXT, Sending.AT_ONCE), Arguments.of(2, Frame.TEXT, Sending.AT_ONCE),
				Arguments.of(3, Frame.TEXT, Sending.BY_FRAME), Arguments.of(4, Frame.TEXT, Sending.BY_BYTE),
				Arguments.of(5, Frame.BINARY, Sending.AT_ONCE), Arguments.of(6, Frame.PING, Sending.AT_ONCE),
				Arguments.of(7, Frame.CLOSE, Sending.AT_ONCE), Arguments.of(4, Frame.PING, Sending.AT_ONCE));
	}

	/**
	 * The same where permessage-deflate has defined RSV1 for the first frame of a message
	 * (RFC 7692, section 6), and nothing else.
	 */
	@ParameterizedTest(name = "reserved bits {0}, opcode {1}")
	@CsvSource({ "1, 1", "2, 2", "3, 1", "4, 9", "4, 10", "2, 9", "4, 8" })
	void reservedBitsThatTheExtensionDoesNotDefineAreProtocolErrors(int bits, int opcode) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server,
				"Sec-WebSocket-Extensions: permessage-deflate")) {
			assertThat(client.answer()).containsIgnoringCase("sec-websocket-extensions: permessage-deflate");
			client.send(Frame.of(opcode, new byte[0]).reserved(bits), Frame.ping("last"));
			client.expectClosed(1002);
		}
	}

	/**
	 * RSV1 says that a message is compressed; a frame that goes on with a message must
	 * not have it (RFC 7692, section 6.1).
	 */
	@Test
	void continuationThatSaysThatItIsCompressedIsAProtocolError() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server,
				"Sec-WebSocket-Extensions: permessage-deflate")) {
			client.send(Frame.text("begin").more(), Frame.continuation("end").reserved(4), Frame.ping("last"));
			client.expectClosed(1002);
		}
	}

	/**
	 * 4.1 and 4.2. Opcodes that are reserved fail the connection (RFC 6455, section 5.2),
	 * with and without payload.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
	void reservedOpcodesAreProtocolErrors(int opcode) {
		for (String payload : new String[] { "", "reserved" }) {
			for (Sending sending : Sending.values()) {
				try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
					client.send(sending, Frame.text("first"),
							Frame.of(opcode, payload.getBytes(StandardCharsets.US_ASCII)), Frame.ping("last"));
					client.expectText("first").expectClosed(1002);
				}
			}
		}
	}

	/**
	 * A client must mask its frames; a server closes the connection otherwise (RFC 6455,
	 * section 5.1).
	 */
	@Test
	void unmaskedFramesAreProtocolErrors() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.text("hello").unmasked());
			client.expectClosed(1002);
		}
	}

	/**
	 * The most significant bit of a length of 64 bits must be 0 (RFC 6455, section 5.2).
	 */
	@ParameterizedTest
	@ValueSource(strings = { "81ffffffffffffffffff37fa213d", "82ff800000000000000037fa213d" })
	void negativeLengthsAreProtocolErrors(String frame) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(HexFormat.of().parseHex(frame));
			client.expectClosed(1002);
		}
	}

	private static byte[] payload(int opcode, int length) {
		byte[] payload = new byte[length];
		for (int i = 0; i < length; i++) {
			payload[i] = (byte) ((opcode == Frame.TEXT) ? 'a' + i % 26 : i * 7);
		}
		return payload;
	}

}
