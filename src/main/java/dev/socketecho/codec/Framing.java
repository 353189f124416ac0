package dev.socketecho.codec;

import java.util.Locale;
import java.util.function.Function;

/**
 * How messages are delimited on a TCP connection: one constant per framing, with all that
 * the rest of the service asks about it. Echoed frames keep their terminators and headers
 * byte for byte.
 */
public enum Framing {

	/**
	 * No framing: every read is one message (RFC 862).
	 */
	NONE(Boundary.READ, new UnframedFormat()),

	/**
	 * Lines that end in LF or CRLF.
	 */
	LINE(Boundary.FRAME, new LineFormat()),

	/**
	 * Messages that end in CRLF.
	 */
	CRLF(Boundary.FRAME, new DelimiterFormat(new byte[] { '\r', '\n' })),

	/**
	 * Messages that end in LF; a CR before it belongs to the message.
	 */
	LF(Boundary.FRAME, new DelimiterFormat(new byte[] { '\n' })),

	/**
	 * Messages that end in a zero byte.
	 */
	NUL(Boundary.FRAME, new DelimiterFormat(new byte[] { 0 })),

	/**
	 * Messages between STX (0x02) and ETX (0x03).
	 */
	STX_ETX(Boundary.FRAME, new StxEtxFormat()),

	/**
	 * A one-byte count of the payload's bytes, then the payload.
	 */
	LENGTH_1(Boundary.FRAME, new LengthFormat(1)),

	/**
	 * A two-byte big-endian count of the payload's bytes, then the payload.
	 */
	LENGTH_2(Boundary.FRAME, new LengthFormat(2)),

	/**
	 * A four-byte big-endian count of the payload's bytes, then the payload.
	 */
	LENGTH_4(Boundary.FRAME, new LengthFormat(4)),

	/**
	 * Messages that end in a configured text.
	 */
	DELIMITER(Boundary.FRAME, (spec) -> new DelimiterFormat(spec.delimiterBytes())),

	/**
	 * One message: everything until the peer closes its side.
	 */
	UNTIL_CLOSE(Boundary.END_OF_INPUT, new UnframedFormat()),

	/**
	 * The messages of the WebSocket protocol (RFC 6455), whose handlers make frames of
	 * them and take them out again.
	 */
	WEBSOCKET(Boundary.FRAME, new UnframedFormat());

	private final Boundary boundary;

	private final Function<FramingSpec, FrameFormat> format;

	Framing(Boundary boundary, FrameFormat format) {
		this(boundary, (_) -> format);
	}

	Framing(Boundary boundary, Function<FramingSpec, FrameFormat> format) {
		this.boundary = boundary;
		this.format = format;
	}

	/**
	 * Returns what ends a message. It decides what a client takes for the reply.
	 * @return the boundary
	 */
	public Boundary boundary() {
		return this.boundary;
	}

	/**
	 * Returns whether a delimiter is to be configured with this framing. With any other,
	 * one is a mistake.
	 * @return whether {@link FramingSpec#delimiter()} is used
	 */
	public boolean needsDelimiter() {
		return this == DELIMITER;
	}

	/**
	 * Returns whether a {@link FrameDecoder} splits the stream. Otherwise each read is a
	 * message, or the connection has handlers of the framing in its place.
	 * @return whether a connection has a decoder
	 */
	public boolean needsDecoder() {
		return this.boundary != Boundary.READ && this != WEBSOCKET;
	}

	/**
	 * The layout of a frame, for the decoder of a connection and the framer of a client.
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

	/**
	 * What ends a message.
	 */
	public enum Boundary {

		/**
		 * The end of a read: there are no frames, and any part of the stream is a
		 * message.
		 */
		READ,

		/**
		 * The end of a frame.
		 */
		FRAME,

		/**
		 * The end of the peer's input: all that it sends is one message.
		 */
		END_OF_INPUT

	}

}
