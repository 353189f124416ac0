package dev.socketecho.testing;

import java.util.Random;

/**
 * Bytes that look like nothing else, to send.
 */
public final class RandomBytes {

	private RandomBytes() {
	}

	/**
	 * The same ones each time for a length.
	 */
	public static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

}
