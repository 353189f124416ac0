package dev.socketecho.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a connection to a WebSocket server (RFC 6455, sections 5.5.1 and 7). The
 * numbers are those of the Autobahn test suite's cases, section 7.
 */
class WebSocketCloseTests {

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET);

	/**
	 * 7.1.1. What was sent before the close frame comes back before its answer. The
	 * server ends the connection first (section 7.1.1).
	 */
	@ParameterizedTest
	@EnumSource(Sending.class)
	void closeIsAnsweredAfterTheMessages(Sending sending) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(sending, Frame.text("hello"), Frame.close(1000, "")).expectText("hello").expectClosed(1000);
		}
	}

	@Test
	void closeByTheClientIsNoError() {
		try (TestServer own = TestServer.start(Framing.WEBSOCKET);
				WebSocketTestClient client = WebSocketTestClient.open(own)) {
			client.send(Frame.close(1000, "bye")).expectClosed(1000);
			client.leave();
			own.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	/**
	 * 7.1.2 to 7.1.5. Nothing that follows a close frame is answered (section 5.5.1).
	 */
	@ParameterizedTest
	@EnumSource(Late.class)
	void nothingAfterTheCloseFrameIsAnswered(Late late) {
		for (Sending sending : Sending.values()) {
			try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
				client.send(sending, late.frames).expectClosed(1000);
			}
		}
	}

	enum Late {

		/** 7.1.2. */
		CLOSE(Frame.close(1000, ""), Frame.close(1000, "")),

		/** 7.1.3. */
		PING(Frame.close(1000, ""), Frame.ping("late")),

		/** 7.1.4. */
		MESSAGE(Frame.close(1000, ""), Frame.text("late")),

		/** 7.1.5. */
		FRAGMENT(Frame.text("frag").more(), Frame.close(1000, ""), Frame.continuation("ment")),

		WRONG_FRAME(Frame.close(1000, ""), Frame.of(7, new byte[0]));

		private final Frame[] frames;

		Late(Frame... frames) {
			this.frames = frames;
		}

	}

	/**
	 * 7.1.6. 256 KB are echoed whole before the close frame behind them is answered.
	 */
	@Test
	void aLongMessageIsEchoedBeforeTheEnd() {
		byte[] text = "BAsd7&jh23".repeat(26_214).getBytes(StandardCharsets.US_ASCII);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(Frame.TEXT, text), Frame.close(1000, ""), Frame.ping("late"))
				.expect(Frame.TEXT, text)
				.expectClosed(1000);
		}
	}

	/**
	 * 7.3.1. A close frame without a code is answered without one.
	 */
	@Test
	void closeWithoutCodeIsAnswered() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(Frame.CLOSE, new byte[0]));
			Frame answer = client.read();
			assertThat(answer.opcode()).isEqualTo(Frame.CLOSE);
			assertThat(WebSocketTestClient.codeOf(answer)).isIn(1000, 1005);
			client.expectEnd();
		}
	}

	/**
	 * 7.3.2. A code has two bytes (section 5.5.1).
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 3, 255 })
	void halfACodeIsAProtocolError(int payload) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(Frame.CLOSE, new byte[] { (byte) payload })).expectClosed(1002);
		}
	}

	/**
	 * 7.3.3 to 7.3.5. A reason of up to 123 bytes.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "Hello World!", "\0", "äöü€😀", LONGEST_REASON })
	void reasonsAreTaken(String reason) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.close(1000, reason)).expectClosed(1000);
		}
	}

	private static final String LONGEST_REASON = "123456789 123456789 123456789 123456789 123456789 123456789 "
			+ "123456789 123456789 123456789 123456789 123456789 123456789 123";

	/**
	 * 7.3.6. A control frame has 125 bytes at most (section 5.5).
	 */
	@Test
	void reasonThatIsTooLongIsAProtocolError() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.close(1000, LONGEST_REASON + "4")).expectClosed(1002);
		}
	}

	/**
	 * 7.5.1. A reason is UTF-8 (section 5.5.1); text that is not has code 1007 (section
	 * 7.4.1).
	 */
	@Test
	void reasonThatIsNotUtf8IsRefused() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			byte[] payload = ByteBuffer.allocate(6).putShort((short) 1000).putInt(0xCEBAEDA0).array();
			client.send(Frame.of(Frame.CLOSE, payload)).expectClosed(1007);
		}
	}

	/**
	 * 7.7. Codes that are defined (section 7.4.1 and IANA's registry) or anybody's
	 * (7.4.2) come back.
	 */
	@ParameterizedTest
	@ValueSource(
			ints = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 })
	void codesThatMayBeSentComeBack(int code) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.close(code, "because")).expectClosed(code);
		}
	}

	/**
	 * 7.9. Codes that are reserved must not be sent (section 7.4.1 and 7.4.2).
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999 })
	void codesThatMustNotBeSentAreProtocolErrors(int code) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.close(code, "")).expectClosed(1002);
		}
	}

	/**
	 * 7.13. RFC 6455 says nothing of codes from 5000 on: they come back, or are wrong.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 5000, 65_535 })
	void codesBeyondTheRangesEndTheConnection(int code) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.close(code, ""));
			assertThat(WebSocketTestClient.codeOf(client.read())).isIn(code, 1002);
			client.expectEnd();
		}
	}

	/**
	 * A client that does not answer the server's close frame does not keep the connection
	 * open.
	 */
	@Test
	void theServerDoesNotWaitForTheAnswerToItsCloseFrame() {
		try (TestServer own = TestServer.start(Framing.WEBSOCKET,
				(spec) -> spec.lingerTimeout = Duration.ofMillis(200));
				WebSocketTestClient client = WebSocketTestClient.open(own)) {
			client.send(Frame.of(3, new byte[0])).expectCloseFrame(1002);
			client.expectEnd();
			own.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
		}
	}

	/**
	 * A client that goes without a close frame has closed, too (code 1006 at its own
	 * side, section 7.1.5).
	 */
	@Test
	void theEndOfTheConnectionWithoutACloseFrameIsNoError() {
		try (TestServer own = TestServer.start(Framing.WEBSOCKET)) {
			WebSocketTestClient client = WebSocketTestClient.open(own);
			client.send(Frame.text("hello"), Frame.text("half").more()).expectText("hello").close();
			own.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(own.recorder.messagesReceived).hasValue(1);
		}
	}

	@Test
	void wrongFramesAreCounted() {
		try (TestServer own = TestServer.start(Framing.WEBSOCKET);
				WebSocketTestClient client = WebSocketTestClient.open(own)) {
			client.send(Frame.of(3, new byte[0])).expectClosed(1002);
			client.leave();
			own.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
			assertThat(own.recorder.messagesReceived).hasValue(0);
		}
	}

}
