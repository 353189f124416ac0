package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Writes and reads the packets for a server that returns what it receives. They have the
 * layout of STAMP (RFC 8762, 4.2; RFC 8972, 3). The package {@code probe} calls it. The
 * packets for a Session-Reflector are those of {@link StampSender}.
 */
public final class StampPacket {

	/**
	 * The length of the shortest packet without authentication, in bytes.
	 */
	public static final int MIN_SIZE = StampMode.UNAUTHENTICATED.size();

	private static final StampMode LAYOUT = StampMode.UNAUTHENTICATED;

	private StampPacket() {
	}

	/**
	 * Writes a packet for a server that returns what it receives. It has the layout of
	 * unauthenticated mode; the bytes after that are a pattern that depends on the
	 * sequence number. The same arguments give the same packet.
	 * @param session the session identifier, 1 to 65535
	 * @param sequence the sequence number, unsigned
	 * @param timestamp when it is sent, as {@link StampTime#toNtp} returns it
	 * @param size its length, at least {@link #MIN_SIZE}
	 * @return the packet
	 */
	public static byte[] forEcho(int session, int sequence, long timestamp, int size) {
		byte[] packet = new byte[size];
		ByteBuf out = Unpooled.wrappedBuffer(packet);
		out.setInt(0, sequence);
		out.setLong(LAYOUT.timestamp(), timestamp);
		out.setShort(LAYOUT.errorEstimate(), ErrorEstimate.of(false));
		out.setShort(LAYOUT.session(), session);
		for (int i = MIN_SIZE; i < size; i++) {
			packet[i] = (byte) (sequence + i);
		}
		return packet;
	}

	/**
	 * Reads the sequence number of a packet that {@link #forEcho} has made.
	 * @param packet the packet; its indices stay
	 * @param session the session that it should be of
	 * @return the sequence number, -1 if the packet is too short or of another session
	 */
	public static long echoSequence(ByteBuf packet, int session) {
		int at = packet.readerIndex();
		if (packet.readableBytes() < MIN_SIZE || packet.getUnsignedShort(at + LAYOUT.session()) != session) {
			return -1;
		}
		return packet.getUnsignedInt(at);
	}

	/**
	 * Returns the timestamp of a packet that {@link #forEcho} has made.
	 * @param packet the packet, at least {@link #MIN_SIZE} bytes; its indices stay
	 * @return the timestamp in NTP's format
	 */
	public static long echoTimestamp(ByteBuf packet) {
		return packet.getLong(packet.readerIndex() + LAYOUT.timestamp());
	}

}
