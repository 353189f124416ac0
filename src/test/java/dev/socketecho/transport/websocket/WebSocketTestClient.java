package dev.socketecho.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.socketecho.transport.tcp.TestClient;
import dev.socketecho.transport.tcp.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller that writes the bytes of WebSocket itself, so that it can write wrong ones.
 */
final class WebSocketTestClient implements AutoCloseable {

	/** The key of RFC 6455, section 1.3, and what has to come back for it. */
	private static final String REQUEST = """
			GET /any/path HTTP/1.1\r
			Host: localhost\r
			Upgrade: websocket\r
			Connection: Upgrade\r
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
			Sec-WebSocket-Version: 13\r
			%s\r
			""";

	private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

	private final TestClient client;

	private String answer = "";

	private WebSocketTestClient(TestClient client) {
		this.client = client;
	}

	/**
	 * Connects and performs the handshake.
	 * @param fields further fields of the request, without line ends
	 */
	static WebSocketTestClient open(TestServer server, String... fields) {
		WebSocketTestClient client = new WebSocketTestClient(server.connect());
		try {
			client.client.send(request(fields));
			client.answer = client.head();
			assertThat(client.answer).startsWith("HTTP/1.1 101 ").contains(ACCEPT);
			return client;
		}
		catch (RuntimeException | Error ex) {
			client.close();
			throw ex;
		}
	}

	/**
	 * The handshake of a client.
	 * @param fields further fields, without line ends
	 */
	static String request(String... fields) {
		StringBuilder further = new StringBuilder();
		for (String field : fields) {
			further.append(field).append("\r\n");
		}
		return REQUEST.formatted(further);
	}

	/**
	 * The answer to the handshake.
	 */
	String answer() {
		return this.answer;
	}

	WebSocketTestClient send(Frame... frames) {
		return send(Sending.AT_ONCE, frames);
	}

	WebSocketTestClient send(Sending sending, Frame... frames) {
		sending.send(frames, this::send);
		return this;
	}

	/**
	 * Sends what the server takes. If it has ended the connection, what it has sent is
	 * still to be read.
	 */
	WebSocketTestClient send(byte[] bytes) {
		try {
			this.client.send(bytes);
		}
		catch (UncheckedIOException ex) {
			assertThat(ex.getCause()).isNotInstanceOf(SocketTimeoutException.class);
		}
		return this;
	}

	byte[] readBytes(int length) {
		return this.client.readBytes(length);
	}

	/**
	 * Reads a frame. A server masks none (RFC 6455, section 5.1).
	 */
	Frame read() {
		byte[] start = this.client.readBytes(2);
		assertThat(start).as("a frame's first two bytes").hasSize(2);
		assertThat(start[1]).as("a server's frame is not masked").isNotNegative();
		long length = switch (start[1]) {
			case 126 -> ByteBuffer.wrap(this.client.readBytes(2)).getShort() & 0xFFFF;
			case 127 -> ByteBuffer.wrap(this.client.readBytes(8)).getLong();
			default -> start[1];
		};
		byte[] payload = this.client.readBytes(Math.toIntExact(length));
		assertThat(payload).hasSize((int) length);
		return new Frame(start[0] < 0, (start[0] >> 4) & 7, start[0] & 15, payload);
	}

	/**
	 * Reads a message, put together from its frames.
	 */
	Frame readMessage() {
		Frame first = read();
		Frame frame = first;
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		payload.writeBytes(frame.payload());
		while (!frame.last()) {
			frame = read();
			assertThat(frame.opcode()).isEqualTo(Frame.CONTINUATION);
			payload.writeBytes(frame.payload());
		}
		return new Frame(true, first.reserved(), first.opcode(), payload.toByteArray());
	}

	/**
	 * The next message is this one.
	 */
	WebSocketTestClient expect(int opcode, byte[] payload) {
		Frame message = readMessage();
		assertThat(message.opcode()).as("opcode of %s", message).isEqualTo(opcode);
		assertThat(message.reserved()).as("reserved bits").isZero();
		assertThat(message.payload()).as("payload of %s", message).isEqualTo(payload);
		return this;
	}

	WebSocketTestClient expectText(String text) {
		return expect(Frame.TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	WebSocketTestClient expectPong(String text) {
		return expect(Frame.PONG, text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The next frame is a close frame with this code, which is answered. Nothing follows
	 * but the end of the connection.
	 */
	void expectClosed(int code) {
		expectCloseFrame(code);
		send(Frame.close(code, ""));
		expectEnd();
	}

	void expectCloseFrame(int code) {
		Frame frame = read();
		assertThat(frame.opcode()).as("a close frame: %s", frame).isEqualTo(Frame.CLOSE);
		assertThat(codeOf(frame)).as("the code of %s", frame).isEqualTo(code);
	}

	/**
	 * The server ends the connection, and sends nothing before.
	 */
	void expectEnd() {
		assertThat(rest()).as("bytes after the last frame").isEmpty();
	}

	/**
	 * The code of a close frame, 1005 if it has none (RFC 6455, section 7.1.5).
	 */
	static int codeOf(Frame close) {
		return (close.payload().length < 2) ? 1005 : ByteBuffer.wrap(close.payload()).getShort() & 0xFFFF;
	}

	/**
	 * Nothing is on its way: the answer to a ping, which overtakes nothing, is next.
	 */
	void expectNothing() {
		send(Frame.ping("next")).expectPong("next");
	}

	/**
	 * What comes until the server has closed in whatever way.
	 */
	private String rest() {
		StringBuilder rest = new StringBuilder();
		try {
			for (String next = this.client.read(1); !next.isEmpty(); next = this.client.read(1)) {
				rest.append(next);
			}
		}
		catch (UncheckedIOException ex) {
			assertThat(ex.getCause()).as("the server closes").isNotInstanceOf(SocketTimeoutException.class);
		}
		return rest.toString();
	}

	private String head() {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			String next = this.client.read(1);
			assertThat(next).as("the server's answer goes on after %s", head).isNotEmpty();
			head.append(next);
		}
		return head.toString();
	}

	/**
	 * Closes before the end of the test.
	 */
	void leave() {
		close();
	}

	@Override
	public void close() {
		this.client.close();
	}

}
