package dev.socketecho.stamp;

/**
 * The two modes of STAMP, and where the fields of their packets are (RFC 8762, 4.2 and
 * 4.3; RFC 8972, 3, adds the session identifier). All offsets are in bytes from the
 * beginning of the packet. A field that only one direction has is zero in the other one.
 */
public enum StampMode {

	/**
	 * Without authentication (RFC 8762, 4.2.1 and 4.3.1).
	 */
	UNAUTHENTICATED(44, 4, 16, 24, 28, 36, 40, -1),

	/**
	 * With an HMAC in the last 16 bytes (RFC 8762, 4.2.2 and 4.3.2).
	 */
	AUTHENTICATED(112, 16, 32, 48, 64, 72, 80, 96);

	private final int size;

	private final int timestamp;

	private final int receiveTimestamp;

	private final int senderSequence;

	private final int senderTimestamp;

	private final int senderErrorEstimate;

	private final int senderTtl;

	private final int hmac;

	StampMode(int size, int timestamp, int receiveTimestamp, int senderSequence, int senderTimestamp,
			int senderErrorEstimate, int senderTtl, int hmac) {
		this.size = size;
		this.timestamp = timestamp;
		this.receiveTimestamp = receiveTimestamp;
		this.senderSequence = senderSequence;
		this.senderTimestamp = senderTimestamp;
		this.senderErrorEstimate = senderErrorEstimate;
		this.senderTtl = senderTtl;
		this.hmac = hmac;
	}

	/**
	 * Returns the length of the base packet, which is the same in both directions. The
	 * extensions follow it.
	 * @return the length in bytes
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Where the time of sending is: T1 in the packet of a sender, T3 in that of a
	 * reflector.
	 */
	int timestamp() {
		return this.timestamp;
	}

	/** The error estimate follows the timestamp. */
	int errorEstimate() {
		return this.timestamp + Long.BYTES;
	}

	/** The session identifier follows the error estimate (RFC 8972, 3). */
	int session() {
		return errorEstimate() + Short.BYTES;
	}

	/** Where a reflector says when it has received the packet: T2. */
	int receiveTimestamp() {
		return this.receiveTimestamp;
	}

	/** Where a reflector repeats the sender's sequence number. */
	int senderSequence() {
		return this.senderSequence;
	}

	/** Where a reflector repeats the sender's timestamp: T1. */
	int senderTimestamp() {
		return this.senderTimestamp;
	}

	/** Where a reflector repeats the sender's error estimate. */
	int senderErrorEstimate() {
		return this.senderErrorEstimate;
	}

	/** Where a reflector says which TTL or hop limit the packet had when it came. */
	int senderTtl() {
		return this.senderTtl;
	}

	/**
	 * Where the HMAC is. It covers all bytes before it, and nothing behind it (RFC 8762,
	 * 4.4). Only {@link #AUTHENTICATED} has one.
	 */
	int hmac() {
		return this.hmac;
	}

}
