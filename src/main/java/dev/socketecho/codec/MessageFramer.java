package dev.socketecho.codec;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of framing: puts a message into a frame before it is sent, and takes
 * the message out of the frame of a reply. Netty's {@code LengthFieldPrepender} and
 * {@code LineEncoder} do that in the pipeline; here it is done before, since a client
 * counts and compares the bytes on the wire.
 * <p>
 * Stateless.
 */
public final class MessageFramer {

	private final FramingSpec spec;

	private final FrameFormat format;

	MessageFramer(FramingSpec spec) {
		this.spec = spec;
		this.format = spec.format();
	}

	/**
	 * Returns the length of the longest message that can travel in one frame.
	 * @return the length in bytes
	 */
	public long longestMessage() {
		return Math.min(this.format.longestMessage(), this.spec.maxMessageSize());
	}

	/**
	 * Checks that a message can travel in one frame.
	 * @param message the message
	 * @throws TooLongFrameException if it is longer than the limit, or than a header can
	 * count
	 * @throws IllegalArgumentException if it contains bytes that end a frame
	 */
	public void requireFits(byte[] message) {
		long longest = longestMessage();
		if (message.length > longest) {
			throw new TooLongFrameException(
					"message of %d bytes (expected: at most %d)".formatted(message.length, longest));
		}
		if (this.format.endsInside(message)) {
			throw new IllegalArgumentException(
					"message contains the end of a message of framing '%s'".formatted(this.spec.framing().value()));
		}
	}

	/**
	 * Returns the greatest length of a frame without its message, as a peer may send it.
	 * @return the length in bytes
	 */
	public int overhead() {
		return this.format.headerLength() + this.format.trailerLength();
	}

	/**
	 * Puts a message into a frame.
	 * @param allocator the allocator of the frame's buffer
	 * @param message a message that {@link #requireFits fits}
	 * @return the frame, for the caller to release
	 */
	public ByteBuf frame(ByteBufAllocator allocator, byte[] message) {
		ByteBuf frame = allocator.directBuffer(Math.max(1, message.length + overhead()));
		this.format.write(frame, message);
		return frame;
	}

	/**
	 * Puts a message into a frame, after the check of {@link #requireFits}.
	 * @param message the message
	 * @return the frame
	 * @throws TooLongFrameException as {@link #requireFits} does
	 * @throws IllegalArgumentException as {@link #requireFits} does
	 */
	public byte[] frame(byte[] message) {
		requireFits(message);
		byte[] bytes = new byte[message.length + overhead()];
		ByteBuf frame = Unpooled.wrappedBuffer(bytes).clear();
		this.format.write(frame, message);
		return (frame.writerIndex() == bytes.length) ? bytes : Arrays.copyOf(bytes, frame.writerIndex());
	}

	/**
	 * Finds the end of a frame among several that were received together.
	 * @param frames the frames; the indices stay
	 * @param start where the frame begins, before the writer index
	 * @return the index behind the frame, -1 if it is incomplete
	 */
	public int frameEnd(ByteBuf frames, int start) {
		return this.format.frameEnd(frames, start, 0);
	}

	/**
	 * Returns the length of the message in a frame, without terminator and header.
	 * @param frame the frame from the decoder; its indices stay. It may be incomplete, as
	 * the last one of a connection may be
	 * @return the length in bytes; of an incomplete frame, as much of it as was received
	 */
	public int messageLength(ByteBuf frame) {
		if (this.format.isComplete(frame)) {
			return this.format.messageLength(frame, frame.readerIndex(), frame.writerIndex());
		}
		return Math.max(0, frame.readableBytes() - this.format.headerLength());
	}

	/**
	 * Takes the message out of a frame.
	 * @param frame the frame from the decoder; its indices stay, and it is not released
	 * @return the message, a slice of the frame; {@code null} if the frame is incomplete,
	 * as the last one of a connection may be
	 */
	public @Nullable ByteBuf unframe(ByteBuf frame) {
		if (!this.format.isComplete(frame)) {
			return null;
		}
		int start = frame.readerIndex();
		return frame.slice(start + this.format.headerLength(),
				this.format.messageLength(frame, start, frame.writerIndex()));
	}

}
