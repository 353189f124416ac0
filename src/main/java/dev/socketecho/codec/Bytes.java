package dev.socketecho.codec;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;

/**
 * Compares a reply with the message that was sent, by the JDK's vectorised comparison.
 * Clients and probes call it.
 */
public final class Bytes {

	private Bytes() {
	}

	/**
	 * Returns whether a buffer's readable bytes equal a message.
	 * @param buffer the buffer; its indices stay
	 * @param message the message
	 * @return whether they are equal
	 */
	public static boolean equal(ByteBuf buffer, byte[] message) {
		return buffer.readableBytes() == message.length
				&& equal(buffer, buffer.readerIndex(), message, 0, message.length);
	}

	/**
	 * Returns whether a range of a buffer equals a range of a message.
	 * @param buffer the buffer; its indices stay
	 * @param index where the buffer's range begins
	 * @param message the message
	 * @param offset where the message's range begins
	 * @param length the length of both ranges, in bytes
	 * @return whether they are equal
	 */
	public static boolean equal(ByteBuf buffer, int index, byte[] message, int offset, int length) {
		return buffer.nioBuffer(index, length).mismatch(ByteBuffer.wrap(message, offset, length)) < 0;
	}

}
