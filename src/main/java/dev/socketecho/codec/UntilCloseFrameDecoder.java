package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * One message: all that arrives until the peer closes its side. Nothing is passed on
 * before that, and nothing at all when the connection breaks.
 */
final class UntilCloseFrameDecoder extends ByteToMessageDecoder {

	private final FrameCutter cutter;

	UntilCloseFrameDecoder(int maxMessageSize) {
		this.cutter = new FrameCutter(maxMessageSize, false);
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		this.cutter.requireLength(in, in.readableBytes());
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		Frames rest = FrameCutter.rest(ctx, in);
		if (rest != null) {
			out.add(rest);
		}
	}

}
