package dev.socketecho.codec;

/**
 * How messages are delimited on a TCP connection. Echoed frames keep their terminators
 * and headers byte for byte.
 */
public enum Framing {

	/**
	 * No framing: every read is one message (RFC 862).
	 */
	NONE,

	/**
	 * Lines that end in LF or CRLF.
	 */
	LINE,

	/**
	 * Messages that end in CRLF.
	 */
	CRLF,

	/**
	 * Messages that end in LF; a CR before it belongs to the message.
	 */
	LF,

	/**
	 * Messages that end in a zero byte.
	 */
	NUL,

	/**
	 * Messages between STX (0x02) and ETX (0x03).
	 */
	STX_ETX,

	/**
	 * A one-byte count of the payload's bytes, then the payload.
	 */
	LENGTH_1,

	/**
	 * A two-byte big-endian count of the payload's bytes, then the payload.
	 */
	LENGTH_2,

	/**
	 * A four-byte big-endian count of the payload's bytes, then the payload.
	 */
	LENGTH_4,

	/**
	 * Messages that end in a configured text.
	 */
	DELIMITER,

	/**
	 * One message: everything until the peer closes its side.
	 */
	UNTIL_CLOSE;

	/**
	 * Returns the name as it is written in configuration and logs.
	 * @return the lower-case, dashed name, such as {@code stx-etx}
	 */
	public String value() {
		return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
	}

}
