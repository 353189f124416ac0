package dev.socketecho.transport.udp.socket;

import java.time.Instant;

/**
 * When and how a datagram has come. A socket tells it if
 * {@link UdpSocketSettings#arrivals} asks for it.
 *
 * @param nanos when it was received by the wall clock, in nanoseconds since 1970: by the
 * kernel on Linux, else by this process
 * @param hopLimit the TTL or hop limit that it had when it came, {@value #MAX_HOP_LIMIT}
 * if the platform does not tell
 * @param trafficClass its DSCP and ECN, 0 to 255, {@value #UNKNOWN} if the platform does
 * not tell
 */
public record Arrival(long nanos, int hopLimit, int trafficClass) {

	/**
	 * The largest TTL.
	 */
	public static final int MAX_HOP_LIMIT = 255;

	/**
	 * A traffic class that is not known.
	 */
	public static final int UNKNOWN = -1;

	private static final long NANOS = 1_000_000_000L;

	/**
	 * Returns the wall clock's time.
	 */
	static long now() {
		return nanos(Instant.now());
	}

	private static long nanos(Instant time) {
		return time.getEpochSecond() * NANOS + time.getNano();
	}

	/**
	 * Returns the same arrival, but now.
	 * @return the arrival of a datagram that a fault has held back
	 */
	public Arrival delayed() {
		return new Arrival(now(), this.hopLimit, this.trafficClass);
	}

}
