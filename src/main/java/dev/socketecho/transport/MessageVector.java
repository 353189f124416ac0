package dev.socketecho.transport;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An array of Linux's {@code struct mmsghdr}, with what each of them points to, in the
 * layout that all 64-bit Linux systems share. Not thread-safe.
 */
final class MessageVector {

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

	private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;

	private static final ValueLayout.OfLong NET_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

	private static final ValueLayout.OfInt NET_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

	private static final ValueLayout.OfShort NET_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

	private static final short AF_INET = 2;

	private static final short AF_INET6 = 10;

	private static final int IPPROTO_IP = 0;

	private static final int IP_PKTINFO = 8;

	private static final int IPPROTO_IPV6 = 41;

	private static final int IPV6_PKTINFO = 50;

	// struct mmsghdr
	private static final int HEADER_SIZE = 64;

	private static final int NAME = 0;

	private static final int NAME_LENGTH = 8;

	private static final int IOV = 16;

	private static final int IOV_COUNT = 24;

	private static final int CONTROL = 32;

	private static final int CONTROL_LENGTH = 40;

	private static final int FLAGS = 48;

	private static final int RECEIVED = 56;

	// struct iovec
	private static final int IOV_SIZE = 16;

	private static final int IOV_LENGTH = 8;

	// struct sockaddr_in6, and struct sockaddr_in where it differs
	private static final int NAME_SIZE = 32;

	private static final int SOCKADDR_IN_LENGTH = 16;

	private static final int SOCKADDR_IN6_LENGTH = 28;

	private static final int PORT = 2;

	private static final int V4_ADDRESS = 4;

	private static final int V6_ADDRESS = 8;

	private static final int V6_SCOPE = 24;

	// struct cmsghdr, struct in_pktinfo, struct in6_pktinfo
	private static final int CONTROL_SIZE = 80;

	private static final int CMSG_LEVEL = 8;

	private static final int CMSG_TYPE = 12;

	private static final int CMSG_DATA = 16;

	private static final int V4_INFO_LENGTH = CMSG_DATA + 12;

	private static final int V4_INFO_LOCAL = CMSG_DATA + 4;

	private static final int V4_INFO_HEADER = CMSG_DATA + 8;

	private static final int V6_INFO_LENGTH = CMSG_DATA + 20;

	private static final int V6_INFO_INTERFACE = CMSG_DATA + 16;

	private final MemorySegment headers;

	private final MemorySegment iovs;

	private final MemorySegment names;

	private final MemorySegment controls;

	private final boolean ipv6;

	/**
	 * Creates an array.
	 * @param arena where its memory is
	 * @param capacity how many messages
	 * @param ipv6 whether the socket is of the IPv6 family, which carries IPv4, too
	 */
	MessageVector(Arena arena, int capacity, boolean ipv6) {
		this.ipv6 = ipv6;
		this.headers = arena.allocate((long) capacity * HEADER_SIZE, 64);
		this.iovs = arena.allocate((long) capacity * IOV_SIZE, 64);
		this.names = arena.allocate((long) capacity * NAME_SIZE, 64);
		this.controls = arena.allocate((long) capacity * CONTROL_SIZE, 64);
		for (long i = 0; i < capacity; i++) {
			long header = i * HEADER_SIZE;
			this.headers.set(LONG, header + NAME, this.names.address() + i * NAME_SIZE);
			this.headers.set(LONG, header + IOV, this.iovs.address() + i * IOV_SIZE);
			this.headers.set(LONG, header + IOV_COUNT, 1);
			this.headers.set(LONG, header + CONTROL, this.controls.address() + i * CONTROL_SIZE);
		}
	}

	/**
	 * The address of the array.
	 */
	long address() {
		return this.headers.address();
	}

	/**
	 * Says where the payload is, or is to be.
	 */
	void payload(int index, long address, int length) {
		this.iovs.set(LONG, (long) index * IOV_SIZE, address);
		this.iovs.set(LONG, (long) index * IOV_SIZE + IOV_LENGTH, length);
	}

	/**
	 * Makes a message ready to receive.
	 */
	void clear(int index) {
		long header = (long) index * HEADER_SIZE;
		this.headers.set(INT, header + NAME_LENGTH, NAME_SIZE);
		this.headers.set(LONG, header + CONTROL_LENGTH, CONTROL_SIZE);
		this.headers.set(INT, header + FLAGS, 0);
	}

	/**
	 * The length of the datagram that was received.
	 */
	int received(int index) {
		return this.headers.get(INT, (long) index * HEADER_SIZE + RECEIVED);
	}

	/**
	 * The sender of the datagram that was received.
	 */
	DatagramPeer sender(int index, PeerTable peers) {
		long name = (long) index * NAME_SIZE;
		int port = Short.toUnsignedInt(this.names.get(NET_SHORT, name + PORT));
		long header = (long) index * HEADER_SIZE;
		int end = (int) this.headers.get(LONG, header + CONTROL_LENGTH);
		long control = (long) index * CONTROL_SIZE;
		long localHigh = 0;
		long localLow = 0;
		for (int at = 0; at + CMSG_DATA <= end;) {
			long item = control + at;
			int level = this.controls.get(INT, item + CMSG_LEVEL);
			int type = this.controls.get(INT, item + CMSG_TYPE);
			if (level == IPPROTO_IP && type == IP_PKTINFO) {
				// The address of this host that goes with the datagram's destination,
				// which may be a group.
				localHigh = 0;
				localLow = IpBits.mapped(this.controls.get(NET_INT, item + V4_INFO_LOCAL));
			}
			else if (level == IPPROTO_IPV6 && type == IPV6_PKTINFO) {
				long high = this.controls.get(NET_LONG, item + CMSG_DATA);
				long low = this.controls.get(NET_LONG, item + CMSG_DATA + 8);
				// IPv4 comes with both. From a group's address nothing can be sent.
				if (!IpBits.isV4(high, low) && (high >>> 56) != 0xff) {
					localHigh = high;
					localLow = low;
				}
			}
			at += Math.max(CMSG_DATA, ((int) this.controls.get(LONG, item) + 7) & ~7);
		}
		if (this.names.get(SHORT, name) == AF_INET) {
			long low = IpBits.mapped(this.names.get(NET_INT, name + V4_ADDRESS));
			return peers.peer(0, low, port, 0, localHigh, localLow);
		}
		return peers.peer(this.names.get(NET_LONG, name + V6_ADDRESS), this.names.get(NET_LONG, name + V6_ADDRESS + 8),
				port, this.names.get(INT, name + V6_SCOPE), localHigh, localLow);
	}

	/**
	 * Addresses a message that is to be sent.
	 * @param port the port it goes to
	 */
	void address(int index, DatagramPeer peer, int port) {
		long name = (long) index * NAME_SIZE;
		long header = (long) index * HEADER_SIZE;
		this.names.set(NET_SHORT, name + PORT, (short) port);
		IpBits ip = peer.ip();
		if (this.ipv6) {
			this.names.set(SHORT, name, AF_INET6);
			this.names.set(NET_INT, name + V4_ADDRESS, 0); // the flow label
			this.names.set(NET_LONG, name + V6_ADDRESS, ip.high());
			this.names.set(NET_LONG, name + V6_ADDRESS + 8, ip.low());
			this.names.set(INT, name + V6_SCOPE, peer.scope());
			this.headers.set(INT, header + NAME_LENGTH, SOCKADDR_IN6_LENGTH);
		}
		else {
			this.names.set(SHORT, name, AF_INET);
			this.names.set(NET_INT, name + V4_ADDRESS, (int) ip.low());
			this.headers.set(INT, header + NAME_LENGTH, SOCKADDR_IN_LENGTH);
		}
		this.headers.set(LONG, header + CONTROL_LENGTH, source((long) index * CONTROL_SIZE, peer.local()));
	}

	/**
	 * Says which address a message leaves from.
	 * @return the length of what says so
	 */
	private long source(long item, IpBits local) {
		if (local.high() == 0 && local.low() == 0) {
			return 0;
		}
		if (local.isV4()) {
			this.controls.set(LONG, item, V4_INFO_LENGTH);
			this.controls.set(INT, item + CMSG_LEVEL, IPPROTO_IP);
			this.controls.set(INT, item + CMSG_TYPE, IP_PKTINFO);
			this.controls.set(INT, item + CMSG_DATA, 0); // any interface
			this.controls.set(NET_INT, item + V4_INFO_LOCAL, (int) local.low());
			this.controls.set(NET_INT, item + V4_INFO_HEADER, 0);
			return V4_INFO_LENGTH;
		}
		this.controls.set(LONG, item, V6_INFO_LENGTH);
		this.controls.set(INT, item + CMSG_LEVEL, IPPROTO_IPV6);
		this.controls.set(INT, item + CMSG_TYPE, IPV6_PKTINFO);
		this.controls.set(NET_LONG, item + CMSG_DATA, local.high());
		this.controls.set(NET_LONG, item + CMSG_DATA + 8, local.low());
		this.controls.set(INT, item + V6_INFO_INTERFACE, 0); // any interface
		return V6_INFO_LENGTH;
	}

}
