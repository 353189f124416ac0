package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * Messages that end in a delimiter of one or more bytes. Only the delimiter's last byte
 * is searched for; where it is found, the bytes before it are compared.
 */
class DelimiterFormat implements FrameFormat {

	private final byte[] delimiter;

	private final int last;

	/**
	 * Creates an instance.
	 * @param delimiter at least one byte
	 */
	DelimiterFormat(byte[] delimiter) {
		this.delimiter = delimiter;
		this.last = delimiter.length - 1;
	}

	@Override
	public int frameEnd(ByteBuf in, int start, int searched) {
		int from = start + Math.max(searched, this.last);
		for (int at = indexOfLast(in, from); at >= 0; at = indexOfLast(in, at + 1)) {
			if (isDelimiter(in, at - this.last)) {
				return at + 1;
			}
		}
		return NONE;
	}

	private int indexOfLast(ByteBuf in, int from) {
		return ByteSearch.indexOf(in, from, in.writerIndex(), this.delimiter[this.last]);
	}

	private boolean isDelimiter(ByteBuf in, int start) {
		for (int i = 0; i < this.last; i++) {
			if (in.getByte(start + i) != this.delimiter[i]) {
				return false;
			}
		}
		return true;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start - this.delimiter.length;
	}

	/**
	 * The last bytes may be the beginning of a delimiter, so they do not count.
	 */
	@Override
	public long pendingLength(ByteBuf in) {
		return in.readableBytes() - this.last;
	}

	@Override
	public long restLength(ByteBuf in) {
		return in.readableBytes();
	}

	@Override
	public boolean endsInside(byte[] message) {
		for (int at = 0; at < message.length; at++) {
			int matched = 0;
			while (matched <= this.last && byteAt(message, at + matched) == this.delimiter[matched]) {
				matched++;
			}
			if (matched > this.last) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A byte of the message, or of the delimiter behind it.
	 */
	private byte byteAt(byte[] message, int index) {
		return (index < message.length) ? message[index] : this.delimiter[index - message.length];
	}

	@Override
	public int trailerLength() {
		return this.delimiter.length;
	}

	@Override
	public void write(ByteBuf frame, byte[] message) {
		frame.writeBytes(message).writeBytes(this.delimiter);
	}

}
