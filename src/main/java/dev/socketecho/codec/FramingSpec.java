package dev.socketecho.codec;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The framing of a TCP server or client, and the factory of its decoders.
 *
 * @param framing how messages are delimited
 * @param delimiter the text that ends a message, with {@link Framing#DELIMITER} only
 * @param maxMessageSize the longest message in bytes, its terminator or header not
 * counted; 1 to 2^31 - 16
 * @param burst whether the complete frames of one read may travel as one {@link Frames};
 * without it each frame travels alone
 */
public record FramingSpec(Framing framing, @Nullable String delimiter, int maxMessageSize, boolean burst) {

	private static final int LONGEST = Integer.MAX_VALUE - 15;

	public FramingSpec {
		if (maxMessageSize < 1 || maxMessageSize > LONGEST) {
			throw new IllegalArgumentException(
					"maxMessageSize: %d (expected: 1 to %d)".formatted(maxMessageSize, LONGEST));
		}
		if (framing == Framing.DELIMITER && (delimiter == null || delimiter.isEmpty())) {
			throw new IllegalArgumentException("delimiter: missing (expected: a text, as the framing is 'delimiter')");
		}
	}

	/**
	 * Creates the decoder of one connection. It takes {@code ByteBuf}s and passes on
	 * {@link Frames}. At the end of input, an incomplete rest is passed on as it is. A
	 * message over {@code maxMessageSize} raises a
	 * {@link io.netty.handler.codec.TooLongFrameException} after every message before it
	 * has been passed on.
	 * @return a new decoder, or {@code null} where the framing is {@link Framing#NONE}
	 */
	public @Nullable FrameDecoder newDecoder() {
		return (this.framing == Framing.NONE) ? null : new FrameDecoder(format(), this.maxMessageSize, this.burst);
	}

	/**
	 * Creates what puts messages into frames, and takes them out.
	 * @return a new framer
	 */
	public MessageFramer newFramer() {
		return new MessageFramer(this);
	}

	FrameFormat format() {
		return this.framing.format(this);
	}

	/**
	 * The bytes that end a message of {@link Framing#DELIMITER}.
	 */
	byte[] delimiterBytes() {
		String text = this.delimiter;
		if (text == null) {
			throw new IllegalStateException("no delimiter");
		}
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
