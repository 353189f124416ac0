package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Splits the byte stream of one connection into frames, and checks the length of each
 * message. It gets bytes in two ways. The handler before it calls {@link #takeFrames}
 * with each read, and delivers the complete frames at the front itself. Bytes that are
 * left go through the pipeline to {@link #channelRead}: Netty's decoder keeps them until
 * the frame is complete, and passes the {@link Frames} on to the next handler.
 * <p>
 * At the end of input, an incomplete frame is passed on as it is. A message that is too
 * long raises a {@link TooLongFrameException}, but only when all messages before it have
 * been delivered.
 * <p>
 * Confined to the connection's event loop.
 */
public final class FrameDecoder extends ByteToMessageDecoder {

	private final FrameFormat format;

	private final int maxMessageSize;

	private final boolean burst;

	private boolean single;

	/**
	 * How many bytes from the reader index on have been searched and hold no end of a
	 * frame. Only new bytes are searched.
	 */
	private int searched;

	/**
	 * Creates a decoder.
	 * @param format the layout of a frame
	 * @param maxMessageSize the longest message, in bytes
	 * @param burst whether frames may travel together
	 */
	FrameDecoder(FrameFormat format, int maxMessageSize, boolean burst) {
		this.format = format;
		this.maxMessageSize = maxMessageSize;
		this.burst = burst;
	}

	/**
	 * Takes the complete frames at the front of a read. If an incomplete frame waits
	 * here, it takes nothing. A read of complete frames needs neither a slice nor a copy,
	 * nor the pipeline.
	 * @param in the bytes of the read; the reader index moves behind the frames. Bytes
	 * that are left are for {@link #channelRead}
	 * @return the frames, {@code null} if there are none. If they are all of the read,
	 * their content is {@code in} itself, and they take over the caller's reference
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
	 * Makes each frame travel alone, or as the decoder was created. On the event loop.
	 * @param single whether each travels alone
	 */
	public void setSingle(boolean single) {
		this.single = single;
	}

	/**
	 * Takes bytes that {@link #takeFrames} has left. They do not keep the large buffer
	 * that they were read into.
	 */
	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
		ByteBuf in = (ByteBuf) message;
		super.channelRead(ctx, (actualReadableBytes() > 0) ? in : Compaction.compact(ctx.alloc(), in));
	}

	/**
	 * Unlike Netty's decoder, this one asks for no further read when no frame was
	 * complete: reads that are paused stay paused.
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
	 * not too long: behind the first, or in bursts behind all of them.
	 * @return the number of these frames
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
			if (!this.burst || this.single || start == in.writerIndex()) {
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
	 * Checks the first frame, which is incomplete, or its message is too long. Bytes that
	 * cannot become a frame are dropped, with all that follows: kept, they would fail
	 * again at the end of input, and the next handlers would never see that end.
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
	 * Passes an incomplete frame on at the end of input. If the connection broke, it is
	 * dropped.
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
			// Thrown, it would keep the end of input from the next handlers.
			ctx.fireExceptionCaught(ex);
		}
		drop(in);
	}

}
