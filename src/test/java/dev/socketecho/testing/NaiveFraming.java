package dev.socketecho.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.socketecho.codec.Framing;

/**
 * The frames of a stream, found in the simplest way from the whole stream. Decoders,
 * which see the stream in segments, are compared with it.
 *
 * @param frames the frames as they are on the wire, an incomplete rest last
 * @param end how it ends
 */
public record NaiveFraming(List<byte[]> frames, End end) {

	/**
	 * Reads a stream.
	 * @param framing the framing; {@link Framing#DELIMITER} with
	 * {@link WireSample#DELIMITER}
	 * @param stream all that was sent before the end of input
	 * @param limit the longest message
	 */
	public static NaiveFraming of(Framing framing, byte[] stream, int limit) {
		List<byte[]> frames = new ArrayList<>();
		for (byte[] rest = stream; rest.length > 0;) {
			Frame frame = switch (framing) {
				case LINE -> terminated(rest, "\n", true);
				case LF -> terminated(rest, "\n", false);
				case CRLF -> terminated(rest, "\r\n", false);
				case NUL -> terminated(rest, "\0", false);
				case DELIMITER -> terminated(rest, WireSample.DELIMITER, false);
				case STX_ETX -> (rest[0] == 2) ? enclosed(rest) : null;
				case LENGTH_1 -> counted(rest, 1);
				case LENGTH_2 -> counted(rest, 2);
				case LENGTH_4 -> counted(rest, 4);
				case NONE, UNTIL_CLOSE -> new Frame(rest.length, rest.length);
				case WEBSOCKET -> throw new IllegalArgumentException(framing.value());
			};
			if (frame == null) {
				return new NaiveFraming(frames, End.CORRUPT);
			}
			if (framing != Framing.NONE && frame.message > limit) {
				return new NaiveFraming(frames, End.TOO_LONG);
			}
			frames.add(Arrays.copyOf(rest, frame.length));
			rest = Arrays.copyOfRange(rest, frame.length, rest.length);
		}
		return new NaiveFraming(frames, End.INPUT);
	}

	private static Frame terminated(byte[] rest, String terminator, boolean returnToo) {
		String text = new String(rest, StandardCharsets.ISO_8859_1);
		int end = text.indexOf(terminator);
		int message = (end < 0) ? rest.length : end;
		if (returnToo && message > 0 && rest[message - 1] == '\r') {
			return new Frame((end < 0) ? rest.length : end + 1, message - 1);
		}
		return new Frame((end < 0) ? rest.length : end + terminator.length(), message);
	}

	private static Frame enclosed(byte[] rest) {
		for (int i = 1; i < rest.length; i++) {
			if (rest[i] == 3) {
				return new Frame(i + 1, i - 1);
			}
		}
		return new Frame(rest.length, rest.length - 1);
	}

	private static Frame counted(byte[] rest, int header) {
		if (rest.length < header) {
			return new Frame(rest.length, 0);
		}
		long count = 0;
		for (int i = 0; i < header; i++) {
			count = 256 * count + (rest[i] & 0xff);
		}
		return new Frame((int) Math.min(rest.length, header + count), count);
	}

	/**
	 * How a stream ends.
	 */
	public enum End {

		/** With the end of input. */
		INPUT,

		/** With a message over the limit. */
		TOO_LONG,

		/** With what no message begins with. */
		CORRUPT

	}

	/**
	 * The next frame.
	 *
	 * @param length its bytes
	 * @param message how long its message is, or says that it is
	 */
	private record Frame(int length, long message) {
	}

}
