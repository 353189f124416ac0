package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * A client's side of framing: puts a message into a frame and takes it out again. Netty's
 * {@code LengthFieldPrepender} and {@code LineEncoder} do this in the pipeline; here it
 * is done before, since a client counts and compares what goes over the wire.
 * <p>
 * Stateless.
 */
public final class MessageFramer {

	private final FramingSpec spec;

	private final byte[] header;

	private final byte[] terminator;

	private final int lengthBytes;

	MessageFramer(FramingSpec spec) {
		this.spec = spec;
		this.header = (spec.framing() == Framing.STX_ETX) ? new byte[] { 2 } : new byte[0];
		this.terminator = switch (spec.framing()) {
			case LINE, LF -> new byte[] { '\n' };
			case CRLF -> new byte[] { '\r', '\n' };
			case NUL -> new byte[] { 0 };
			case STX_ETX -> new byte[] { 3 };
			case DELIMITER -> spec.delimiterBytes();
			case NONE, LENGTH_1, LENGTH_2, LENGTH_4, UNTIL_CLOSE -> new byte[0];
		};
		this.lengthBytes = switch (spec.framing()) {
			case LENGTH_1 -> 1;
			case LENGTH_2 -> 2;
			case LENGTH_4 -> 4;
			default -> 0;
		};
	}

	/**
	 * Checks that a message can travel in one frame.
	 * @param message the message
	 * @throws TooLongFrameException if it is longer than the limit, or than its header
	 * can say
	 * @throws IllegalArgumentException if the peer would find the frame's end in it
	 */
	public void requireFits(byte[] message) {
		long longest = switch (this.lengthBytes) {
			case 1 -> Math.min(0xff, this.spec.maxMessageSize());
			case 2 -> Math.min(0xffff, this.spec.maxMessageSize());
			default -> this.spec.maxMessageSize();
		};
		if (message.length > longest) {
			throw new TooLongFrameException(
					"message of %d bytes (expected: at most %d)".formatted(message.length, longest));
		}
		boolean endsInReturn = this.spec.framing() == Framing.LINE && message.length > 0
				&& message[message.length - 1] == '\r';
		if (endsInReturn || (this.terminator.length > 0 && firstEnd(message) != message.length)) {
			throw new IllegalArgumentException(
					"message contains the end of a message of framing '%s'".formatted(this.spec.framing().value()));
		}
	}

	/**
	 * Where the peer finds the terminator first, in the message followed by it.
	 */
	private int firstEnd(byte[] message) {
		for (int at = 0; at < message.length; at++) {
			int matched = 0;
			while (matched < this.terminator.length && byteAt(message, at + matched) == this.terminator[matched]) {
				matched++;
			}
			if (matched == this.terminator.length) {
				return at;
			}
		}
		return message.length;
	}

	private byte byteAt(byte[] message, int index) {
		return (index < message.length) ? message[index] : this.terminator[index - message.length];
	}

	/**
	 * Returns how many bytes a frame may have besides the message; one more for lines,
	 * which may come back with CRLF.
	 * @return the number of bytes
	 */
	public int overhead() {
		return this.header.length + this.lengthBytes + this.terminator.length
				+ ((this.spec.framing() == Framing.LINE) ? 1 : 0);
	}

	/**
	 * Puts a message into a frame.
	 * @param allocator where the frame's buffer comes from
	 * @param message a message that fits
	 * @return the frame, for the caller to release
	 */
	public ByteBuf frame(ByteBufAllocator allocator, byte[] message) {
		int length = this.header.length + this.lengthBytes + message.length + this.terminator.length;
		ByteBuf frame = allocator.directBuffer(Math.max(1, length)).writeBytes(this.header);
		switch (this.lengthBytes) {
			case 1 -> frame.writeByte(message.length);
			case 2 -> frame.writeShort(message.length);
			case 4 -> frame.writeInt(message.length);
			default -> {
			}
		}
		return frame.writeBytes(message).writeBytes(this.terminator);
	}

	/**
	 * Takes the message out of a frame.
	 * @param frame the frame, as the decoder has cut it; neither read nor released
	 * @return a view of the message, {@code null} if the frame is incomplete, as the last
	 * one of a connection may be
	 */
	public @Nullable ByteBuf unframe(ByteBuf frame) {
		int start = frame.readerIndex() + this.header.length + this.lengthBytes;
		int end = frame.writerIndex() - this.terminator.length;
		if (end < start || !isComplete(frame, end - start)) {
			return null;
		}
		if (this.spec.framing() == Framing.LINE && end > start && frame.getByte(end - 1) == '\r') {
			end--;
		}
		return frame.slice(start, end - start);
	}

	private boolean isComplete(ByteBuf frame, int length) {
		int at = frame.readerIndex();
		boolean counted = switch (this.lengthBytes) {
			case 1 -> frame.getUnsignedByte(at) == length;
			case 2 -> frame.getUnsignedShort(at) == length;
			case 4 -> frame.getUnsignedInt(at) == length;
			default -> true;
		};
		if (!counted || (this.header.length > 0 && frame.getByte(at) != this.header[0])) {
			return false;
		}
		int end = frame.writerIndex() - this.terminator.length;
		for (int i = 0; i < this.terminator.length; i++) {
			if (frame.getByte(end + i) != this.terminator[i]) {
				return false;
			}
		}
		return true;
	}

}
