package dev.socketecho.stamp;

import java.time.Instant;

/**
 * Timestamps of STAMP packets. This service sends NTP's format. It reads both formats,
 * and {@link ErrorEstimate#isPtp} says which one a packet has (RFC 8762, 4.2.1).
 * <p>
 * In between, a time is a number of nanoseconds since 1970 (UTC). Thread-safe.
 */
public final class StampTime {

	/** From 1900 to 1970, in seconds. */
	private static final long NTP_EPOCH = 2_208_988_800L;

	private static final long NANOS = 1_000_000_000L;

	private static final long LOW_HALF = 0xffff_ffffL;

	private StampTime() {
	}

	/**
	 * Returns the wall clock's time.
	 * @return nanoseconds since 1970
	 */
	public static long now() {
		Instant now = Instant.now();
		return now.getEpochSecond() * NANOS + now.getNano();
	}

	/**
	 * Returns a time in NTP's 64-bit format (RFC 5905, 6): seconds since 1900 in the
	 * upper half, the fraction of a second in the lower one. It wraps around in 2036.
	 * @param nanos nanoseconds since 1970
	 * @return the timestamp
	 */
	public static long toNtp(long nanos) {
		long seconds = Math.floorDiv(nanos, NANOS);
		return ((seconds + NTP_EPOCH) << Integer.SIZE) | ((Math.floorMod(nanos, NANOS) << Integer.SIZE) / NANOS);
	}

	/**
	 * Reads a timestamp.
	 * @param timestamp the timestamp of a packet
	 * @param ptp whether it has PTPv2's truncated format (RFC 8186, 2): seconds since
	 * 1970 in the upper half, nanoseconds in the lower one. It is taken as UTC, which is
	 * what senders on a host clock mean; a sender on PTP's own scale is ahead by the leap
	 * seconds
	 * @param near a time that is less than 68 years away: the format has 32 bits for the
	 * seconds only
	 * @return nanoseconds since 1970
	 */
	public static long toNanos(long timestamp, boolean ptp, long near) {
		long low = timestamp & LOW_HALF;
		// Rounded to the nearest nanosecond: a fraction was cut when it was written.
		long fraction = ptp ? low : (low * NANOS + (1L << (Integer.SIZE - 1))) >>> Integer.SIZE;
		int seconds = (int) ((timestamp >>> Integer.SIZE) - (ptp ? 0 : NTP_EPOCH));
		long nearSeconds = Math.floorDiv(near, NANOS);
		// The difference modulo 2^32, as with serial numbers (RFC 1982)
		return (nearSeconds + (seconds - (int) nearSeconds)) * NANOS + fraction;
	}

}
