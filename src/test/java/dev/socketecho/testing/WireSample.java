package dev.socketecho.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.socketecho.codec.Framing;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a random peer in one framing: some messages as they look on the wire, and
 * sometimes an incomplete one at the end. The same seed makes the same sample.
 *
 * @param frames the frames, terminators and headers included, the incomplete one last
 * @param incomplete whether the last frame is incomplete
 */
public record WireSample(List<byte[]> frames, boolean incomplete) {

	/**
	 * A delimiter that overlaps with itself and with what messages are made of.
	 */
	public static final String DELIMITER = "aab";

	/**
	 * Makes a sample.
	 * @param framing the framing, none with handlers of its own;
	 * {@link Framing#DELIMITER} with {@link #DELIMITER}
	 * @param random the source of randomness
	 * @param maxMessageSize the longest message
	 */
	public static WireSample random(Framing framing, Random random, int maxMessageSize) {
		int limit = (framing != Framing.LENGTH_1) ? maxMessageSize : Math.min(maxMessageSize, 255);
		if (framing == Framing.NONE || framing == Framing.UNTIL_CLOSE) {
			byte[] all = content(random, limit, null);
			return new WireSample((all.length > 0) ? List.of(all) : List.of(), false);
		}
		List<byte[]> frames = new ArrayList<>();
		int count = random.nextInt(20);
		for (int i = 0; i < count; i++) {
			frames.add(frame(framing, random, limit));
		}
		boolean incomplete = random.nextInt(3) == 0;
		if (incomplete) {
			// Shorter by a delimiter: content and most of a terminator must not exceed
			// the limit
			byte[] frame = frame(framing, random, limit - DELIMITER.length());
			byte[] rest = Arrays.copyOf(frame, random.nextInt(frame.length));
			incomplete = rest.length > 0;
			if (incomplete) {
				frames.add(rest);
			}
		}
		return new WireSample(List.copyOf(frames), incomplete);
	}

	/**
	 * Returns all bytes.
	 * @return a new array
	 */
	public byte[] bytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		this.frames.forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

	/**
	 * Cuts bytes into segments, as a network may.
	 * @param bytes the bytes to cut
	 * @param random the source of randomness
	 * @return segments of at least one byte
	 */
	public static List<byte[]> segments(byte[] bytes, Random random) {
		int longest = switch (random.nextInt(4)) {
			// Netty's leak detector makes each segment expensive
			case 0 -> Math.max(1, bytes.length / 1000);
			case 1 -> 1 + bytes.length / 200;
			case 2 -> 1500;
			default -> Math.max(1, bytes.length);
		};
		List<byte[]> segments = new ArrayList<>();
		for (int from = 0; from < bytes.length;) {
			int to = Math.min(bytes.length, from + 1 + random.nextInt(longest));
			segments.add(Arrays.copyOfRange(bytes, from, to));
			from = to;
		}
		return segments;
	}

	private static byte[] frame(Framing framing, Random random, int limit) {
		return switch (framing) {
			case LINE -> terminated(random, limit, "\n", random.nextBoolean() ? "\r\n" : "\n");
			case LF -> terminated(random, limit, "\n", "\n");
			case CRLF -> terminated(random, limit, "\r\n", "\r\n");
			case NUL -> terminated(random, limit, "\0", "\0");
			case DELIMITER -> terminated(random, limit, DELIMITER, DELIMITER);
			case STX_ETX -> concat(new byte[] { 2 }, terminated(random, limit, "\3", "\3"));
			case LENGTH_1 -> counted(random, limit, 1);
			case LENGTH_2 -> counted(random, limit, 2);
			case LENGTH_4 -> counted(random, limit, 4);
			case NONE, UNTIL_CLOSE, WEBSOCKET -> throw new IllegalArgumentException(framing.value());
		};
	}

	private static byte[] counted(Random random, int limit, int headerLength) {
		byte[] content = content(random, limit, null);
		byte[] header = new byte[headerLength];
		for (int i = 0; i < headerLength; i++) {
			header[i] = (byte) (content.length >>> 8 * (headerLength - 1 - i));
		}
		return concat(header, content);
	}

	private static byte[] terminated(Random random, int limit, String end, String terminator) {
		return concat(content(random, limit, end), latin1(terminator));
	}

	/**
	 * Random bytes, with many of those that terminators are made of.
	 * @param end what the content, followed by this, must not contain earlier
	 */
	private static byte[] content(Random random, int limit, @Nullable String end) {
		int size = switch (random.nextInt(6)) {
			case 0 -> 0;
			case 1, 2, 3 -> random.nextInt(Math.min(limit, 12) + 1);
			case 4 -> limit - random.nextInt(2);
			default -> random.nextInt(limit + 1);
		};
		byte[] bytes = new byte[size];
		random.nextBytes(bytes);
		byte[] special = latin1("\r\n\0\2\3aab");
		for (int i = 0; i < size; i++) {
			if (random.nextInt(4) == 0) {
				bytes[i] = special[random.nextInt(special.length)];
			}
		}
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		if (end != null) {
			// The sizes matter, not the positions of a terminator's bytes
			String instead = (end.length() > 1) ? end.substring(0, end.length() - 1) + 'x' : "x";
			text = text.replace(end, instead);
			while ((text + end).indexOf(end) < text.length()) {
				text = text.substring(0, (text + end).indexOf(end));
			}
		}
		return latin1(text);
	}

	private static byte[] latin1(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	@Override
	public String toString() {
		return "%d frames, %d bytes%s".formatted(this.frames.size(), bytes().length,
				this.incomplete ? ", the last frame incomplete" : "");
	}

}
