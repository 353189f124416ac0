package dev.socketecho.stamp;

/**
 * The error estimate of timestamps, 16 bits: S, Z, scale and multiplier (RFC 4656, 4.1.2;
 * Z is of RFC 8186, 2.3). The error is multiplier * 2^scale * 2^-32 seconds.
 */
public final class ErrorEstimate {

	private static final int SYNCHRONIZED = 0x8000;

	private static final int PTP = 0x4000;

	private static final int SCALE_SHIFT = 8;

	private static final int SCALE = 0x3f;

	private static final int MULTIPLIER = 0xff;

	private static final double UNIT_SECONDS = 1.0 / (1L << Integer.SIZE);

	/**
	 * The scale and multiplier of this service: 2^22 * 2^-32 s, about a millisecond. That
	 * is what NTP reaches in a local network. The multiplier must not be 0.
	 */
	private static final int MILLISECOND = (22 << SCALE_SHIFT) | 1;

	/** Nothing synchronises the clock. It has NTP's format. */
	private static final int FREE_RUNNING = 1;

	private ErrorEstimate() {
	}

	/**
	 * Returns the error estimate that this service sends.
	 * @param isSynchronized whether the operator says that something outside synchronises
	 * this host's clock to UTC; if not, S is 0, and the rest means nothing
	 * @return the 16 bits
	 */
	public static int of(boolean isSynchronized) {
		return isSynchronized ? (SYNCHRONIZED | MILLISECOND) : FREE_RUNNING;
	}

	/**
	 * Returns whether the clock is synchronised to UTC.
	 * @param estimate the 16 bits
	 * @return whether S is set
	 */
	public static boolean isSynchronized(int estimate) {
		return (estimate & SYNCHRONIZED) != 0;
	}

	/**
	 * Returns whether the timestamps have PTPv2's truncated format, and not NTP's.
	 * @param estimate the 16 bits
	 * @return whether Z is set
	 */
	public static boolean isPtp(int estimate) {
		return (estimate & PTP) != 0;
	}

	/**
	 * Returns how large the error may be.
	 * @param estimate the 16 bits
	 * @return the error in seconds; 0 if the packet is invalid, because the multiplier
	 * must not be 0 (RFC 4656, 4.1.2)
	 */
	public static double seconds(int estimate) {
		return (estimate & MULTIPLIER) * Math.scalb(UNIT_SECONDS, (estimate >>> SCALE_SHIFT) & SCALE);
	}

}
