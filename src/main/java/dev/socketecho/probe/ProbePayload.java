package dev.socketecho.probe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Messages of a wanted size for any framing: text that differs from message to message
 * and has no character that ends one.
 */
public final class ProbePayload {

	private ProbePayload() {
	}

	/**
	 * Makes a message.
	 * @param sequence its number
	 * @param size its length in bytes
	 * @return the message
	 */
	public static byte[] of(int sequence, int size) {
		byte[] text = new byte[size];
		Arrays.fill(text, (byte) 'x');
		byte[] head = String.format(Locale.ROOT, "%d %016x ", sequence, ThreadLocalRandom.current().nextLong())
			.getBytes(StandardCharsets.US_ASCII);
		System.arraycopy(head, 0, text, 0, Math.min(head.length, size));
		return text;
	}

}
