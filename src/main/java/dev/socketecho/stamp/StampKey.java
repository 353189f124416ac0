package dev.socketecho.stamp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The key of an authenticated session, and its HMAC: HMAC-SHA-256, of which the first 16
 * bytes are sent (RFC 8762, 4.4, as in RFC 4868). The key is never shown. Thread-safe:
 * each thread has its own state.
 */
public final class StampKey {

	/**
	 * The length of an HMAC in a packet, in bytes.
	 */
	public static final int SIZE = 16;

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec key;

	private final FastThreadLocal<Mac> macs = new FastThreadLocal<>() {

		@Override
		protected Mac initialValue() throws GeneralSecurityException {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(StampKey.this.key);
			return mac;
		}

	};

	/**
	 * Creates a key.
	 * @param text its UTF-8 bytes are the key; not empty
	 */
	public StampKey(String text) {
		if (text.isEmpty()) {
			throw new IllegalArgumentException("the key is empty");
		}
		this.key = new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM);
		try {
			Mac.getInstance(ALGORITHM).init(this.key);
		}
		catch (InvalidKeyException ex) {
			throw new IllegalArgumentException("no key for " + ALGORITHM, ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Writes the HMAC of a range behind that range.
	 * @param packet the packet
	 * @param index where the range begins
	 * @param length its length in bytes
	 */
	void sign(ByteBuf packet, int index, int length) {
		sign(packet, index, 0, index, length, index + length);
	}

	/**
	 * Returns whether the 16 bytes behind a range are its HMAC. Takes the same time
	 * whatever they are.
	 */
	boolean verifies(ByteBuf packet, int index, int length) {
		return verifies(packet, index, 0, index, length, index + length);
	}

	/**
	 * Writes the HMAC of two ranges, one behind the other.
	 * @param at where it is written
	 */
	void sign(ByteBuf packet, int first, int firstLength, int second, int secondLength, int at) {
		packet.setBytes(at, hmac(packet, first, firstLength, second, secondLength), 0, SIZE);
	}

	/**
	 * Returns whether 16 bytes are the HMAC of two ranges. Takes the same time whatever
	 * they are.
	 */
	boolean verifies(ByteBuf packet, int first, int firstLength, int second, int secondLength, int at) {
		byte[] expected = hmac(packet, first, firstLength, second, secondLength);
		int difference = 0;
		for (int i = 0; i < SIZE; i++) {
			difference |= expected[i] ^ packet.getByte(at + i);
		}
		return difference == 0;
	}

	private byte[] hmac(ByteBuf packet, int first, int firstLength, int second, int secondLength) {
		Mac mac = this.macs.get();
		if (firstLength > 0) {
			mac.update(range(packet, first, firstLength));
		}
		mac.update(range(packet, second, secondLength));
		return mac.doFinal();
	}

	private static ByteBuffer range(ByteBuf packet, int index, int length) {
		return (packet.nioBufferCount() == 1) ? packet.internalNioBuffer(index, length)
				: packet.nioBuffer(index, length);
	}

	/**
	 * Whether the keys are the same.
	 */
	@Override
	public boolean equals(Object other) {
		return other instanceof StampKey that && MessageDigest.isEqual(this.key.getEncoded(), that.key.getEncoded());
	}

	@Override
	public int hashCode() {
		return StampKey.class.hashCode();
	}

	@Override
	public String toString() {
		return "******";
	}

}
