package dev.socketecho.probe;

import java.time.Instant;

import dev.socketecho.codec.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Writes and reads the packets of a probe over UDP. The layout is that of the Session-
 * Sender of STAMP in unauthenticated mode (RFC 8762, 4.2.1), with the session identifier
 * of RFC 8972, 3: sequence number, NTP timestamp, error estimate, session identifier,
 * zeros. The bytes after that are a pattern that depends on the sequence number.
 */
final class StampPacket {

	/** The shortest packet, in bytes. */
	static final int MIN_SIZE = 44;

	/** From 1900 to 1970, in seconds. */
	private static final long NTP_EPOCH = 2_208_988_800L;

	/** Clock not synchronised, NTP format, multiplier 1 (RFC 4656, 4.1.2). */
	private static final int ERROR_ESTIMATE = 1;

	private static final int TIMESTAMP_INDEX = 4;

	private static final int SESSION_INDEX = 14;

	private static final int PADDING_INDEX = 16;

	private StampPacket() {
	}

	/**
	 * Returns a time as packets have it (RFC 5905, 6): seconds since 1900 in the upper
	 * half, the fraction of a second in the lower one.
	 */
	static long timestamp(Instant time) {
		return ((time.getEpochSecond() + NTP_EPOCH) << Integer.SIZE)
				| (((long) time.getNano() << Integer.SIZE) / 1_000_000_000L);
	}

	/**
	 * Writes a packet. The same arguments give the same packet.
	 * @param timestamp when it is sent, as {@link #timestamp(Instant)} returns it
	 * @param size its length, at least {@link #MIN_SIZE}
	 */
	static byte[] create(int session, int sequence, long timestamp, int size) {
		byte[] packet = new byte[size];
		ByteBuf out = Unpooled.wrappedBuffer(packet).writerIndex(0);
		out.writeInt(sequence)
			.writeLong(timestamp)
			.writeShort(ERROR_ESTIMATE)
			.writeShort(session)
			.writeZero(MIN_SIZE - PADDING_INDEX);
		for (int i = MIN_SIZE; i < size; i++) {
			packet[i] = (byte) (sequence + i);
		}
		return packet;
	}

	/**
	 * Reads the sequence number.
	 * @return the sequence number, -1 if the packet is too short or of another session
	 */
	static long sequence(ByteBuf packet, int session) {
		int at = packet.readerIndex();
		if (packet.readableBytes() < MIN_SIZE || packet.getUnsignedShort(at + SESSION_INDEX) != session) {
			return -1;
		}
		return packet.getUnsignedInt(at);
	}

	/**
	 * Whether a session may have sent this packet with this sequence number, at any time.
	 * @param packet the packet, at least {@link #MIN_SIZE} bytes
	 */
	static boolean isOf(ByteBuf packet, int session, int sequence) {
		long timestamp = packet.getLong(packet.readerIndex() + TIMESTAMP_INDEX);
		return Bytes.equal(packet, create(session, sequence, timestamp, packet.readableBytes()));
	}

}
