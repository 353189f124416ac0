package dev.socketecho.probe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the messages of probes and of {@code /actuator/echo}: text of a given length that
 * differs from message to message and has no character that ends a frame.
 */
public final class ProbePayload {

	private ProbePayload() {
	}

	/**
	 * Makes a message.
	 * @param sequence its number, from 0
	 * @param size its length, in bytes
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
