package dev.socketecho.tls;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads an alert that is not encrypted (RFC 8446, 5.1 and 6).
 */
final class PlainAlert {

	/** Type, version and length of the record, level, description. */
	private static final int LENGTH = 7;

	private static final int LEVEL = 5;

	private static final int DESCRIPTION = 6;

	private static final int FATAL = 2;

	private PlainAlert() {
	}

	/**
	 * Returns the name of a fatal alert about a certificate.
	 * @param record what begins with a record of the type alert; nothing is consumed
	 * @return the name, {@code null} if it is another one or incomplete
	 */
	static @Nullable String name(ByteBuf record) {
		int start = record.readerIndex();
		if (record.readableBytes() < LENGTH || record.getByte(start + LEVEL) != FATAL) {
			return null;
		}
		return switch (record.getByte(start + DESCRIPTION)) {
			case 42 -> "bad_certificate";
			case 43 -> "unsupported_certificate";
			case 44 -> "certificate_revoked";
			case 45 -> "certificate_expired";
			case 46 -> "certificate_unknown";
			case 48 -> "unknown_ca";
			default -> null;
		};
	}

}
