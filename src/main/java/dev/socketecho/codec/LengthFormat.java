package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * A header that counts the message's bytes, in network byte order, then the message. The
 * header stays in the frame.
 */
final class LengthFormat implements FrameFormat {

	private final int headerLength;

	/**
	 * Creates an instance.
	 * @param headerLength the header's length in bytes: 1, 2 or 4
	 */
	LengthFormat(int headerLength) {
		if (headerLength != 1 && headerLength != 2 && headerLength != 4) {
			throw unknown(headerLength);
		}
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
			case 4 -> in.getUnsignedInt(start);
			default -> throw unknown(this.headerLength);
		};
	}

	private static IllegalArgumentException unknown(int headerLength) {
		return new IllegalArgumentException("headerLength: %d (expected: 1, 2 or 4)".formatted(headerLength));
	}

	@Override
	public long longestMessage() {
		return (1L << (Byte.SIZE * this.headerLength)) - 1;
	}

	@Override
	public int headerLength() {
		return this.headerLength;
	}

	@Override
	public void write(ByteBuf frame, byte[] message) {
		switch (this.headerLength) {
			case 1 -> frame.writeByte(message.length);
			case 2 -> frame.writeShort(message.length);
			case 4 -> frame.writeInt(message.length);
			default -> throw unknown(this.headerLength);
		}
		frame.writeBytes(message);
	}

}
