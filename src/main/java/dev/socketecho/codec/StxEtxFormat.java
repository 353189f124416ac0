package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Messages between STX and ETX.
 */
final class StxEtxFormat implements FrameFormat {

	private static final byte STX = 2;

	private static final byte ETX = 3;

	@Override
	public int frameEnd(ByteBuf in, int start, int searched) {
		if (in.getByte(start) != STX) {
			return NONE;
		}
		int end = ByteSearch.indexOf(in, start + searched, in.writerIndex(), ETX);
		return (end < 0) ? NONE : end + 1;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start - 2;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		if (!in.isReadable()) {
			return 0;
		}
		int first = in.getUnsignedByte(in.readerIndex());
		if (first != STX) {
			throw new CorruptedFrameException("message begins with byte 0x%02x (expected: STX, 0x02)".formatted(first));
		}
		return in.readableBytes() - 1;
	}

	@Override
	public boolean endsInside(byte[] message) {
		for (byte each : message) {
			if (each == ETX) {
				return true;
			}
		}
		return false;
	}

	@Override
	public int headerLength() {
		return 1;
	}

	@Override
	public int trailerLength() {
		return 1;
	}

	@Override
	public void write(ByteBuf frame, byte[] message) {
		frame.writeByte(STX).writeBytes(message).writeByte(ETX);
	}

}
