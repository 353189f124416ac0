package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * What a frame looks like on the wire, both ways: {@link FrameDecoder} asks where one
 * ends, {@link MessageFramer} makes one. One class per kind of framing; {@link Framing}
 * has the list. Stateless.
 */
interface FrameFormat {

	/** There is no complete frame. */
	int NONE = -1;

	/**
	 * Finds the end of the frame that begins at an index.
	 * @param in the buffer; its indices stay
	 * @param start where the frame begins, before the writer index
	 * @param searched how many bytes from there on are known to hold no end of a frame
	 * @return the index behind the frame, or {@link #NONE}
	 */
	int frameEnd(ByteBuf in, int start, int searched);

	/**
	 * The length of the message in a complete frame, without terminator and header.
	 * @param in the buffer
	 * @param start where the frame begins
	 * @param end the index behind it
	 * @return a number of bytes
	 */
	int messageLength(ByteBuf in, int start, int end);

	/**
	 * The length that the incomplete message at the reader index has at least.
	 * @param in the buffer; its indices stay
	 * @return a number of bytes
	 * @throws CorruptedFrameException if no frame begins like that
	 */
	long pendingLength(ByteBuf in);

	/**
	 * The length of the incomplete message at the reader index if nothing follows.
	 * @param in the buffer; its indices stay
	 * @return a number of bytes
	 */
	default long restLength(ByteBuf in) {
		return pendingLength(in);
	}

	/**
	 * Whether the bytes of a buffer are one frame, whole.
	 * @param frame the buffer; its indices stay
	 */
	default boolean isComplete(ByteBuf frame) {
		return frame.isReadable() && frameEnd(frame, frame.readerIndex(), 0) == frame.writerIndex();
	}

	/**
	 * The longest message that a frame can hold, in bytes.
	 */
	default long longestMessage() {
		return Long.MAX_VALUE;
	}

	/**
	 * Whether a reader would find the frame's end inside the message.
	 */
	default boolean endsInside(byte[] message) {
		return false;
	}

	/**
	 * The bytes before the message.
	 */
	default int headerLength() {
		return 0;
	}

	/**
	 * The most bytes behind the message, as a peer may send them.
	 */
	default int trailerLength() {
		return 0;
	}

	/**
	 * Puts a message into a frame.
	 * @param frame where to write
	 * @param message a message that fits
	 */
	void write(ByteBuf frame, byte[] message);

}
