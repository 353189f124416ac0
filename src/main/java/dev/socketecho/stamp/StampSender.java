package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Writes the packets of a Session-Sender (RFC 8762, 4.2; RFC 8972). The package
 * {@code probe} calls it. Thread-safe.
 *
 * @param key the key of authenticated mode, {@code null} for the other mode
 * @param measuresDirectly whether each packet has a Direct Measurement TLV (RFC 8972,
 * 4.5), in which the reflector tells how many packets it has received and sent
 */
public record StampSender(@Nullable StampKey key, boolean measuresDirectly) {

	private static final int DIRECT_SIZE = StampTlv.HEADER_SIZE + StampTlv.DIRECT_MEASUREMENT_LENGTH;

	private static final int HMAC_SIZE = StampTlv.HEADER_SIZE + StampKey.SIZE;

	/**
	 * Returns how long a packet is: as long as asked, but at least the base packet and
	 * the TLVs, and what is longer has room for the header of the padding.
	 * @param size the length that is wanted, in bytes
	 * @return the length in bytes
	 */
	public int size(int size) {
		int least = mode().size() + directSize() + hmacSize();
		return (size <= least) ? least : Math.max(size, least + StampTlv.HEADER_SIZE);
	}

	/**
	 * Writes a packet. What is longer than it must be is one Extra Padding TLV of zeros
	 * (RFC 8972, 4.1). If that is the only TLV, it needs no HMAC of its own in
	 * authenticated mode; otherwise an HMAC TLV is the last one (RFC 8972, 4.8).
	 * @param session the session identifier, 1 to 65535
	 * @param sequence the sequence number, unsigned. The first packet has 0, so the
	 * number of packets sent is 1 more
	 * @param timestamp when it is sent, as {@link StampTime#toNtp} returns it
	 * @param isSynchronized whether this host's clock is synchronised to UTC
	 * @param size the length that is wanted; see {@link #size}
	 * @return the packet
	 */
	public byte[] packet(int session, int sequence, long timestamp, boolean isSynchronized, int size) {
		StampMode mode = mode();
		byte[] packet = new byte[size(size)];
		ByteBuf out = Unpooled.wrappedBuffer(packet);
		out.setInt(0, sequence);
		out.setLong(mode.timestamp(), timestamp);
		out.setShort(mode.errorEstimate(), ErrorEstimate.of(isSynchronized));
		out.setShort(mode.session(), session);
		int tlv = mode.size();
		if (this.measuresDirectly) {
			StampTlv.header(out, tlv, StampTlv.DIRECT_MEASUREMENT, StampTlv.DIRECT_MEASUREMENT_LENGTH);
			out.setInt(tlv + StampTlv.HEADER_SIZE, sequence + 1);
			tlv += DIRECT_SIZE;
		}
		int hmac = packet.length - hmacSize();
		if (hmac > tlv) {
			StampTlv.header(out, tlv, StampTlv.EXTRA_PADDING, hmac - tlv - StampTlv.HEADER_SIZE);
		}
		if (this.key != null) {
			if (hmac < packet.length) {
				StampTlv.header(out, hmac, StampTlv.HMAC, StampKey.SIZE);
				this.key.sign(out, 0, Integer.BYTES, mode.size(), hmac - mode.size(), hmac + StampTlv.HEADER_SIZE);
			}
			this.key.sign(out, 0, mode.hmac());
		}
		return packet;
	}

	private int directSize() {
		return this.measuresDirectly ? DIRECT_SIZE : 0;
	}

	private int hmacSize() {
		return (this.key != null && this.measuresDirectly) ? HMAC_SIZE : 0;
	}

	private StampMode mode() {
		return (this.key != null) ? StampMode.AUTHENTICATED : StampMode.UNAUTHENTICATED;
	}

}
