package dev.socketecho.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The payloads of permessage-deflate (RFC 7692, section 7.2) of one connection.
 */
final class DeflatedMessages implements AutoCloseable {

	private static final byte[] TAIL = { 0, 0, -1, -1 };

	private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

	private final Inflater inflater = new Inflater(true);

	/**
	 * Compresses a message. What former ones have in common with it is not repeated.
	 */
	byte[] compress(byte[] message) {
		if (message.length == 0) {
			// Section 7.2.3.6: there is nothing to flush
			return new byte[1];
		}
		byte[] compressed = flush(message);
		return Arrays.copyOf(compressed, compressed.length - TAIL.length);
	}

	/**
	 * The payload of a message that becomes very long: the same megabyte of zeros, again
	 * and again.
	 */
	byte[] bomb(int megabytes) {
		byte[] zeros = new byte[1024 * 1024];
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		bomb.writeBytes(flush(zeros));
		// From the second one on, the window is full of zeros: each looks the same
		byte[] next = flush(zeros);
		for (int i = 1; i < megabytes; i++) {
			bomb.writeBytes(next);
		}
		return Arrays.copyOf(bomb.toByteArray(), bomb.size() - TAIL.length);
	}

	private byte[] flush(byte[] message) {
		this.deflater.setInput(message);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] buffer = new byte[8192];
		for (int length = buffer.length; length == buffer.length;) {
			length = this.deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
			out.write(buffer, 0, length);
		}
		return out.toByteArray();
	}

	byte[] expand(byte[] payload) {
		byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
		System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
		this.inflater.setInput(input);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] buffer = new byte[8192];
		try {
			for (int length = 1; length > 0;) {
				length = this.inflater.inflate(buffer);
				out.write(buffer, 0, length);
			}
		}
		catch (DataFormatException ex) {
			throw new AssertionError("what the server has compressed", ex);
		}
		return out.toByteArray();
	}

	/**
	 * Begins anew, in both directions: no context is taken over.
	 */
	void forget() {
		this.deflater.reset();
		this.inflater.reset();
	}

	@Override
	public void close() {
		this.deflater.end();
		this.inflater.end();
	}

}
