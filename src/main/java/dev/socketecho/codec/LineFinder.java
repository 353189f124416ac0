package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * Lines. Both kinds end in LF; they differ in whether a CR before it counts as part of
 * the message.
 */
final class LineFinder implements FrameFinder {

	private final boolean carriageReturnEndsLine;

	LineFinder(boolean carriageReturnEndsLine) {
		this.carriageReturnEndsLine = carriageReturnEndsLine;
	}

	@Override
	public int frameEnd(ByteBuf in, int start, int searched) {
		int end = ByteSearch.indexOf(in, start + searched, in.writerIndex(), (byte) '\n');
		return (end < 0) ? NONE : end + 1;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return withoutCarriageReturn(in, start, end - 1);
	}

	@Override
	public long pendingLength(ByteBuf in) {
		return withoutCarriageReturn(in, in.readerIndex(), in.writerIndex());
	}

	private int withoutCarriageReturn(ByteBuf in, int start, int end) {
		boolean atEnd = this.carriageReturnEndsLine && end > start && in.getByte(end - 1) == '\r';
		return end - start - (atEnd ? 1 : 0);
	}

}
