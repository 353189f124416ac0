package dev.socketecho.transport.udp.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The control messages that tell an {@link Arrival}, and the one that sets the traffic
 * class of a datagram to be sent: Linux's {@code struct cmsghdr} with the kernel's
 * timestamp (socket(7), SO_TIMESTAMPNS), the TTL and the class (ip(7); RFC 3542, 6.3 and
 * 6.5). {@link MessageVector} uses it. Not thread-safe.
 */
final class ArrivalInfo {

	/** Room for a timestamp, and for TTL and class of IPv4 or of IPv6. */
	static final int SIZE = 80;

	static final int SOL_SOCKET = 1;

	static final int SO_TIMESTAMPNS = 35;

	static final int IPPROTO_IP = 0;

	static final int IP_RECVTTL = 12;

	static final int IP_RECVTOS = 13;

	static final int IPPROTO_IPV6 = 41;

	static final int IPV6_RECVHOPLIMIT = 51;

	static final int IPV6_RECVTCLASS = 66;

	private static final int IP_TOS = 1;

	private static final int IP_TTL = 2;

	private static final int IPV6_HOPLIMIT = 52;

	private static final int IPV6_TCLASS = 67;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

	private static final int DATA = ControlMessages.DATA;

	private static final int INT_LENGTH = DATA + Integer.BYTES;

	private static final long NANOS = 1_000_000_000L;

	private static final int MAX_CLASS = 0xff;

	private final MemorySegment controls;

	/**
	 * Creates an instance.
	 * @param controls memory for the control messages of an array of datagrams
	 */
	ArrivalInfo(MemorySegment controls) {
		this.controls = controls;
	}

	/**
	 * Reads how a datagram has come.
	 * @param start where its control messages start, in bytes
	 * @param length their length in bytes, 0 if there are none
	 * @return the arrival; what the kernel did not tell is the time now, or not known
	 */
	Arrival decode(long start, int length) {
		long nanos = 0;
		int hopLimit = Arrival.MAX_HOP_LIMIT;
		int trafficClass = Arrival.UNKNOWN;
		for (int at = 0; at + DATA <= length;) {
			long item = start + at;
			int level = this.controls.get(INT, item + ControlMessages.LEVEL);
			int type = this.controls.get(INT, item + ControlMessages.TYPE);
			if (level == SOL_SOCKET && type == SO_TIMESTAMPNS) {
				nanos = this.controls.get(LONG, item + DATA) * NANOS
						+ this.controls.get(LONG, item + DATA + Long.BYTES);
			}
			else if (isHopLimit(level, type)) {
				hopLimit = this.controls.get(INT, item + DATA);
			}
			else if (level == IPPROTO_IP && type == IP_TOS) {
				// One byte, unlike all others
				trafficClass = this.controls.get(ValueLayout.JAVA_BYTE, item + DATA) & MAX_CLASS;
			}
			else if (level == IPPROTO_IPV6 && type == IPV6_TCLASS) {
				trafficClass = this.controls.get(INT, item + DATA) & MAX_CLASS;
			}
			at += Math.max(DATA, ControlMessages.aligned((int) this.controls.get(LONG, item)));
		}
		return new Arrival((nanos != 0) ? nanos : Arrival.now(), hopLimit, trafficClass);
	}

	private static boolean isHopLimit(int level, int type) {
		return (level == IPPROTO_IP && type == IP_TTL) || (level == IPPROTO_IPV6 && type == IPV6_HOPLIMIT);
	}

	/**
	 * Writes which traffic class a datagram is to have.
	 * @param start where its control messages start, in bytes
	 * @param length the length of those that are there already, in bytes
	 * @param v4 whether it goes to an IPv4 address
	 * @param trafficClass DSCP and ECN, 0 to 255
	 * @return the length of all its control messages in bytes
	 */
	long encodeClass(long start, long length, boolean v4, int trafficClass) {
		long at = ControlMessages.aligned((int) length);
		ControlMessages.header(this.controls, start + at, INT_LENGTH, v4 ? IPPROTO_IP : IPPROTO_IPV6,
				v4 ? IP_TOS : IPV6_TCLASS);
		this.controls.set(INT, start + at + DATA, trafficClass);
		return at + INT_LENGTH;
	}

}
