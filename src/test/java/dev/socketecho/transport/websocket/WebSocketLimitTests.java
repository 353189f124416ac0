package dev.socketecho.transport.websocket;

import java.util.Arrays;
import java.util.HexFormat;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Long messages, many messages, and {@code max-message-size} of a WebSocket server,
 * beyond which the code is 1009 (RFC 6455, sections 7.4.1 and 10.4). The numbers are
 * those of the Autobahn test suite's cases, section 9.
 */
class WebSocketLimitTests {

	private static final int MAX = 1024 * 1024;

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.maxMessageSize = MAX);

	/**
	 * 9.1 and 9.2. Messages up to the limit come back whole.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 65537", "1, 262144", "1, 1048576", "2, 65537", "2, 262144", "2, 1048576" })
	void longMessagesComeBack(int opcode, int length) {
		byte[] payload = payload(opcode, length);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(opcode, payload)).expect(opcode, payload).expectNothing();
		}
	}

	/**
	 * 9.1.4. A larger limit is one, too.
	 */
	@Test
	void theLimitMayBeLarger() {
		byte[] payload = payload(Frame.TEXT, 4 * MAX);
		try (TestServer large = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.maxMessageSize = 4 * MAX);
				WebSocketTestClient client = WebSocketTestClient.open(large)) {
			client.send(Frame.of(Frame.TEXT, payload)).expect(Frame.TEXT, payload);
			client.send(Frame.fragments(Frame.BINARY, payload, MAX)).expect(Frame.BINARY, payload).expectNothing();
		}
	}

	/**
	 * 9.5 and 9.6. The pieces that a long message comes in do not matter.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 64, 128, 256, 512, 1024, 2048 })
	void longMessagesComeBackFromManyPieces(int size) {
		byte[] payload = payload(Frame.BINARY, 2048 * size);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			Sending.inPieces(Frame.of(Frame.BINARY, Arrays.copyOf(payload, Math.min(payload.length, MAX))).bytes(),
					size, client::send);
			client.expect(Frame.BINARY, Arrays.copyOf(payload, Math.min(payload.length, MAX))).expectNothing();
		}
	}

	/**
	 * 9.7 and 9.8. A thousand messages, one after the other.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 16, 64, 256, 1024, 4096 })
	void manyMessagesComeBack(int length) {
		byte[] payload = payload(Frame.TEXT, length);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			for (int i = 0; i < 1000; i++) {
				int opcode = (i % 2 == 0) ? Frame.TEXT : Frame.BINARY;
				client.send(Frame.of(opcode, payload)).expect(opcode, payload);
			}
		}
	}

	/**
	 * A thousand messages at once. Each comes back, in order.
	 */
	@Test
	void pipelinedMessagesComeBackInOrder() {
		Frame[] frames = new Frame[1000];
		Arrays.setAll(frames, (i) -> Frame.text("message " + i));
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(frames);
			for (Frame frame : frames) {
				client.expect(Frame.TEXT, frame.payload());
			}
			client.expectNothing();
		}
	}

	/**
	 * One byte more than the limit is too long, and nothing of it comes back: in one
	 * frame, in fragments, and where only the fragments together are too long.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1024, 101, 100, 64, 1 })
	void oneByteMoreIsTooLong(int fragments) {
		try (TestServer small = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.maxMessageSize = 100);
				WebSocketTestClient client = WebSocketTestClient.open(small)) {
			client.send(Frame.fragments(Frame.TEXT, payload(Frame.TEXT, 100), fragments))
				.expect(Frame.TEXT, payload(Frame.TEXT, 100))
				.send(Frame.fragments(Frame.TEXT, payload(Frame.TEXT, 101), fragments))
				.expectClosed(1009);
			client.leave();
			small.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
			assertThat(small.recorder.messagesReceived).hasValue(1);
			assertThat(small.recorder.bytesSent).hasValue(100);
		}
	}

	/**
	 * A length is enough to know: the server does not wait for the payload, nor makes
	 * room for it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "81ff000000000010000137fa213d", "82ff7fffffffffffffff37fa213d",
			"82ff000000007fffffff37fa213d", "01ff000000010000000037fa213d" })
	void lengthsBeyondTheLimitAreTooLongAtOnce(String header) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(HexFormat.of().parseHex(header)).expectClosed(1009);
		}
	}

	/**
	 * The limit is of messages. A ping is none, and has 125 bytes at most anyway.
	 */
	@Test
	void pingsMayBeLongerThanMessages() {
		String ping = "p".repeat(125);
		try (TestServer small = TestServer.start(Framing.WEBSOCKET, (spec) -> spec.maxMessageSize = 10);
				WebSocketTestClient client = WebSocketTestClient.open(small)) {
			client.send(Frame.ping(ping), Frame.text("0123456789"))
				.expectPong(ping)
				.expectText("0123456789")
				.send(Frame.close(1000, "a reason that is longer than ten bytes"))
				.expectClosed(1000);
		}
	}

	private static byte[] payload(int opcode, int length) {
		byte[] payload = new byte[length];
		for (int i = 0; i < length; i++) {
			payload[i] = (byte) ((opcode == Frame.TEXT) ? 'a' + i % 26 : i * 7 + i / 256);
		}
		return payload;
	}

}
