package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * The layout of a frame on the wire. {@link FrameDecoder} asks where a frame ends,
 * {@link MessageFramer} writes one. There is one class per layout; {@link Framing} lists
 * which framing has which. Stateless.
 */
interface FrameFormat {

	/** There is no complete frame. */
	int NONE = -1;

	/**
	 * Finds the end of the frame that begins at an index.
	 * @param in the buffer; its indices stay
	 * @param start where the frame begins, before the writer index
	 * @param searched how many bytes from there on were searched before and hold no end
	 * of a frame
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
	 * The least length that the incomplete message at the reader index can have.
	 * @param in the buffer; its indices stay
	 * @return a number of bytes
	 * @throws CorruptedFrameException if no frame can begin with these bytes
	 */
	long pendingLength(ByteBuf in);

	/**
	 * The length of the incomplete message at the reader index, when the input has ended.
	 * @param in the buffer; its indices stay
	 * @return a number of bytes
	 */
	default long restLength(ByteBuf in) {
		return pendingLength(in);
	}

	/**
	 * Whether a buffer holds exactly one complete frame.
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
	 * Whether the message contains bytes that end a frame, so that it cannot be sent.
	 */
	default boolean endsInside(byte[] message) {
		return false;
	}

	/**
	 * The length of the part before the message, in bytes.
	 */
	default int headerLength() {
		return 0;
	}

	/**
	 * The greatest length of the part behind the message, as a peer may send it, in
	 * bytes.
	 */
	default int trailerLength() {
		return 0;
	}

	/**
	 * Writes the frame of a message.
	 * @param frame the buffer to write to
	 * @param message the message, which fits into a frame
	 */
	void write(ByteBuf frame, byte[] message);

}
