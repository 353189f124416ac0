package dev.socketecho.codec;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;

/**
 * Compares what came with what was sent, by the JDK's vectorised comparison.
 */
public final class Bytes {

	private Bytes() {
	}

	/**
	 * Whether a buffer's readable bytes are a message.
	 */
	public static boolean equal(ByteBuf buffer, byte[] message) {
		return buffer.readableBytes() == message.length
				&& equal(buffer, buffer.readerIndex(), message, 0, message.length);
	}

	/**
	 * Whether a range of a buffer is a range of a message.
	 */
	public static boolean equal(ByteBuf buffer, int index, byte[] message, int offset, int length) {
		return buffer.nioBuffer(index, length).mismatch(ByteBuffer.wrap(message, offset, length)) < 0;
	}

}
