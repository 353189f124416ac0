package dev.socketecho.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code permessage-deflate} of a WebSocket server (RFC 7692): some of the Autobahn test
 * suite's cases, sections 12 and 13, and what must not be believed.
 */
class WebSocketCompressionTests {

	private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";

	private static final int COMPRESSED = 4;

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET);

	private final DeflatedMessages deflate = new DeflatedMessages();

	@AfterEach
	void end() {
		this.deflate.close();
	}

	/**
	 * 12.1 to 12.5. Messages of all sizes.
	 */
	@ParameterizedTest
	@ValueSource(strings = { OFFER, OFFER + "; client_max_window_bits", OFFER + "; client_no_context_takeover" })
	void compressedMessagesComeBack(String offer) {
		Random random = new Random(1);
		try (WebSocketTestClient client = WebSocketTestClient.open(server, offer)) {
			assertThat(client.answer()).containsIgnoringCase("sec-websocket-extensions: permessage-deflate");
			for (int size : new int[] { 0, 1, 16, 64, 256, 1024, 4096, 8192, 65_536, 131_072, 1_048_576, 16 }) {
				byte[] text = "a word or two, ".repeat(size / 15 + 1)
					.substring(0, size)
					.getBytes(StandardCharsets.UTF_8);
				exchange(client, Frame.TEXT, text);
				byte[] noise = new byte[Math.min(size, 65_536)];
				random.nextBytes(noise);
				exchange(client, Frame.BINARY, noise);
			}
			client.expectNothing();
		}
	}

	/**
	 * 13. Neither side takes a context over, whether the client has asked for that or not
	 * (sections 7.1.1.1 and 7.1.1.2): a silent connection keeps no zlib in memory. So
	 * each message can be expanded by itself.
	 */
	@ParameterizedTest
	@ValueSource(strings = { OFFER, OFFER + "; server_no_context_takeover; client_no_context_takeover" })
	void messagesAreCompressedByThemselves(String offer) {
		byte[] text = "again and again and again".getBytes(StandardCharsets.US_ASCII);
		try (WebSocketTestClient client = WebSocketTestClient.open(server, offer)) {
			assertThat(client.answer()).contains("server_no_context_takeover", "client_no_context_takeover");
			for (int i = 0; i < 3; i++) {
				try (DeflatedMessages own = new DeflatedMessages()) {
					client.send(Frame.of(Frame.TEXT, own.compress(text)).reserved(COMPRESSED));
					Frame answer = client.readMessage();
					assertThat(answer.reserved()).isEqualTo(COMPRESSED);
					assertThat(own.expand(answer.payload())).isEqualTo(text);
				}
			}
		}
	}

	/**
	 * An offer with parameters that do not exist or have impossible values is declined
	 * (section 7.1), as is an extension that is unknown. The connection opens without.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; server_max_window_bits=99", "permessage-deflate; unknown",
			"permessage-deflate; server_max_window_bits=7", "permessage-deflate; server_max_window_bits=banana",
			"permessage-deflate; server_max_window_bits", "x-unknown; a=b" })
	void offersThatMakeNoSenseAreDeclined(String extension) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server, "Sec-WebSocket-Extensions: " + extension)) {
			assertThat(client.answer()).doesNotContainIgnoringCase("sec-websocket-extensions");
			client.send(Frame.text("plain")).expectText("plain");
		}
	}

	/**
	 * The first offer that can be taken is.
	 */
	@Test
	void laterOffersCountToo() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server,
				"Sec-WebSocket-Extensions: permessage-deflate; unknown, permessage-deflate")) {
			assertThat(client.answer()).containsIgnoringCase("sec-websocket-extensions: permessage-deflate");
			exchange(client, Frame.TEXT, "hello".getBytes(StandardCharsets.US_ASCII));
		}
	}

	/**
	 * A message need not be compressed (section 6), and one that is may have fragments,
	 * of which only the first says so (section 6.1).
	 */
	@Test
	void fragmentsOfACompressedMessageAreOneStream() {
		byte[] text = "fragment ".repeat(100).getBytes(StandardCharsets.US_ASCII);
		try (WebSocketTestClient client = WebSocketTestClient.open(server, OFFER)) {
			client.send(Frame.text("plain"));
			expectExpanded(client, Frame.TEXT, "plain".getBytes(StandardCharsets.US_ASCII));
			Frame[] frames = Frame.fragments(Frame.TEXT, this.deflate.compress(text), 3);
			frames[0] = frames[0].reserved(COMPRESSED);
			client.send(frames);
			expectExpanded(client, Frame.TEXT, text);
			client.expectNothing();
		}
	}

	/**
	 * A bomb is not inflated to find out that it is too long: half a gigabyte would not
	 * fit into the tests' memory.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 2_000_000, 1000 })
	void bombsAreTooLong(int fragments) {
		try (TestServer own = TestServer.start(Framing.WEBSOCKET);
				WebSocketTestClient client = WebSocketTestClient.open(own, OFFER)) {
			Frame[] frames = Frame.fragments(Frame.BINARY, this.deflate.bomb(512), fragments);
			frames[0] = frames[0].reserved(COMPRESSED);
			client.send(frames).expectClosed(1009);
			client.leave();
			own.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
			assertThat(own.recorder.messagesReceived).hasValue(0);
		}
	}

	/**
	 * What cannot be compressed becomes longer by that. The limit is of the message, as
	 * for any other.
	 */
	@Test
	void aMessageOfTheLongestSizeMayBecomeLongerByCompression() {
		byte[] noise = random(1024 * 1024);
		try (WebSocketTestClient client = WebSocketTestClient.open(server, OFFER)) {
			byte[] compressed = this.deflate.compress(noise);
			assertThat(compressed).hasSizeGreaterThan(noise.length);
			client.send(Frame.of(Frame.BINARY, compressed).reserved(COMPRESSED));
			expectExpanded(client, Frame.BINARY, noise);
		}
	}

	/**
	 * Text is UTF-8, compressed or not.
	 */
	@Test
	void compressedTextIsUtf8() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server, OFFER)) {
			byte[] payload = this.deflate.compress(new byte[] { 'a', (byte) 0xFF, 'b' });
			client.send(Frame.of(Frame.TEXT, payload).reserved(COMPRESSED)).expectClosed(1007);
		}
	}

	/**
	 * What cannot be inflated is an error of the client's.
	 */
	@Test
	void brokenStreamsFailTheConnection() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server, OFFER)) {
			client.send(Frame.of(Frame.BINARY, new byte[] { -1, -1, -1, -1, -1, -1 }).reserved(COMPRESSED));
			Frame close = client.read();
			assertThat(close.opcode()).isEqualTo(Frame.CLOSE);
			assertThat(WebSocketTestClient.codeOf(close)).isIn(1002, 1007);
			client.send(Frame.close(1002, "")).expectEnd();
		}
	}

	/**
	 * The counters are of the messages, not of what travels.
	 */
	@Test
	void countsThePayloadOfMessages() {
		byte[] text = "hello ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
		try (TestServer own = TestServer.start(Framing.WEBSOCKET);
				WebSocketTestClient client = WebSocketTestClient.open(own, OFFER)) {
			exchange(client, Frame.TEXT, text);
			assertThat(own.recorder.bytesReceived).hasValue(6000);
			assertThat(own.recorder.bytesSent).hasValue(6000);
			assertThat(own.recorder.messagesReceived).hasValue(1);
			assertThat(own.recorder.messagesSent).hasValue(1);
		}
	}

	private void exchange(WebSocketTestClient client, int opcode, byte[] message) {
		this.deflate.forget();
		client.send(Frame.of(opcode, this.deflate.compress(message)).reserved(COMPRESSED));
		expectExpanded(client, opcode, message);
	}

	private void expectExpanded(WebSocketTestClient client, int opcode, byte[] message) {
		Frame answer = client.readMessage();
		assertThat(answer.opcode()).as("opcode of %s", answer).isEqualTo(opcode);
		byte[] payload = (answer.reserved() == COMPRESSED) ? this.deflate.expand(answer.payload()) : answer.payload();
		assertThat(payload).isEqualTo(message);
	}

}
