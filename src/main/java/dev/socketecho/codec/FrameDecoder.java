package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames, and holds the length of each message against the limit.
 * The complete frames at the front of what one read delivered travel as one
 * {@link Frames}; if that is all that was read, as the buffer that was read into, without
 * a slice. An incomplete frame waits in Netty's decoder; it is searched again only where
 * new bytes came.
 * <p>
 * Frames before one that is too long are delivered first: the exception is raised only
 * when the offending frame is the next one.
 */
public final class FrameDecoder extends ByteToMessageDecoder {

	private final FrameFormat format;

	private final int maxMessageSize;

	private final boolean burst;

	/**
	 * How many bytes from the reader index on are known to hold no end of a frame.
	 */
	private int searched;

	/**
	 * Creates a decoder.
	 * @param format what a frame looks like
	 * @param maxMessageSize the longest message, in bytes
	 * @param burst whether frames may travel together
	 */
	FrameDecoder(FrameFormat format, int maxMessageSize, boolean burst) {
		this.format = format;
		this.maxMessageSize = maxMessageSize;
		this.burst = burst;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
		ByteBuf in = (ByteBuf) message;
		Frames frames = takeFrames(in);
		boolean all = frames != null && frames.content() == in;
		if (frames != null) {
			ctx.fireChannelRead(frames);
		}
		if (!all) {
			super.channelRead(ctx, (actualReadableBytes() > 0) ? in : Compaction.compact(ctx.alloc(), in));
		}
	}

	/**
	 * Takes the complete frames at the front of a read, where no incomplete one waits for
	 * more. What is left is for {@link #channelRead}.
	 * @param in what was read; its reader index moves behind what was taken
	 * @return the frames; if they are all that was read, with {@code in} itself, which
	 * they take over; {@code null} if there are none, or they do not come next
	 */
	public @Nullable Frames takeFrames(ByteBuf in) {
		if (!in.isReadable() || actualReadableBytes() > 0) {
			return null;
		}
		int start = in.readerIndex();
		int count = skipFrames(in);
		if (count == 0) {
			return null;
		}
		ByteBuf content = in.isReadable() ? in.retainedSlice(start, in.readerIndex() - start) : in.readerIndex(start);
		return new Frames(content, count);
	}

	/**
	 * Unlike Netty's this asks for no further read where no frame was complete: reads
	 * that are paused stay paused.
	 */
	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		discardSomeReadBytes();
		ctx.fireChannelReadComplete();
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		int start = in.readerIndex();
		int count = skipFrames(in);
		if (count > 0) {
			out.add(new Frames(in.retainedSlice(start, in.readerIndex() - start), count));
		}
		else {
			requireFirstFrame(in);
		}
	}

	/**
	 * Moves the reader index behind the complete frames at the front whose messages are
	 * not too long: behind one, or in bursts behind all of them.
	 * @return how many these are
	 */
	private int skipFrames(ByteBuf in) {
		int count = 0;
		int start = in.readerIndex();
		int known = this.searched;
		int end = this.format.frameEnd(in, start, known);
		while (end != FrameFormat.NONE && isAllowed(in, start, end)) {
			count++;
			start = end;
			known = 0;
			if (!this.burst || start == in.writerIndex()) {
				break;
			}
			end = this.format.frameEnd(in, start, 0);
		}
		this.searched = (end == FrameFormat.NONE) ? in.writerIndex() - start : known;
		in.readerIndex(start);
		return count;
	}

	private boolean isAllowed(ByteBuf in, int start, int end) {
		return end - start <= this.maxMessageSize || this.format.messageLength(in, start, end) <= this.maxMessageSize;
	}

	/**
	 * Checks what is left of a read: the first frame is incomplete, or its message is too
	 * long. What cannot become a frame is dropped, with all that follows: kept, it would
	 * fail again at the end of input, and the pipeline would never see that end.
	 */
	private void requireFirstFrame(ByteBuf in) {
		try {
			int end = this.format.frameEnd(in, in.readerIndex(), this.searched);
			requireLength((end != FrameFormat.NONE) ? this.format.messageLength(in, in.readerIndex(), end)
					: this.format.pendingLength(in));
		}
		catch (TooLongFrameException | CorruptedFrameException ex) {
			drop(in);
			throw ex;
		}
	}

	private void requireLength(long length) {
		if (length > this.maxMessageSize) {
			throw new TooLongFrameException(
					"message of at least %d bytes (expected: at most %d)".formatted(length, this.maxMessageSize));
		}
	}

	private void drop(ByteBuf in) {
		in.skipBytes(in.readableBytes());
		this.searched = 0;
	}

	/**
	 * Takes the incomplete rest at the end of input. A connection that broke has no end:
	 * what it left half sent is dropped.
	 */
	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		if (!in.isReadable() || !ctx.channel().isActive()) {
			drop(in);
			return;
		}
		try {
			requireLength(this.format.restLength(in));
			out.add(new Frames(in.readRetainedSlice(in.readableBytes()), 1));
		}
		catch (TooLongFrameException ex) {
			// Thrown, it would keep the end of input from the handlers behind
			ctx.fireExceptionCaught(ex);
		}
		drop(in);
	}

}
