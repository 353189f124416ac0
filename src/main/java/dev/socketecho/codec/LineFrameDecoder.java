package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LineBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Netty's line decoder, in bursts. Both kinds of line end in LF; they differ in whether a
 * CR before it counts as part of the message.
 */
final class LineFrameDecoder extends LineBasedFrameDecoder implements FrameCutter.FrameSource {

	private static final byte LF = 10;

	private final boolean carriageReturnEndsLine;

	private final FrameCutter cutter;

	LineFrameDecoder(int maxMessageSize, boolean carriageReturnEndsLine, boolean burst) {
		super(Integer.MAX_VALUE, false, true);
		this.carriageReturnEndsLine = carriageReturnEndsLine;
		this.cutter = new FrameCutter(maxMessageSize, burst);
	}

	@Override
	protected @Nullable Object decode(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		return this.cutter.cut(ctx, in, this);
	}

	@Override
	public @Nullable ByteBuf readFrame(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		return (ByteBuf) super.decode(ctx, in);
	}

	@Override
	public boolean skipFrame(ByteBuf in) {
		int end = in.indexOf(in.readerIndex(), in.writerIndex(), LF);
		if (end < 0) {
			return false;
		}
		in.readerIndex(end + 1);
		return true;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		int length = end - start - 1;
		return (length > 0 && endsInCarriageReturn(in, end - 1)) ? length - 1 : length;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		int length = in.readableBytes();
		return (length > 0 && endsInCarriageReturn(in, in.writerIndex())) ? length - 1 : length;
	}

	private boolean endsInCarriageReturn(ByteBuf in, int end) {
		return this.carriageReturnEndsLine && in.getByte(end - 1) == '\r';
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		Frames rest = FrameCutter.rest(ctx, in);
		if (rest != null) {
			out.add(rest);
		}
	}

}
