package dev.socketecho.load;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.MessageFramer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one connection: lower-case letters, which end no frame. They begin with
 * the sequence number, as eight letters {@code a} to {@code p} (hexadecimal digits), or
 * fewer if they are shorter. The rest differs from connection to connection. So each
 * message can be made again when its reply comes, and none is kept. Sending and comparing
 * allocate nothing. Confined to the connection's event loop.
 */
final class LoadMessage {

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final int MOST_DIGITS = 8;

	private static final int LETTERS = 26;

	private final @Nullable MessageFramer framer;

	/**
	 * The frame of a message, or the message if frames are made anew; {@link #set} writes
	 * the number into it.
	 */
	private final byte[] frame;

	private final MemorySegment segment;

	/** Where the message begins in the frame. */
	private final int start;

	private final int size;

	private final int digits;

	private final boolean anew;

	/**
	 * Creates the messages of a connection.
	 * @param size their length, in bytes, at least 1
	 * @param connection the connection's number, from 0
	 * @param framer makes frames of them, {@code null} for datagrams
	 * @param anew whether the framer makes each frame anew, since it is more than the
	 * message with a header and a terminator
	 */
	LoadMessage(int size, int connection, @Nullable MessageFramer framer, boolean anew) {
		byte[] message = new byte[size];
		for (int i = 0; i < size; i++) {
			message[i] = (byte) ('a' + (i + connection) % LETTERS);
		}
		this.framer = framer;
		this.anew = anew;
		this.frame = (framer != null && !anew) ? framer.frame(message) : message;
		this.segment = MemorySegment.ofArray(this.frame);
		this.start = (framer != null && !anew) ? startIn(this.frame, framer) : 0;
		this.size = size;
		this.digits = Math.min(size, MOST_DIGITS);
	}

	private static int startIn(byte[] frame, MessageFramer framer) {
		ByteBuf message = framer.unframe(Unpooled.wrappedBuffer(frame));
		if (message == null) {
			throw new IllegalStateException("frame is incomplete");
		}
		return message.arrayOffset();
	}

	/**
	 * The length of a frame, in bytes.
	 */
	int frameLength() {
		return this.frame.length;
	}

	/**
	 * Whether frames travel as the framer makes them, one after the other. Otherwise a
	 * handler of the pipeline makes the frames of the wire, one of each buffer.
	 */
	static boolean isOnTheWire(Framing framing) {
		return framing.boundary() == Framing.Boundary.READ || framing.needsDecoder();
	}

	/**
	 * Whether a message may contain a delimiter.
	 */
	static boolean mayContain(@Nullable String delimiter) {
		return delimiter != null && delimiter.chars().allMatch((each) -> each >= 'a' && each <= 'z');
	}

	/**
	 * How many consecutive messages of this length differ from each other.
	 */
	static int distinct(int size) {
		return (size >= MOST_DIGITS) ? Integer.MAX_VALUE : 1 << (4 * size);
	}

	/**
	 * Writes the frame of a message.
	 */
	void write(ByteBuf out, long sequence) {
		set(sequence);
		out.writeBytes(this.frame);
	}

	/**
	 * Whether {@link #frame} makes the frames, and not {@link #write}.
	 */
	boolean isAnew() {
		return this.anew;
	}

	/**
	 * Makes the frame of a message anew.
	 */
	ByteBuf frame(ByteBufAllocator allocator, long sequence) {
		set(sequence);
		return Objects.requireNonNull(this.framer).frame(allocator, this.frame);
	}

	/**
	 * Whether bytes are a range of a message's frame.
	 * @param bytes the bytes
	 * @param at where the range begins in them
	 * @param sequence the message's number
	 * @param from where the range begins in the frame
	 * @param length the length of the range
	 */
	boolean equal(MemorySegment bytes, long at, long sequence, int from, int length) {
		set(sequence);
		return MemorySegment.mismatch(bytes, at, at + length, this.segment, from, from + length) < 0;
	}

	/**
	 * Whether a reply is the message with a number, whatever the rest of its frame is.
	 * @param frame the reply, one frame; its indices stay
	 */
	boolean isReply(ByteBuf frame, long sequence) {
		ByteBuf message = message(frame);
		if (message == null || message.readableBytes() != this.size) {
			return false;
		}
		set(sequence);
		MemorySegment bytes = MemorySegment.ofBuffer(message.nioBuffer());
		return MemorySegment.mismatch(bytes, 0, this.size, this.segment, this.start, this.start + (long) this.size) < 0;
	}

	/**
	 * The number that a reply begins with.
	 * @param frame the reply, one frame; its indices stay
	 * @param near numbers are told apart near to this one
	 * @return the number, -1 if there is none
	 */
	long sequence(ByteBuf frame, long near) {
		ByteBuf message = message(frame);
		if (message == null || message.readableBytes() != this.size) {
			return -1;
		}
		long low = 0;
		for (int i = 0; i < this.digits; i++) {
			int digit = message.getByte(message.readerIndex() + i) - 'a';
			if (digit < 0 || digit > 15) {
				return -1;
			}
			low = low << 4 | digit;
		}
		long range = 1L << (4 * this.digits);
		long ahead = Math.floorMod(low - near, range);
		return (ahead < range / 2) ? near + ahead : near + ahead - range;
	}

	private @Nullable ByteBuf message(ByteBuf frame) {
		return (this.framer != null) ? this.framer.unframe(frame) : frame;
	}

	private void set(long sequence) {
		if (this.digits == MOST_DIGITS) {
			LONG.set(this.frame, this.start, letters(sequence));
			return;
		}
		for (int i = 0; i < this.digits; i++) {
			this.frame[this.start + i] = (byte) ('a' + (sequence >>> (4 * (this.digits - 1 - i)) & 15));
		}
	}

	/**
	 * The last 32 bits of a number as eight letters, one for each 4 bits.
	 */
	private static long letters(long sequence) {
		long spread = sequence & 0xffff_ffffL;
		spread = (spread | spread << 16) & 0x0000_ffff_0000_ffffL;
		spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ffL;
		spread = (spread | spread << 4) & 0x0f0f_0f0f_0f0f_0f0fL;
		return spread + 0x6161_6161_6161_6161L;
	}

}
