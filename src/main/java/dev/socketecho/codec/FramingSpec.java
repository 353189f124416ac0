package dev.socketecho.codec;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The framing of a TCP server or client with its settings. Makes the decoder of each
 * connection, and a client's framer.
 *
 * @param framing how messages are delimited
 * @param delimiter the text that ends a message; used only where
 * {@link Framing#needsDelimiter()}
 * @param maxMessageSize the longest message in bytes, without terminator or header; 1 to
 * 2^31 - 16
 * @param burst whether all complete frames of one read travel as one {@link Frames};
 * otherwise each frame travels alone
 */
public record FramingSpec(Framing framing, @Nullable String delimiter, int maxMessageSize, boolean burst) {

	private static final int LONGEST = Integer.MAX_VALUE - 15;

	/**
	 * Creates a framing with its settings.
	 * @throws IllegalArgumentException if the maximum is out of range, or a delimiter
	 * that the framing needs is missing
	 */
	public FramingSpec {
		if (maxMessageSize < 1 || maxMessageSize > LONGEST) {
			throw new IllegalArgumentException(
					"maxMessageSize: %d (expected: 1 to %d)".formatted(maxMessageSize, LONGEST));
		}
		if (framing.needsDelimiter() && (delimiter == null || delimiter.isEmpty())) {
			throw new IllegalArgumentException(
					"delimiter: missing (expected: a text, as the framing is '%s')".formatted(framing.value()));
		}
	}

	/**
	 * Returns the same framing, with all complete frames of one read together.
	 * @return the framing
	 */
	public FramingSpec inBursts() {
		return new FramingSpec(this.framing, this.delimiter, this.maxMessageSize, true);
	}

	/**
	 * Creates the decoder of one connection, called when its pipeline is built.
	 * @return a new decoder; {@code null} where {@link Framing#needsDecoder none} splits
	 * the stream
	 */
	public @Nullable FrameDecoder newDecoder() {
		return this.framing.needsDecoder() ? new FrameDecoder(format(), this.maxMessageSize, this.burst) : null;
	}

	/**
	 * Creates the framer of a client, which puts messages into frames and takes them out
	 * again.
	 * @return a new framer
	 */
	public MessageFramer newFramer() {
		return new MessageFramer(this);
	}

	FrameFormat format() {
		return this.framing.format(this);
	}

	/**
	 * The delimiter's bytes, in UTF-8.
	 */
	byte[] delimiterBytes() {
		String text = this.delimiter;
		if (text == null) {
			throw new IllegalStateException("no delimiter");
		}
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
