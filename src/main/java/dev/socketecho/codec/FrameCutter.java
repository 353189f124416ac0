package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * What the decoders share: it gathers the complete frames at the front of a buffer into
 * one {@link Frames}, and holds a message's length against the limit. Frames before one
 * that is too long are delivered first: the exception is raised only when the offending
 * frame is the next one.
 */
final class FrameCutter {

	private final int maxMessageSize;

	private final boolean burst;

	FrameCutter(int maxMessageSize, boolean burst) {
		this.maxMessageSize = maxMessageSize;
		this.burst = burst;
	}

	/**
	 * Takes the complete frames at the front of {@code in}.
	 * @return what was taken, or {@code null} if no frame is complete
	 * @throws TooLongFrameException if the first frame is too long
	 */
	@Nullable Frames cut(ChannelHandlerContext ctx, ByteBuf in, FrameSource source) throws Exception {
		int start = in.readerIndex();
		ByteBuf first = source.readFrame(ctx, in);
		if (first == null) {
			requireLength(in, source.pendingLength(in));
			return null;
		}
		int length = source.messageLength(in, start, in.readerIndex());
		if (length > this.maxMessageSize) {
			first.release();
			requireLength(in, length);
		}
		int count = 1;
		while (this.burst && in.isReadable() && skipFrame(in, source)) {
			count++;
		}
		if (count == 1) {
			return new Frames(first, 1);
		}
		first.release();
		return new Frames(in.retainedSlice(start, in.readerIndex() - start), count);
	}

	private boolean skipFrame(ByteBuf in, FrameSource source) {
		int start = in.readerIndex();
		if (!source.skipFrame(in)) {
			return false;
		}
		if (source.messageLength(in, start, in.readerIndex()) > this.maxMessageSize) {
			in.readerIndex(start);
			return false;
		}
		return true;
	}

	/**
	 * Checks the length of the message at the reader index. One that is over the limit is
	 * dropped, with all that follows: a decoder that kept it would fail again at the end
	 * of input, and the pipeline would never see that end.
	 * @param in where the message is
	 * @param length the length that the message has at least, in bytes
	 * @throws TooLongFrameException if it is over the limit
	 */
	void requireLength(ByteBuf in, long length) {
		if (length > this.maxMessageSize) {
			in.skipBytes(in.readableBytes());
			throw new TooLongFrameException(
					"message of at least %d bytes (expected: at most %d)".formatted(length, this.maxMessageSize));
		}
	}

	/**
	 * Takes the incomplete rest at the end of input. A connection that broke has no end:
	 * what it left half sent is dropped.
	 */
	static @Nullable Frames rest(ChannelHandlerContext ctx, ByteBuf in) {
		if (!in.isReadable() || !ctx.channel().isActive()) {
			in.skipBytes(in.readableBytes());
			return null;
		}
		return new Frames(in.readRetainedSlice(in.readableBytes()), 1);
	}

	/**
	 * One framing's way of finding frames.
	 */
	interface FrameSource {

		/**
		 * Reads the next frame, if it is complete, and keeps in mind what it has seen of
		 * one that is not.
		 * @return the frame, which the caller is to release, or {@code null}
		 */
		@Nullable ByteBuf readFrame(ChannelHandlerContext ctx, ByteBuf in) throws Exception;

		/**
		 * Moves the reader index behind the next frame, if it is complete. Called where
		 * {@link #readFrame} has just read one, so there is nothing to keep in mind.
		 * @return whether it was
		 */
		boolean skipFrame(ByteBuf in);

		/**
		 * The length of the message in the frame {@code [start, end)}, without terminator
		 * and header.
		 */
		int messageLength(ByteBuf in, int start, int end);

		/**
		 * The length that the incomplete message at the reader index has at least.
		 */
		long pendingLength(ByteBuf in);

	}

}
