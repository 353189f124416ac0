package dev.socketecho.transport.udp.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.socketecho.transport.address.IpBits;

/**
 * An array of Linux's {@code struct mmsghdr} and the memory that each of them points to:
 * the messages of one call of {@link MultiMessageCalls}. The layout is that of all 64-bit
 * Linux systems. A {@link NativeUdpSocket} has one for receiving and one for sending. Not
 * thread-safe.
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

	static final int SOL_UDP = 17;

	static final int UDP_SEGMENT = 103;

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

	// struct sockaddr_in6, and the parts of struct sockaddr_in that differ
	private static final int NAME_SIZE = 32;

	private static final int SOCKADDR_IN_LENGTH = 16;

	private static final int SOCKADDR_IN6_LENGTH = 28;

	private static final int PORT = 2;

	private static final int V4_ADDRESS = 4;

	private static final int V6_ADDRESS = 8;

	private static final int V6_SCOPE = 24;

	private static final int SEGMENT_SIZE = 24;

	private final MemorySegment headers;

	private final MemorySegment iovs;

	private final MemorySegment names;

	private final MemorySegment controls;

	private final PacketInfo info;

	private final ArrivalInfo arrivals;

	private final int controlSize;

	private final boolean ipv6;

	/**
	 * Creates an array.
	 * @param arena where to allocate its memory
	 * @param capacity how many messages it has
	 * @param ipv6 whether the socket is of the IPv6 family, which carries IPv4, too
	 * @param arrivals whether there is room for what {@link #arrival} reads
	 */
	MessageVector(Arena arena, int capacity, boolean ipv6, boolean arrivals) {
		this.ipv6 = ipv6;
		this.headers = arena.allocate((long) capacity * HEADER_SIZE, 64);
		this.iovs = arena.allocate((long) capacity * IOV_SIZE, 64);
		this.names = arena.allocate((long) capacity * NAME_SIZE, 64);
		this.controlSize = PacketInfo.SIZE + (arrivals ? ArrivalInfo.SIZE : SEGMENT_SIZE);
		this.controls = arena.allocate((long) capacity * this.controlSize, 64);
		this.info = new PacketInfo(this.controls);
		this.arrivals = new ArrivalInfo(this.controls);
		for (long i = 0; i < capacity; i++) {
			long header = i * HEADER_SIZE;
			this.headers.set(LONG, header + NAME, this.names.address() + i * NAME_SIZE);
			this.headers.set(LONG, header + IOV, this.iovs.address() + i * IOV_SIZE);
			this.headers.set(LONG, header + IOV_COUNT, 1);
			this.headers.set(LONG, header + CONTROL, this.controls.address() + i * this.controlSize);
		}
	}

	/**
	 * Returns the address of the array.
	 */
	long address() {
		return this.headers.address();
	}

	/**
	 * Sets where the payload is, or is to be received.
	 */
	void payload(int index, long address, int length) {
		this.iovs.set(LONG, (long) index * IOV_SIZE, address);
		this.iovs.set(LONG, (long) index * IOV_SIZE + IOV_LENGTH, length);
	}

	/**
	 * Makes a message that was received ready to receive again; the kernel has changed
	 * its lengths and flags. A new vector needs it, too.
	 */
	void clear(int index) {
		long header = (long) index * HEADER_SIZE;
		this.headers.set(INT, header + NAME_LENGTH, NAME_SIZE);
		this.headers.set(LONG, header + CONTROL_LENGTH, this.controlSize);
		this.headers.set(INT, header + FLAGS, 0);
	}

	/**
	 * Returns the length of a datagram that was received.
	 */
	int received(int index) {
		return this.headers.get(INT, (long) index * HEADER_SIZE + RECEIVED);
	}

	/**
	 * Returns the sender of a datagram that was received.
	 */
	Peer sender(int index, PeerTable peers) {
		long name = (long) index * NAME_SIZE;
		int port = Short.toUnsignedInt(this.names.get(NET_SHORT, name + PORT));
		this.info.decode((long) index * this.controlSize, controlLength(index));
		if (this.names.get(SHORT, name) == AF_INET) {
			long low = IpBits.mapped(this.names.get(NET_INT, name + V4_ADDRESS));
			return peers.peer(0, low, port, 0, this.info.high(), this.info.low());
		}
		return peers.peer(this.names.get(NET_LONG, name + V6_ADDRESS), this.names.get(NET_LONG, name + V6_ADDRESS + 8),
				port, this.names.get(INT, name + V6_SCOPE), this.info.high(), this.info.low());
	}

	/**
	 * Returns when and how a datagram that was received has come.
	 */
	Arrival arrival(int index) {
		return this.arrivals.decode((long) index * this.controlSize, controlLength(index));
	}

	private int controlLength(int index) {
		return (int) this.headers.get(LONG, (long) index * HEADER_SIZE + CONTROL_LENGTH);
	}

	/**
	 * Sets the receiver of a message, and the address and the traffic class that it
	 * leaves with. On a socket of the IPv4 family an IPv6 address stays one, and the
	 * kernel refuses it: its last four bytes alone would be the address of somebody else.
	 * @param port the receiver's port, 1 to 65535; it may differ from the peer's
	 */
	void address(int index, Peer peer, int port) {
		long name = (long) index * NAME_SIZE;
		long header = (long) index * HEADER_SIZE;
		this.names.set(NET_SHORT, name + PORT, (short) port);
		IpBits ip = peer.ip();
		if (this.ipv6 || !ip.isV4()) {
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
		long control = (long) index * this.controlSize;
		long length = this.info.encode(control, peer.local());
		if (peer.trafficClass() != Arrival.UNKNOWN) {
			length = this.arrivals.encodeClass(control, length, ip.isV4(), peer.trafficClass());
		}
		this.headers.set(LONG, header + CONTROL_LENGTH, length);
	}

	/**
	 * Gives a message several payloads of one length, each of which is to become a
	 * datagram. Called after {@link #address}.
	 * @param first the index of the first payload
	 * @param count how many payloads
	 * @param length the length of each but the last, which may be shorter, in bytes
	 */
	void payloads(int index, int first, int count, int length) {
		long header = (long) index * HEADER_SIZE;
		this.headers.set(LONG, header + IOV, this.iovs.address() + (long) first * IOV_SIZE);
		this.headers.set(LONG, header + IOV_COUNT, count);
		if (count > 1) {
			long at = ControlMessages.aligned(controlLength(index));
			long item = (long) index * this.controlSize + at;
			ControlMessages.header(this.controls, item, ControlMessages.DATA + Short.BYTES, SOL_UDP, UDP_SEGMENT);
			this.controls.set(SHORT, item + ControlMessages.DATA, (short) length);
			this.headers.set(LONG, header + CONTROL_LENGTH, at + SEGMENT_SIZE);
		}
	}

}
