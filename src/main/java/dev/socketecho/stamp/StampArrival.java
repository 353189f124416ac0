package dev.socketecho.stamp;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * How a packet has come to a reflector. It is what the answer reports besides the packet
 * itself.
 *
 * @param nanos when it was received, in nanoseconds since 1970: T2
 * @param hopLimit its TTL or hop limit, 255 if it is not known
 * @param trafficClass its DSCP and ECN, 0 to 255, -1 if they are not known
 * @param source the sender
 * @param destination returns the address that it was sent to; asked for the Location TLV
 * only
 */
public record StampArrival(long nanos, int hopLimit, int trafficClass, InetSocketAddress source,
		Supplier<InetSocketAddress> destination) {

	/**
	 * The class of a packet, or of an answer, that is not known or not set.
	 */
	public static final int NO_CLASS = -1;

}
