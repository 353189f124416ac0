package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;

/**
 * The layout of an extension, a TLV (RFC 8972, 4): 8 bits of flags, 8 bits of type, 16
 * bits for the length of the value, and the value. The types are those of RFC 8972, 5.1,
 * the flags those of 5.2. The other five flags are reserved, and sent as 0.
 */
final class StampTlv {

	/** The length of flags, type and length, in bytes. */
	static final int HEADER_SIZE = 4;

	/** Where the type is. */
	static final int TYPE = 1;

	/** Where the length of the value is. */
	static final int LENGTH = 2;

	/**
	 * The flag U. A sender sets it. A reflector clears it in what it has understood.
	 */
	static final int UNRECOGNIZED = 0x80;

	/**
	 * The flag M. A reflector sets it if the value does not have the length of its type,
	 * or if the packet ends before the TLV does.
	 */
	static final int MALFORMED = 0x40;

	/**
	 * The flag I. A reflector sets it in all TLVs if their HMAC is wrong.
	 */
	static final int INTEGRITY = 0x20;

	static final int EXTRA_PADDING = 1;

	static final int LOCATION = 2;

	static final int TIMESTAMP_INFORMATION = 3;

	static final int CLASS_OF_SERVICE = 4;

	static final int DIRECT_MEASUREMENT = 5;

	static final int HMAC = 8;

	private static final int TIMESTAMP_INFORMATION_LENGTH = 4;

	private static final int CLASS_OF_SERVICE_LENGTH = 4;

	static final int DIRECT_MEASUREMENT_LENGTH = 12;

	/** The two ports; sub-TLVs may follow. */
	private static final int LEAST_LOCATION_LENGTH = 4;

	private StampTlv() {
	}

	/**
	 * Returns whether the reflector knows a type. Of RFC 8972's types it does not know
	 * Access Report (6) and Follow-Up Telemetry (7).
	 */
	static boolean isKnown(int type) {
		return (type >= EXTRA_PADDING && type <= DIRECT_MEASUREMENT) || type == HMAC;
	}

	/**
	 * Returns whether the value of a known type may have this length.
	 */
	static boolean fits(int type, int length) {
		return switch (type) {
			case LOCATION -> length >= LEAST_LOCATION_LENGTH;
			case TIMESTAMP_INFORMATION -> length == TIMESTAMP_INFORMATION_LENGTH;
			case CLASS_OF_SERVICE -> length == CLASS_OF_SERVICE_LENGTH;
			case DIRECT_MEASUREMENT -> length == DIRECT_MEASUREMENT_LENGTH;
			case HMAC -> length == StampKey.SIZE;
			default -> true;
		};
	}

	/**
	 * Returns whether a TLV is there with its header and its value.
	 * @param at where it begins
	 * @param end where the packet ends
	 */
	static boolean isComplete(ByteBuf buffer, int at, int end) {
		return end - at >= HEADER_SIZE && end - at - HEADER_SIZE >= length(buffer, at);
	}

	static int type(ByteBuf buffer, int at) {
		return buffer.getUnsignedByte(at + TYPE);
	}

	static int length(ByteBuf buffer, int at) {
		return buffer.getUnsignedShort(at + LENGTH);
	}

	/** Where the TLV behind this one begins. */
	static int next(ByteBuf buffer, int at) {
		return at + HEADER_SIZE + length(buffer, at);
	}

	/** Writes the flags, type and length of a TLV that a sender sends. */
	static void header(ByteBuf buffer, int at, int type, int length) {
		buffer.setByte(at, UNRECOGNIZED);
		buffer.setByte(at + TYPE, type);
		buffer.setShort(at + LENGTH, length);
	}

}
