package dev.socketecho.transport.udp.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.socketecho.transport.address.IpBits;

/**
 * The packet information of datagrams (ip(7); RFC 3542, 6.1): the address of this host
 * that a datagram was sent to, or is to leave from. {@link MessageVector} uses it. The
 * layout is Linux's {@code struct cmsghdr} with {@code struct in_pktinfo} or
 * {@code struct in6_pktinfo}. Not thread-safe.
 */
final class PacketInfo {

	/** Room for both kinds: IPv4 on a socket of the IPv6 family has both. */
	static final int SIZE = 80;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

	private static final ValueLayout.OfLong NET_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

	private static final ValueLayout.OfInt NET_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

	private static final int IPPROTO_IP = 0;

	private static final int IP_PKTINFO = 8;

	private static final int IPPROTO_IPV6 = 41;

	private static final int IPV6_PKTINFO = 50;

	private static final int DATA = ControlMessages.DATA;

	private static final int V4_LENGTH = DATA + 12;

	private static final int V4_LOCAL = DATA + 4;

	private static final int V4_DESTINATION = DATA + 8;

	/** Multicast and reserved addresses are those from 224.0.0.0 on. */
	private static final int V4_FIRST_GROUP = 224;

	private static final int V4_GROUP_SHIFT = 24;

	private static final int V6_LENGTH = DATA + 20;

	private static final int V6_INTERFACE = DATA + 16;

	private static final int MULTICAST = 0xff;

	private final MemorySegment controls;

	private long high;

	private long low;

	/**
	 * Creates an instance.
	 * @param controls memory for the control messages of an array of datagrams, at least
	 * {@link #SIZE} bytes for each datagram
	 */
	PacketInfo(MemorySegment controls) {
		this.controls = controls;
	}

	/**
	 * Reads the information of a datagram that was received. {@link #high} and
	 * {@link #low} have it until the next call.
	 * @param start where its control messages start, in bytes
	 * @param length their length in bytes, 0 if there are none
	 */
	void decode(long start, int length) {
		this.high = 0;
		this.low = 0;
		for (int at = 0; at + DATA <= length;) {
			long item = start + at;
			int level = this.controls.get(INT, item + ControlMessages.LEVEL);
			int type = this.controls.get(INT, item + ControlMessages.TYPE);
			if (level == IPPROTO_IP && type == IP_PKTINFO) {
				decodeV4(item);
			}
			else if (level == IPPROTO_IPV6 && type == IPV6_PKTINFO) {
				decodeV6(item);
			}
			at += Math.max(DATA, ControlMessages.aligned((int) this.controls.get(LONG, item)));
		}
	}

	/**
	 * Takes the local address instead of the destination. The destination may be a group,
	 * and nothing can be sent from the address of a group. A datagram that was already
	 * waiting in a socket when it was handed over has no local address; then the
	 * destination is used, unless it is a group.
	 */
	private void decodeV4(long item) {
		int local = this.controls.get(NET_INT, item + V4_LOCAL);
		if (local == 0) {
			int destination = this.controls.get(NET_INT, item + V4_DESTINATION);
			local = (destination >>> V4_GROUP_SHIFT < V4_FIRST_GROUP) ? destination : 0;
		}
		this.high = 0;
		this.low = (local != 0) ? IpBits.mapped(local) : 0;
	}

	private void decodeV6(long item) {
		long high = this.controls.get(NET_LONG, item + DATA);
		long low = this.controls.get(NET_LONG, item + DATA + 8);
		if (!IpBits.isV4(high, low) && (high >>> 56) != MULTICAST) {
			this.high = high;
			this.low = low;
		}
	}

	/**
	 * Returns the first 64 bits of the address that was decoded.
	 */
	long high() {
		return this.high;
	}

	/**
	 * Returns the last 64 bits of the address that was decoded.
	 */
	long low() {
		return this.low;
	}

	/**
	 * Writes which address a datagram is to leave from; the interface is left to the
	 * kernel.
	 * @param start where its control messages start, in bytes
	 * @param local the address, {@link IpBits#NONE} to let the kernel choose
	 * @return the length of the control messages in bytes
	 */
	long encode(long start, IpBits local) {
		if (local.high() == 0 && local.low() == 0) {
			return 0;
		}
		boolean v4 = local.isV4();
		ControlMessages.header(this.controls, start, v4 ? V4_LENGTH : V6_LENGTH, v4 ? IPPROTO_IP : IPPROTO_IPV6,
				v4 ? IP_PKTINFO : IPV6_PKTINFO);
		if (v4) {
			this.controls.set(INT, start + DATA, 0);
			this.controls.set(NET_INT, start + V4_LOCAL, (int) local.low());
			this.controls.set(NET_INT, start + V4_DESTINATION, 0);
			return V4_LENGTH;
		}
		this.controls.set(NET_LONG, start + DATA, local.high());
		this.controls.set(NET_LONG, start + DATA + 8, local.low());
		this.controls.set(INT, start + V6_INTERFACE, 0);
		return V6_LENGTH;
	}

}
