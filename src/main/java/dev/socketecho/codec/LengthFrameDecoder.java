package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Netty's length field decoder, in bursts. The header counts the payload's bytes and
 * stays in the frame. A count over the limit is found as soon as the header is there.
 */
final class LengthFrameDecoder extends LengthFieldBasedFrameDecoder implements FrameCutter.FrameSource {

	private final int headerLength;

	private final int maxMessageSize;

	private final FrameCutter cutter;

	LengthFrameDecoder(int headerLength, int maxMessageSize, boolean burst) {
		super(Integer.MAX_VALUE, 0, headerLength);
		this.headerLength = headerLength;
		this.maxMessageSize = maxMessageSize;
		this.cutter = new FrameCutter(maxMessageSize, burst);
	}

	@Override
	protected @Nullable Object decode(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		return this.cutter.cut(ctx, in, this);
	}

	@Override
	public @Nullable ByteBuf readFrame(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		return (pendingLength(in) > this.maxMessageSize) ? null : (ByteBuf) super.decode(ctx, in);
	}

	@Override
	public boolean skipFrame(ByteBuf in) {
		long frameLength = this.headerLength + pendingLength(in);
		if (in.readableBytes() < frameLength) {
			return false;
		}
		in.skipBytes((int) frameLength);
		return true;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start - this.headerLength;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		if (in.readableBytes() < this.headerLength) {
			return 0;
		}
		return switch (this.headerLength) {
			case 1 -> in.getUnsignedByte(in.readerIndex());
			case 2 -> in.getUnsignedShort(in.readerIndex());
			default -> in.getUnsignedInt(in.readerIndex());
		};
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		Frames rest = FrameCutter.rest(ctx, in);
		if (rest != null) {
			out.add(rest);
		}
	}

}
