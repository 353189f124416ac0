package dev.socketecho.codec;

import java.util.Locale;
import java.util.function.Function;

/**
 * How messages are delimited on a TCP connection. Echoed frames keep their terminators
 * and headers byte for byte.
 */
public enum Framing {

	/**
	 * No framing: every read is one message (RFC 862).
	 */
	NONE((spec) -> new UnframedFormat()),

	/**
	 * Lines that end in LF or CRLF.
	 */
	LINE((spec) -> new LineFormat()),

	/**
	 * Messages that end in CRLF.
	 */
	CRLF((spec) -> new DelimiterFormat(new byte[] { '\r', '\n' })),

	/**
	 * Messages that end in LF; a CR before it belongs to the message.
	 */
	LF((spec) -> new DelimiterFormat(new byte[] { '\n' })),

	/**
	 * Messages that end in a zero byte.
	 */
	NUL((spec) -> new DelimiterFormat(new byte[] { 0 })),

	/**
	 * Messages between STX (0x02) and ETX (0x03).
	 */
	STX_ETX((spec) -> new StxEtxFormat()),

	/**
	 * A one-byte count of the payload's bytes, then the payload.
	 */
	LENGTH_1((spec) -> new LengthFormat(1)),

	/**
	 * A two-byte big-endian count of the payload's bytes, then the payload.
	 */
	LENGTH_2((spec) -> new LengthFormat(2)),

	/**
	 * A four-byte big-endian count of the payload's bytes, then the payload.
	 */
	LENGTH_4((spec) -> new LengthFormat(4)),

	/**
	 * Messages that end in a configured text.
	 */
	DELIMITER((spec) -> new DelimiterFormat(spec.delimiterBytes())),

	/**
	 * One message: everything until the peer closes its side.
	 */
	UNTIL_CLOSE((spec) -> new UnframedFormat());

	private final Function<FramingSpec, FrameFormat> format;

	Framing(Function<FramingSpec, FrameFormat> format) {
		this.format = format;
	}

	/**
	 * What its frames look like. This is the one place that knows which class does it.
	 */
	FrameFormat format(FramingSpec spec) {
		return this.format.apply(spec);
	}

	/**
	 * Returns the name as it is written in configuration and logs.
	 * @return the lower-case, dashed name, such as {@code stx-etx}
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
