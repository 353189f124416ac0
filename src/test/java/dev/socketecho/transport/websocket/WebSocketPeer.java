package dev.socketecho.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

import org.jspecify.annotations.Nullable;

/**
 * A caller that speaks WebSocket byte by byte over a plain socket, so that it can also
 * send what no library would.
 */
public final class WebSocketPeer implements AutoCloseable {

	/** Opcodes of RFC 6455, 5.2. */
	public static final int CONTINUATION = 0;

	public static final int TEXT = 1;

	public static final int BINARY = 2;

	public static final int CLOSE = 8;

	public static final int PING = 9;

	public static final int PONG = 10;

	/** No test waits so long; without it a failure would be the whole class's timeout. */
	private static final int READ_TIMEOUT_MILLIS = 20_000;

	private static final int MASK = 0x1a2b3c4d;

	private final Socket socket;

	private final DataInputStream in;

	private final DataOutputStream out;

	/**
	 * Connects, without a handshake.
	 */
	public WebSocketPeer(int port) {
		this(connect(port));
	}

	/**
	 * Uses a connected socket.
	 */
	public WebSocketPeer(Socket socket) {
		try {
			this.socket = socket;
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(READ_TIMEOUT_MILLIS);
			this.in = new DataInputStream(socket.getInputStream());
			this.out = new DataOutputStream(socket.getOutputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Socket connect(int port) {
		try {
			return new Socket(InetAddress.getLoopbackAddress(), port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Connects and shakes hands.
	 * @param headers further headers of the request
	 */
	public static WebSocketPeer open(int port, String... headers) {
		WebSocketPeer peer = new WebSocketPeer(port);
		peer.shakeHands(headers);
		return peer;
	}

	/**
	 * Shakes hands.
	 * @return the headers of the answer
	 */
	public String shakeHands(String... headers) {
		send(request(headers));
		String answer = readHead();
		if (!answer.startsWith("HTTP/1.1 101 ")) {
			throw new IllegalStateException(answer);
		}
		return answer;
	}

	/**
	 * A handshake with the key of RFC 6455, 1.3, whose answer has
	 * {@code s3pPLMBiTxaQ9kYGzzhZRbK+xOo=}.
	 */
	public static String request(String... headers) {
		StringBuilder request = new StringBuilder("GET /any/path?query HTTP/1.1\r\nHost: localhost\r\n"
				+ "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		return request.append("\r\n").toString();
	}

	/**
	 * Sends bytes as they are.
	 */
	public WebSocketPeer send(String latin1) {
		return sendBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Sends bytes as they are.
	 */
	public WebSocketPeer sendBytes(byte[] bytes) {
		try {
			this.out.write(bytes);
			this.out.flush();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Sends frames in one write.
	 */
	public WebSocketPeer send(byte[]... frames) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] frame : frames) {
			all.writeBytes(frame);
		}
		return sendBytes(all.toByteArray());
	}

	public WebSocketPeer text(String text) {
		return send(frame(TEXT, text));
	}

	/**
	 * A masked final frame.
	 */
	public static byte[] frame(int opcode, String payload) {
		return frame(0x80 | opcode, payload.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * A masked frame.
	 * @param first the first byte: the bits FIN and RSV, and the opcode
	 */
	public static byte[] frame(int first, byte[] payload) {
		ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) first);
		if (payload.length < 126) {
			frame.put((byte) (0x80 | payload.length));
		}
		else if (payload.length < 65536) {
			frame.put((byte) 0xfe).putShort((short) payload.length);
		}
		else {
			frame.put((byte) 0xff).putLong(payload.length);
		}
		frame.putInt(MASK);
		for (int i = 0; i < payload.length; i++) {
			frame.put((byte) (payload[i] ^ (MASK >>> 8 * (3 - i % 4))));
		}
		return Arrays.copyOf(frame.array(), frame.position());
	}

	/**
	 * A close frame.
	 */
	public static byte[] close(int code) {
		return frame(0x80 | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
	}

	/**
	 * The payload of a compressed message (RFC 7692, 7.2.1).
	 */
	public static byte[] deflated(byte[] payload) {
		return deflated(payload, Deflater.BEST_COMPRESSION);
	}

	/**
	 * The payload of a compressed message (RFC 7692, 7.2.1).
	 * @param level 1 to 9
	 */
	public static byte[] deflated(byte[] payload, int level) {
		Deflater deflater = new Deflater(level, true);
		deflater.setInput(payload);
		byte[] output = new byte[payload.length + 1024];
		int length = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
		deflater.end();
		return Arrays.copyOf(output, length - 4);
	}

	/**
	 * Reads the head of an HTTP answer.
	 */
	public String readHead() {
		StringBuilder head = new StringBuilder();
		try {
			while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
				head.append((char) this.in.readUnsignedByte());
			}
			return head.toString();
		}
		catch (EOFException ex) {
			return head.toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads all bytes until the server closes.
	 */
	public void transferTo(OutputStream sink) {
		try {
			this.in.transferTo(sink);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads a frame.
	 * @return {@code null} if the server has closed instead
	 */
	public @Nullable Frame read() {
		try {
			int first = this.in.read();
			if (first < 0) {
				return null;
			}
			int second = this.in.readUnsignedByte();
			long length = switch (second & 0x7f) {
				case 126 -> this.in.readUnsignedShort();
				case 127 -> this.in.readLong();
				default -> second & 0x7f;
			};
			byte[] mask = new byte[4];
			if ((second & 0x80) != 0) {
				this.in.readFully(mask);
			}
			byte[] payload = this.in.readNBytes((int) length);
			for (int i = 0; i < payload.length; i++) {
				payload[i] ^= mask[i % 4];
			}
			return new Frame(first & 0xf, (first & 0x80) != 0, (first & 0x70) >> 4, (second & 0x80) != 0, payload);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads the text of a text message.
	 */
	public String readText() {
		Frame frame = read();
		if (frame == null || frame.opcode() != TEXT || !frame.fin() || frame.rsv() != 0) {
			throw new IllegalStateException("no text: " + frame);
		}
		return frame.text();
	}

	/**
	 * Reads a close frame and the end of the stream.
	 * @return the code, -1 for none
	 */
	public int readClose() {
		Frame frame = read();
		if (frame == null || frame.opcode() != CLOSE) {
			throw new IllegalStateException("no close frame: " + frame);
		}
		Frame further = read();
		if (further != null) {
			throw new IllegalStateException("not the end: " + further);
		}
		return frame.code();
	}

	/**
	 * Sends FIN.
	 */
	public WebSocketPeer halfClose() {
		try {
			this.socket.shutdownOutput();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Closes before the end of the test.
	 */
	public void leave() {
		close();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A frame.
	 *
	 * @param opcode the opcode
	 * @param fin whether it is final
	 * @param rsv the reserved bits
	 * @param masked whether it was masked
	 * @param payload the payload, unmasked
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record Frame(int opcode, boolean fin, int rsv, boolean masked, byte[] payload) {

		public String text() {
			return new String(this.payload, StandardCharsets.UTF_8);
		}

		/**
		 * The code of a close frame, -1 for none.
		 */
		public int code() {
			return (this.payload.length < 2) ? -1 : ByteBuffer.wrap(this.payload).getShort() & 0xffff;
		}

		@Override
		public String toString() {
			return "opcode %d, fin %s, rsv %d, %d bytes: %s".formatted(this.opcode, this.fin, this.rsv,
					this.payload.length, text());
		}

	}

}
