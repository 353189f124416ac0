package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * Lines that end in LF or CRLF: a CR before the LF belongs to the terminator, not to the
 * message. Frames that are written here end in LF.
 */
final class LineFormat extends DelimiterFormat {

	LineFormat() {
		super(new byte[] { '\n' });
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return withoutCarriageReturn(in, start, end - 1);
	}

	@Override
	public long pendingLength(ByteBuf in) {
		return withoutCarriageReturn(in, in.readerIndex(), in.writerIndex());
	}

	@Override
	public long restLength(ByteBuf in) {
		return pendingLength(in);
	}

	private static int withoutCarriageReturn(ByteBuf in, int start, int end) {
		boolean atEnd = end > start && in.getByte(end - 1) == '\r';
		return end - start - (atEnd ? 1 : 0);
	}

	@Override
	public boolean endsInside(byte[] message) {
		return (message.length > 0 && message[message.length - 1] == '\r') || super.endsInside(message);
	}

	@Override
	public int trailerLength() {
		return 2;
	}

}
