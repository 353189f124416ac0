package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Direct Measurement TLV in an answer (RFC 8972, 4.5), for {@link StampReply}.
 * <p>
 * A TLV with the flag U is skipped, one with M ends the processing, and after one with I
 * none is used (RFC 8972, 4). In authenticated mode the HMAC TLV must be right (RFC 8972,
 * 4.8).
 */
final class ReplyTlvs {

	private ReplyTlvs() {
	}

	/**
	 * Returns what the reflector has counted.
	 * @param packet an answer whose base packet is right; its indices stay
	 * @param key the key of authenticated mode, {@code null} for the other mode
	 * @param from where the TLVs begin, from the beginning of the answer
	 * @return the counts, {@code null} if the answer does not tell them
	 */
	static @Nullable StampCounts counts(ByteBuf packet, @Nullable StampKey key, int from) {
		int start = packet.readerIndex();
		int first = start + from;
		int end = packet.writerIndex();
		boolean verified = false;
		StampCounts counts = null;
		for (int at = first; StampTlv.isComplete(packet, at, end); at = StampTlv.next(packet, at)) {
			int flags = packet.getByte(at);
			int type = StampTlv.type(packet, at);
			if ((flags & StampTlv.INTEGRITY) != 0 || (verified && type != StampTlv.EXTRA_PADDING)) {
				return null;
			}
			if ((flags & StampTlv.MALFORMED) != 0) {
				break;
			}
			if (type == StampTlv.HMAC) {
				if (!isRight(packet, key, first, at)) {
					return null;
				}
				verified = true;
			}
			else if (type == StampTlv.DIRECT_MEASUREMENT && (flags & StampTlv.UNRECOGNIZED) == 0) {
				counts = read(packet, at);
			}
		}
		return (key == null || verified) ? counts : null;
	}

	private static boolean isRight(ByteBuf packet, @Nullable StampKey key, int first, int at) {
		return key != null && StampTlv.length(packet, at) == StampKey.SIZE && key.verifies(packet, packet.readerIndex(),
				Integer.BYTES, first, at - first, at + StampTlv.HEADER_SIZE);
	}

	private static @Nullable StampCounts read(ByteBuf packet, int at) {
		if (StampTlv.length(packet, at) != StampTlv.DIRECT_MEASUREMENT_LENGTH) {
			return null;
		}
		int counts = at + StampTlv.HEADER_SIZE + Integer.BYTES;
		return new StampCounts(packet.getInt(packet.readerIndex()), packet.getInt(counts),
				packet.getInt(counts + Integer.BYTES));
	}

}
