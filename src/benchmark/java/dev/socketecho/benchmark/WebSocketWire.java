package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Messages as WebSocket has them (RFC 6455): each is one frame. The client masks its
 * frames, with a key for each message that can be under way.
 */
final class WebSocketWire {

	private static final int FINAL = 0x80;

	private static final int TEXT = 1;

	private static final int BINARY = 2;

	private static final int MASKED = 0x80;

	private static final int LONGEST_7_BITS = 125;

	private static final int LONGEST_16_BITS = 0xFFFF;

	private static final int KEY_BYTES = 4;

	private static final int LONGEST_HEADER = 14;

	/**
	 * The key and its answer are RFC 6455's own example, section 1.3.
	 */
	private static final String REQUEST = """
			GET / HTTP/1.1\r
			Host: 127.0.0.1\r
			Upgrade: websocket\r
			Connection: Upgrade\r
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
			Sec-WebSocket-Version: 13\r
			\r
			""";

	private static final Pattern ACCEPT = Pattern
		.compile("(?im)^sec-websocket-accept:\\s*(?-i:s3pPLMBiTxaQ9kYGzzhZRbK\\+xOo=)\\s*$");

	private static final int LONGEST_ANSWER = 8192;

	private WebSocketWire() {
	}

	static Wire of(Load load, boolean binary) {
		int opcode = binary ? BINARY : TEXT;
		Random keys = new Random(0);
		ByteBuffer outgoing = ByteBuffer.allocateDirect((load.bytes() + LONGEST_HEADER) * load.outstanding());
		ByteBuffer expected = ByteBuffer.allocateDirect((load.bytes() + LONGEST_HEADER) * load.outstanding());
		for (int number = 0; number < load.outstanding(); number++) {
			byte[] message = Wire.message(load, number);
			header(expected, opcode, 0, message.length);
			expected.put(message);
			header(outgoing, opcode, MASKED, message.length);
			byte[] key = new byte[KEY_BYTES];
			keys.nextBytes(key);
			outgoing.put(key);
			for (int i = 0; i < message.length; i++) {
				outgoing.put((byte) (message[i] ^ key[i % KEY_BYTES]));
			}
		}
		return new Wire(exact(outgoing), exact(expected), outgoing.position() / load.outstanding(),
				expected.position() / load.outstanding(), WebSocketWire::handshake);
	}

	private static void header(ByteBuffer frames, int opcode, int masked, int length) {
		frames.put((byte) (FINAL | opcode));
		if (length <= LONGEST_7_BITS) {
			frames.put((byte) (masked | length));
		}
		else if (length <= LONGEST_16_BITS) {
			frames.put((byte) (masked | 126)).putShort((short) length);
		}
		else {
			frames.put((byte) (masked | 127)).putLong(length);
		}
	}

	/**
	 * What was put into a buffer, in one whose capacity is no larger.
	 */
	private static ByteBuffer exact(ByteBuffer filled) {
		return filled.duplicate().flip().slice();
	}

	private static SocketChannel handshake(SocketChannel channel) throws IOException {
		ByteBuffer request = StandardCharsets.US_ASCII.encode(REQUEST);
		while (request.hasRemaining()) {
			channel.write(request);
		}
		ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
		String text = "";
		while (!text.endsWith("\r\n\r\n")) {
			if (channel.read(answer) <= 0) {
				throw new IOException("closed by the server after " + text);
			}
			text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
		}
		if (!text.startsWith("HTTP/1.1 101 ") || !ACCEPT.matcher(text).find()) {
			throw new IOException("no WebSocket handshake: " + text);
		}
		return channel;
	}

}
