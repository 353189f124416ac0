package dev.socketecho.stamp;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;

/**
 * Fills the Location TLV (RFC 8972, 4.2): the ports and the addresses that a packet had
 * when it reached the reflector, so that a sender notices a translation on the way. The
 * sender chooses the sub-TLVs that it wants. Used by {@link TlvReflection}.
 */
final class LocationTlv {

	/** The destination port, and then the source port. */
	private static final int PORTS_SIZE = 4;

	// What a sender may ask for: sub-TLVs of zeros (RFC 8972, 4.2.1)
	private static final int SOURCE_MAC = 1;

	/** The answer to {@link #SOURCE_MAC} if the address is not known: zeros. */
	private static final int SOURCE_EUI_64 = 3;

	private static final int DESTINATION_ADDRESS = 4;

	private static final int SOURCE_ADDRESS = 7;

	/** The type of an answer with an IPv4 address is that of the question and 1. */
	private static final int V4 = 1;

	private static final int V6 = 2;

	private static final int MAC_LENGTH = 8;

	private static final int ADDRESS_LENGTH = 16;

	private LocationTlv() {
	}

	/**
	 * Fills the value.
	 * @param buffer where it is
	 * @param value where it begins
	 * @param length its length in bytes, at least 4
	 * @return {@code false} if a sub-TLV is malformed; then that one has the flag M, and
	 * nothing is filled
	 */
	static boolean fill(ByteBuf buffer, int value, int length, StampArrival arrival) {
		int first = value + PORTS_SIZE;
		int end = value + length;
		if (!isWellFormed(buffer, first, end)) {
			return false;
		}
		InetSocketAddress destination = arrival.destination().get();
		buffer.setShort(value, destination.getPort());
		buffer.setShort(value + Short.BYTES, arrival.source().getPort());
		for (int at = first; at < end; at += StampTlv.HEADER_SIZE + StampTlv.length(buffer, at)) {
			int subValue = at + StampTlv.HEADER_SIZE;
			int flags = 0;
			switch (StampTlv.type(buffer, at)) {
				// The link layer's address is not known here (RFC 8972, 4.2.2).
				case SOURCE_MAC -> {
					buffer.setByte(at + StampTlv.TYPE, SOURCE_EUI_64);
					buffer.setZero(subValue, MAC_LENGTH);
				}
				case DESTINATION_ADDRESS -> address(buffer, at, destination.getAddress());
				case SOURCE_ADDRESS -> address(buffer, at, arrival.source().getAddress());
				default -> flags = StampTlv.UNRECOGNIZED;
			}
			buffer.setByte(at, flags);
		}
		return true;
	}

	/**
	 * Marks the first malformed sub-TLV, if there is one.
	 */
	private static boolean isWellFormed(ByteBuf buffer, int first, int end) {
		int at = first;
		while (at < end) {
			if (end - at < StampTlv.HEADER_SIZE || end - at - StampTlv.HEADER_SIZE < StampTlv.length(buffer, at)
					|| !fits(StampTlv.type(buffer, at), StampTlv.length(buffer, at))) {
				// The flags U and M mean the same as in a TLV (RFC 8972, 4.2.1).
				buffer.setByte(at, StampTlv.MALFORMED);
				return false;
			}
			at += StampTlv.HEADER_SIZE + StampTlv.length(buffer, at);
		}
		return true;
	}

	private static boolean fits(int type, int length) {
		return switch (type) {
			case SOURCE_MAC -> length == MAC_LENGTH;
			case DESTINATION_ADDRESS, SOURCE_ADDRESS -> length == ADDRESS_LENGTH;
			default -> true;
		};
	}

	/**
	 * Answers with the sub-TLV of the address' family. An IPv4 address is at the
	 * beginning of the value, and zeros follow.
	 */
	private static void address(ByteBuf buffer, int at, InetAddress address) {
		byte[] bytes = address.getAddress();
		int value = at + StampTlv.HEADER_SIZE;
		buffer.setByte(at + StampTlv.TYPE, StampTlv.type(buffer, at) + ((bytes.length == Integer.BYTES) ? V4 : V6));
		buffer.setZero(value, ADDRESS_LENGTH);
		buffer.setBytes(value, bytes);
	}

}
