package dev.socketecho.codec;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Frames between STX and ETX, in bursts. Netty has no decoder for them.
 */
final class StxEtxFrameDecoder extends ByteToMessageDecoder implements FrameCutter.FrameSource {

	private static final byte STX = 2;

	private static final byte ETX = 3;

	private final FrameCutter cutter;

	/**
	 * How many bytes from the reader index on are known to hold no ETX.
	 */
	private int searched;

	StxEtxFrameDecoder(int maxMessageSize, boolean burst) {
		this.cutter = new FrameCutter(maxMessageSize, burst);
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		Frames frames = this.cutter.cut(ctx, in, this);
		if (frames != null) {
			out.add(frames);
		}
		else if (in.isReadable() && in.getByte(in.readerIndex()) != STX) {
			int first = in.getUnsignedByte(in.readerIndex());
			in.skipBytes(in.readableBytes());
			throw new CorruptedFrameException("message begins with byte 0x%02x (expected: STX, 0x02)".formatted(first));
		}
	}

	@Override
	public @Nullable ByteBuf readFrame(ChannelHandlerContext ctx, ByteBuf in) {
		int length = frameLength(in, this.searched);
		this.searched = (length == 0) ? in.readableBytes() : 0;
		return (length == 0) ? null : in.readRetainedSlice(length);
	}

	@Override
	public boolean skipFrame(ByteBuf in) {
		int length = frameLength(in, 0);
		in.skipBytes(length);
		return length > 0;
	}

	/**
	 * The length of the frame at the reader index, 0 if there is none.
	 */
	private static int frameLength(ByteBuf in, int searched) {
		if (in.getByte(in.readerIndex()) != STX) {
			return 0;
		}
		int end = in.indexOf(in.readerIndex() + searched, in.writerIndex(), ETX);
		return (end < 0) ? 0 : end + 1 - in.readerIndex();
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start - 2;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		return (in.isReadable() && in.getByte(in.readerIndex()) == STX) ? in.readableBytes() - 1 : 0;
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		Frames rest = FrameCutter.rest(ctx, in);
		if (rest != null) {
			out.add(rest);
		}
	}

}
