package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Writes the packets of a Session-Sender (RFC 8762, 4.2; RFC 8972, 3). The package
 * {@code probe} calls it. It makes two kinds of packets: {@link #forReflector} for a
 * Session-Reflector, and {@link #forEcho} for a server that returns what it receives.
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
	 * Returns how long a packet for a reflector is: as long as asked, but at least the
	 * base packet, and what is longer has room for the header of the padding.
	 * @param key the key of authenticated mode, {@code null} for the other mode
	 * @param size the length that is wanted, in bytes
	 * @return the length in bytes
	 */
	public static int size(@Nullable StampKey key, int size) {
		int base = mode(key).size();
		return (size <= base) ? base : Math.max(size, base + StampTlv.HEADER_SIZE);
	}

	/**
	 * Writes a packet for a Session-Reflector. What is longer than the base packet is one
	 * Extra Padding TLV of zeros (RFC 8972, 4.1). It is the one TLV that needs no HMAC of
	 * its own in authenticated mode (RFC 8972, 4.8).
	 * @param key the key of authenticated mode, {@code null} for the other mode
	 * @param session the session identifier, 1 to 65535
	 * @param sequence the sequence number, unsigned
	 * @param timestamp when it is sent, as {@link StampTime#toNtp} returns it
	 * @param isSynchronized whether this host's clock is synchronised to UTC
	 * @param size the length that is wanted; see {@link #size}
	 * @return the packet
	 */
	public static byte[] forReflector(@Nullable StampKey key, int session, int sequence, long timestamp,
			boolean isSynchronized, int size) {
		StampMode mode = mode(key);
		byte[] packet = new byte[size(key, size)];
		ByteBuf out = Unpooled.wrappedBuffer(packet);
		out.setInt(0, sequence);
		out.setLong(mode.timestamp(), timestamp);
		out.setShort(mode.errorEstimate(), ErrorEstimate.of(isSynchronized));
		out.setShort(mode.session(), session);
		if (packet.length > mode.size()) {
			int tlv = mode.size();
			out.setByte(tlv, StampTlv.UNRECOGNIZED);
			out.setByte(tlv + StampTlv.TYPE, StampTlv.EXTRA_PADDING);
			out.setShort(tlv + StampTlv.LENGTH, packet.length - tlv - StampTlv.HEADER_SIZE);
		}
		if (key != null) {
			key.sign(out, 0, mode.hmac());
		}
		return packet;
	}

	private static StampMode mode(@Nullable StampKey key) {
		return (key != null) ? StampMode.AUTHENTICATED : StampMode.UNAUTHENTICATED;
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
