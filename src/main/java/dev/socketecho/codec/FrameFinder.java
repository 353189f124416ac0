package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * One framing's way of telling where a frame ends, and how long the message in it is.
 * Stateless.
 */
interface FrameFinder {

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

}
