package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * Messages behind a header that counts their bytes, in network byte order. The header
 * stays in the frame.
 */
final class LengthFinder implements FrameFinder {

	private final int headerLength;

	/**
	 * Creates a finder.
	 * @param headerLength the header's length in bytes: 1, 2 or 4
	 */
	LengthFinder(int headerLength) {
		this.headerLength = headerLength;
	}

	@Override
	public int frameEnd(ByteBuf in, int start, int searched) {
		int readable = in.writerIndex() - start;
		if (readable < this.headerLength) {
			return NONE;
		}
		long frameLength = this.headerLength + length(in, start);
		return (frameLength > readable) ? NONE : start + (int) frameLength;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start - this.headerLength;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		return (in.readableBytes() < this.headerLength) ? 0 : length(in, in.readerIndex());
	}

	private long length(ByteBuf in, int start) {
		return switch (this.headerLength) {
			case 1 -> in.getUnsignedByte(start);
			case 2 -> in.getUnsignedShort(start);
			default -> in.getUnsignedInt(start);
		};
	}

}
