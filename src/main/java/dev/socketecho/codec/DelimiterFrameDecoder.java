package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Netty's delimiter decoder, in bursts, and without its cost for a message that arrives
 * in many small segments: Netty searches all that is there at every segment, which makes
 * a long message quadratic. Here a message whose end was not found once is searched again
 * only where new bytes came.
 */
final class DelimiterFrameDecoder extends DelimiterBasedFrameDecoder implements FrameCutter.FrameSource {

	private final ByteBuf delimiter;

	private final int delimiterLength;

	private final FrameCutter cutter;

	/**
	 * How many bytes from the reader index on are known to hold no end of a message.
	 */
	private int searched;

	DelimiterFrameDecoder(byte[] delimiter, int maxMessageSize, boolean burst) {
		super(Integer.MAX_VALUE, false, true, Unpooled.wrappedBuffer(delimiter));
		this.delimiter = Unpooled.wrappedBuffer(delimiter);
		this.delimiterLength = delimiter.length;
		this.cutter = new FrameCutter(maxMessageSize, burst);
	}

	@Override
	protected @Nullable Object decode(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		return this.cutter.cut(ctx, in, this);
	}

	@Override
	public @Nullable ByteBuf readFrame(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		ByteBuf frame = (this.searched > 0 && !endsInNewBytes(in)) ? null : (ByteBuf) super.decode(ctx, in);
		this.searched = (frame == null) ? in.readableBytes() : 0;
		return frame;
	}

	@Override
	public boolean skipFrame(ByteBuf in) {
		int end = ByteBufUtil.indexOf(this.delimiter, in);
		if (end < 0) {
			return false;
		}
		in.readerIndex(end + this.delimiterLength);
		return true;
	}

	private boolean endsInNewBytes(ByteBuf in) {
		int from = Math.max(0, this.searched - this.delimiterLength + 1);
		ByteBuf fresh = in.slice(in.readerIndex() + from, in.readableBytes() - from);
		return ByteBufUtil.indexOf(this.delimiter, fresh) >= 0;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start - this.delimiterLength;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		return in.readableBytes() - this.delimiterLength + 1L;
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		try {
			this.cutter.requireLength(in, in.readableBytes());
		}
		catch (TooLongFrameException ex) {
			// Thrown, it would keep the end of input from the handlers behind
			ctx.fireExceptionCaught(ex);
			return;
		}
		Frames rest = FrameCutter.rest(ctx, in);
		if (rest != null) {
			out.add(rest);
		}
	}

}
