package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a Session-Reflector, as a Session-Sender reads it (RFC 8762, 4.3; RFC
 * 8972, 3). All times are nanoseconds since 1970.
 *
 * @param sequence the reflector's sequence number, unsigned: its own count if it is
 * stateful, else the sender's number again
 * @param session the session identifier, 0 from a reflector that does not know it
 * @param sent T3: when the reflector has sent the answer
 * @param received T2: when the reflector has received the packet
 * @param senderSequence the sequence number of the packet, unsigned
 * @param senderTimestamp the timestamp of the packet, as it was sent
 * @param isSynchronized whether the reflector says that its clock is synchronised to UTC
 * @param hopLimit the TTL or hop limit of the packet when it reached the reflector
 * @param counts how many packets the reflector has received and sent, if it tells it in a
 * Direct Measurement TLV (RFC 8972, 4.5)
 */
public record StampReply(int sequence, int session, long sent, long received, int senderSequence, long senderTimestamp,
		boolean isSynchronized, int hopLimit, @Nullable StampCounts counts) {

	/**
	 * The shortest answer without authentication, in bytes: that of TWAMP Light ends with
	 * the sender's TTL (RFC 5357, 4.2.1).
	 */
	private static final int TWAMP_SIZE = StampMode.UNAUTHENTICATED.senderTtl() + 1;

	/**
	 * Reads an answer. In authenticated mode its HMAC is verified first (RFC 8762, 4.4).
	 * @param packet the datagram; its indices stay
	 * @param key the key of authenticated mode, {@code null} for the other mode
	 * @param near a time near those in the answer, in nanoseconds since 1970
	 * @return the answer, {@code null} if it is too short or not authentic
	 */
	public static @Nullable StampReply read(ByteBuf packet, @Nullable StampKey key, long near) {
		StampMode mode = (key != null) ? StampMode.AUTHENTICATED : StampMode.UNAUTHENTICATED;
		int at = packet.readerIndex();
		int shortest = (key != null) ? mode.size() : TWAMP_SIZE;
		if (packet.readableBytes() < shortest || (key != null && !key.verifies(packet, at, mode.hmac()))) {
			return null;
		}
		int estimate = packet.getUnsignedShort(at + mode.errorEstimate());
		boolean ptp = ErrorEstimate.isPtp(estimate);
		return new StampReply(packet.getInt(at), packet.getUnsignedShort(at + mode.session()),
				StampTime.toNanos(packet.getLong(at + mode.timestamp()), ptp, near),
				StampTime.toNanos(packet.getLong(at + mode.receiveTimestamp()), ptp, near),
				packet.getInt(at + mode.senderSequence()), packet.getLong(at + mode.senderTimestamp()),
				ErrorEstimate.isSynchronized(estimate), packet.getUnsignedByte(at + mode.senderTtl()),
				ReplyTlvs.counts(packet, key, mode.size()));
	}

}
