package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Fills the extensions of an answer (RFC 8972, 4). {@link StampReflector} calls it when
 * it has copied them from the packet. Each TLV keeps its length, so the answer stays as
 * long as the packet. Thread-safe.
 */
final class TlvReflection {

	private static final int NO_HMAC = -1;

	private static final int MISPLACED_HMAC = -2;

	/**
	 * Nothing is said about what synchronises the clock. The operator says only that
	 * something does. NTP, PTP or a satellite would be a guess, and RFC 8972, 5.4, has no
	 * value for that. So the field is 0, as a sender sends it.
	 */
	private static final int NOT_TOLD = 0;

	/** Nothing synchronises the clock (RFC 8972, 5.4). */
	private static final int LOCAL_FREE_RUNNING = 5;

	/** The host's software has taken the timestamp (RFC 8972, 5.5). */
	private static final int SOFTWARE = 2;

	/** The bits of DSCP in a traffic class. The other two are ECN. */
	private static final int DSCP = 0xfc;

	private static final int ECN = 3;

	// Class of Service (RFC 8972, 4.4): DSCP1, DSCP2, ECN, RP, 16 reserved bits
	private static final int DSCP1_SHIFT = 26;

	private static final int DSCP2_SHIFT = 20;

	private static final int ECN_SHIFT = 18;

	/** RP = 1: the DSCP that the sender asked for was not used. */
	private static final int REFUSED = 1 << 16;

	private final @Nullable StampKey key;

	private final int clockSource;

	private final boolean grantsClass;

	TlvReflection(@Nullable StampKey key, boolean isSynchronized, boolean grantsClass) {
		this.key = key;
		this.clockSource = isSynchronized ? NOT_TOLD : LOCAL_FREE_RUNNING;
		this.grantsClass = grantsClass;
	}

	/**
	 * Fills the TLVs.
	 * @param packet the packet
	 * @param answer the answer, with a copy of the packet's TLVs up to its end
	 * @param from where the TLVs begin, in both
	 * @return the traffic class that the answer gets, {@link StampArrival#NO_CLASS} for
	 * that of the socket
	 */
	int reflect(ByteBuf packet, ByteBuf answer, int from, StampArrival arrival, StampCounts counts) {
		int hmac = hmacIndex(answer, from);
		if (!isAuthentic(packet, from, hmac)) {
			// RFC 8972, 4.8: no TLV is processed, each one comes back with the flag I.
			markAll(answer, from);
			return StampArrival.NO_CLASS;
		}
		int trafficClass = fillAll(answer, from, arrival, counts);
		if (this.key != null && hmac >= 0) {
			this.key.sign(answer, 0, Integer.BYTES, from, hmac - from, hmac + StampTlv.HEADER_SIZE);
		}
		return trafficClass;
	}

	/**
	 * Finds the HMAC TLV. Only Extra Padding may follow it (RFC 8972, 4.8).
	 */
	private static int hmacIndex(ByteBuf answer, int from) {
		int end = answer.writerIndex();
		int hmac = NO_HMAC;
		for (int at = from; StampTlv.isComplete(answer, at, end); at = StampTlv.next(answer, at)) {
			int type = StampTlv.type(answer, at);
			if (hmac >= 0 && type != StampTlv.EXTRA_PADDING) {
				return MISPLACED_HMAC;
			}
			if (type == StampTlv.HMAC && StampTlv.length(answer, at) == StampKey.SIZE) {
				hmac = at;
			}
		}
		return hmac;
	}

	/**
	 * Returns whether the TLVs may be used (RFC 8972, 4.8). The HMAC covers the sequence
	 * number and the TLVs before it. In authenticated mode there must be one, unless all
	 * that there is is one Extra Padding TLV. An HMAC without a key to verify it counts
	 * as wrong.
	 */
	private boolean isAuthentic(ByteBuf packet, int from, int hmac) {
		int at = packet.readerIndex();
		if (hmac == NO_HMAC) {
			return this.key == null || isPaddingOnly(packet, at + from);
		}
		return this.key != null && hmac >= 0 && this.key.verifies(packet, at, Integer.BYTES, at + from, hmac - from,
				at + hmac + StampTlv.HEADER_SIZE);
	}

	private static boolean isPaddingOnly(ByteBuf packet, int at) {
		int end = packet.writerIndex();
		return StampTlv.isComplete(packet, at, end) && StampTlv.type(packet, at) == StampTlv.EXTRA_PADDING
				&& StampTlv.next(packet, at) == end;
	}

	/**
	 * Sets the flag I in all TLVs. Of the other flags, U stays as the sender has set it;
	 * the rest is 0 (RFC 8972, 4).
	 */
	private static void markAll(ByteBuf answer, int from) {
		int end = answer.writerIndex();
		int at = from;
		while (at < end) {
			answer.setByte(at, (answer.getByte(at) & StampTlv.UNRECOGNIZED) | StampTlv.INTEGRITY);
			if (!StampTlv.isComplete(answer, at, end)) {
				return;
			}
			at = StampTlv.next(answer, at);
		}
	}

	/**
	 * Fills one TLV after the other, until a malformed one. The rest stays as it came.
	 */
	private int fillAll(ByteBuf answer, int from, StampArrival arrival, StampCounts counts) {
		int end = answer.writerIndex();
		int trafficClass = StampArrival.NO_CLASS;
		for (int at = from; at < end; at = StampTlv.next(answer, at)) {
			int flags = StampTlv.isComplete(answer, at, end) ? fill(answer, at, arrival, counts)
					: flagsOfIncomplete(answer, at);
			answer.setByte(at, flags);
			if ((flags & StampTlv.MALFORMED) != 0) {
				return trafficClass;
			}
			if (flags == 0 && StampTlv.type(answer, at) == StampTlv.CLASS_OF_SERVICE) {
				trafficClass = fillClass(answer, at + StampTlv.HEADER_SIZE, arrival.trafficClass());
			}
		}
		return trafficClass;
	}

	/**
	 * Fills a TLV that does not affect how the answer is sent.
	 * @return its flags
	 */
	private int fill(ByteBuf answer, int at, StampArrival arrival, StampCounts counts) {
		int type = StampTlv.type(answer, at);
		int length = StampTlv.length(answer, at);
		int value = at + StampTlv.HEADER_SIZE;
		if (!StampTlv.isKnown(type)) {
			return StampTlv.UNRECOGNIZED;
		}
		if (!StampTlv.fits(type, length)) {
			return StampTlv.MALFORMED;
		}
		switch (type) {
			case StampTlv.LOCATION -> {
				if (!LocationTlv.fill(answer, value, length, arrival)) {
					return StampTlv.MALFORMED;
				}
			}
			case StampTlv.TIMESTAMP_INFORMATION -> {
				// RFC 8972, 4.3: source and method at the ingress, then at the egress
				int information = (this.clockSource << Byte.SIZE) | SOFTWARE;
				answer.setInt(value, (information << Short.SIZE) | information);
			}
			case StampTlv.CLASS_OF_SERVICE -> {
				if (arrival.trafficClass() == StampArrival.NO_CLASS) {
					// The platform neither tells nor sets it: as good as not understood.
					return StampTlv.UNRECOGNIZED;
				}
			}
			case StampTlv.DIRECT_MEASUREMENT -> {
				// RFC 8972, 4.5: the sender's count stays
				answer.setInt(value + Integer.BYTES, counts.received());
				answer.setInt(value + 2 * Integer.BYTES, counts.sent());
			}
			default -> {
				// Extra Padding stays as it is, the HMAC follows at the end.
			}
		}
		return 0;
	}

	/**
	 * Fills a Class of Service TLV (RFC 8972, 4.4): which class the packet had when it
	 * came, and whether the answer has the one that the sender asked for. If not, it has
	 * that of the packet. The ECN of the packet is reported, too (erratum 8199).
	 * @return the traffic class of the answer
	 */
	private int fillClass(ByteBuf answer, int value, int received) {
		int asked = (answer.getInt(value) >>> DSCP1_SHIFT) << 2;
		int granted = this.grantsClass ? asked : received & DSCP;
		answer.setInt(value, ((asked >>> 2) << DSCP1_SHIFT) | ((received >>> 2) << DSCP2_SHIFT)
				| ((received & ECN) << ECN_SHIFT) | ((granted == asked) ? 0 : REFUSED));
		return granted;
	}

	private static int flagsOfIncomplete(ByteBuf answer, int at) {
		boolean known = answer.writerIndex() - at > StampTlv.TYPE && StampTlv.isKnown(StampTlv.type(answer, at));
		return known ? StampTlv.MALFORMED : StampTlv.MALFORMED | StampTlv.UNRECOGNIZED;
	}

}
