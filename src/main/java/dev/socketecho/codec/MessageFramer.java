package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of framing: puts a message into a frame and takes it out again. Netty's
 * {@code LengthFieldPrepender} and {@code LineEncoder} do this in the pipeline; here it
 * is done before, since a client counts and compares what goes over the wire.
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
	 * Checks that a message can travel in one frame.
	 * @param message the message
	 * @throws TooLongFrameException if it is longer than the limit, or than its header
	 * can say
	 * @throws IllegalArgumentException if the peer would find the frame's end in it
	 */
	public void requireFits(byte[] message) {
		long longest = Math.min(this.format.longestMessage(), this.spec.maxMessageSize());
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
	 * Returns how many bytes a frame may have besides the message, as a peer may send it.
	 * @return the number of bytes
	 */
	public int overhead() {
		return this.format.headerLength() + this.format.trailerLength();
	}

	/**
	 * Puts a message into a frame.
	 * @param allocator where the frame's buffer comes from
	 * @param message a message that fits
	 * @return the frame, for the caller to release
	 */
	public ByteBuf frame(ByteBufAllocator allocator, byte[] message) {
		ByteBuf frame = allocator.directBuffer(Math.max(1, message.length + overhead()));
		this.format.write(frame, message);
		return frame;
	}

	/**
	 * Takes the message out of a frame.
	 * @param frame the frame, as the decoder has cut it; neither read nor released
	 * @return a view of the message, {@code null} if the frame is incomplete, as the last
	 * one of a connection may be
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
