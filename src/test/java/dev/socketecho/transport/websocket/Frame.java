package dev.socketecho.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * A frame of RFC 6455, section 5.2.
 *
 * @param last the FIN bit
 * @param reserved the three reserved bits, RSV1 is 4
 * @param opcode what it is
 * @param payload unmasked
 */
record Frame(boolean last, int reserved, int opcode, byte[] payload) {

	static final int CONTINUATION = 0;

	static final int TEXT = 1;

	static final int BINARY = 2;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	/** The key of the examples in RFC 6455, section 5.7. */
	private static final byte[] KEY = HexFormat.of().parseHex("37fa213d");

	static Frame of(int opcode, byte[] payload) {
		return new Frame(true, 0, opcode, payload);
	}

	static Frame text(String text) {
		return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	static Frame binary(byte... payload) {
		return of(BINARY, payload);
	}

	static Frame continuation(String text) {
		return of(CONTINUATION, text.getBytes(StandardCharsets.UTF_8));
	}

	static Frame ping(String text) {
		return of(PING, text.getBytes(StandardCharsets.UTF_8));
	}

	static Frame pong(String text) {
		return of(PONG, text.getBytes(StandardCharsets.UTF_8));
	}

	static Frame close(int code, String reason) {
		byte[] text = reason.getBytes(StandardCharsets.UTF_8);
		return of(CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
	}

	/**
	 * A message in frames of a number of bytes each.
	 */
	static Frame[] fragments(int opcode, byte[] payload, int size) {
		int count = Math.max(1, (payload.length + size - 1) / size);
		Frame[] fragments = new Frame[count];
		for (int i = 0; i < count; i++) {
			byte[] part = Arrays.copyOfRange(payload, i * size, Math.min(payload.length, (i + 1) * size));
			fragments[i] = new Frame(i == count - 1, 0, (i == 0) ? opcode : CONTINUATION, part);
		}
		return fragments;
	}

	/**
	 * The same with the FIN bit not set: more of the message follows.
	 */
	Frame more() {
		return new Frame(false, this.reserved, this.opcode, this.payload);
	}

	Frame reserved(int bits) {
		return new Frame(this.last, bits, this.opcode, this.payload);
	}

	String string() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	/**
	 * As a client sends it: masked.
	 */
	byte[] bytes() {
		byte[] masked = new byte[this.payload.length];
		for (int i = 0; i < masked.length; i++) {
			masked[i] = (byte) (this.payload[i] ^ KEY[i % KEY.length]);
		}
		return encoded(0x80, KEY, masked);
	}

	/**
	 * As a client must not send it.
	 */
	byte[] unmasked() {
		return encoded(0, new byte[0], this.payload);
	}

	static byte[] all(Frame... frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		Stream.of(frames).map(Frame::bytes).forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

	private byte[] encoded(int maskBit, byte[] key, byte[] content) {
		ByteBuffer frame = ByteBuffer.allocate(content.length + 14);
		frame.put((byte) ((this.last ? 0x80 : 0) | this.reserved << 4 | this.opcode));
		if (content.length < 126) {
			frame.put((byte) (maskBit | content.length));
		}
		else if (content.length <= 0xFFFF) {
			frame.put((byte) (maskBit | 126)).putShort((short) content.length);
		}
		else {
			frame.put((byte) (maskBit | 127)).putLong(content.length);
		}
		frame.put(key).put(content);
		return Arrays.copyOf(frame.array(), frame.position());
	}

	@Override
	public String toString() {
		return "frame with opcode %d, FIN %b, RSV %d, %d bytes: %s".formatted(this.opcode, this.last, this.reserved,
				this.payload.length, HexFormat.of().formatHex(this.payload, 0, Math.min(this.payload.length, 40)));
	}

}
