package dev.socketecho.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Opens UDP sockets of Linux, with their options and groups.
 */
final class NativeDatagramSockets {

	private static final int IPPROTO_IP = 0;

	private static final int IP_PKTINFO = 8;

	private static final int IP_MULTICAST_IF = 32;

	private static final int IP_MULTICAST_TTL = 33;

	private static final int IP_MULTICAST_LOOP = 34;

	private static final int IP_ADD_MEMBERSHIP = 35;

	private static final int IP_MULTICAST_ALL = 49;

	private static final int IPPROTO_IPV6 = 41;

	private static final int IPV6_MULTICAST_IF = 17;

	private static final int IPV6_MULTICAST_HOPS = 18;

	private static final int IPV6_MULTICAST_LOOP = 19;

	private static final int IPV6_JOIN_GROUP = 20;

	private static final int IPV6_MULTICAST_ALL = 29;

	private static final int IPV6_RECVPKTINFO = 49;

	private final UdpServerSettings settings;

	private final boolean ipv6 = Socket.isIPv6Preferred();

	NativeDatagramSockets(UdpServerSettings settings) {
		this.settings = settings;
	}

	/**
	 * Opens and binds a socket.
	 */
	Socket open(InetSocketAddress address) throws IOException {
		Socket socket = Socket.newSocketDgram();
		try {
			setOptions(socket);
			if (address.getAddress().isAnyLocalAddress()) {
				askForDestination(socket);
			}
			socket.bind(bindable(address));
			join(socket, this.settings.multicast());
			return socket;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * All addresses are those of IPv6 and IPv4, unless 0.0.0.0 was asked for.
	 */
	private InetSocketAddress bindable(InetSocketAddress address) throws IOException {
		if (this.ipv6 && this.settings.address() == null) {
			return new InetSocketAddress(InetAddress.getByAddress(new byte[16]), address.getPort());
		}
		return address;
	}

	private void setOptions(Socket socket) throws IOException {
		DatagramOptions options = this.settings.options();
		if (options.reuseAddress() || this.settings.portSharing()) {
			socket.setReuseAddress(true);
		}
		if (options.reusePort()) {
			socket.setReusePort(true);
		}
		if (options.receiveBufferSize() != null) {
			socket.setReceiveBufferSize(options.receiveBufferSize());
		}
		if (options.sendBufferSize() != null) {
			socket.setSendBufferSize(options.sendBufferSize());
		}
		if (options.trafficClass() != null) {
			socket.setTrafficClass(options.trafficClass());
		}
		// Without this a socket gets the datagrams of all groups that any process has
		// joined.
		socket.setIntOpt(IPPROTO_IP, IP_MULTICAST_ALL, 0);
		if (this.ipv6) {
			try {
				socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
			}
			catch (IOException ex) {
				// Before Linux 4.20 there is no such option.
			}
		}
	}

	/**
	 * Lets the kernel say which address a datagram was sent to, so that its answer can
	 * leave from there (RFC 3542, 6.1; ip(7)).
	 */
	private void askForDestination(Socket socket) throws IOException {
		socket.setIntOpt(IPPROTO_IP, IP_PKTINFO, 1);
		if (this.ipv6) {
			socket.setIntOpt(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
		}
	}

	private void join(Socket socket, MulticastSettings multicast) throws IOException {
		if (multicast.groups().isEmpty()) {
			return;
		}
		NetworkInterface networkInterface = multicast.resolveInterface();
		int index = (networkInterface != null) ? networkInterface.getIndex() : 0;
		for (InetAddress group : multicast.groups()) {
			if (group instanceof Inet4Address) {
				socket.setRawOpt(IPPROTO_IP, IP_ADD_MEMBERSHIP, v4Membership(group, index));
				setSending(socket, multicast);
				socket.setRawOpt(IPPROTO_IP, IP_MULTICAST_IF, v4Membership(null, index));
			}
			else {
				socket.setRawOpt(IPPROTO_IPV6, IPV6_JOIN_GROUP, v6Membership(group, index));
				socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_IF, index);
				setSendingV6(socket, multicast);
			}
		}
	}

	private static void setSending(Socket socket, MulticastSettings multicast) throws IOException {
		socket.setIntOpt(IPPROTO_IP, IP_MULTICAST_TTL, multicast.timeToLive());
		if (multicast.loopback() != null) {
			socket.setIntOpt(IPPROTO_IP, IP_MULTICAST_LOOP, multicast.loopback() ? 1 : 0);
		}
	}

	private static void setSendingV6(Socket socket, MulticastSettings multicast) throws IOException {
		socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, multicast.timeToLive());
		if (multicast.loopback() != null) {
			socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, multicast.loopback() ? 1 : 0);
		}
	}

	/**
	 * A {@code struct ip_mreqn}.
	 */
	private static ByteBuffer v4Membership(@Nullable InetAddress group, int networkInterface) {
		return ByteBuffer.allocate(12)
			.put((group != null) ? group.getAddress() : new byte[4])
			.putInt(0)
			.order(ByteOrder.nativeOrder())
			.putInt(networkInterface)
			.flip();
	}

	/**
	 * A {@code struct ipv6_mreq}.
	 */
	private static ByteBuffer v6Membership(InetAddress group, int networkInterface) {
		return ByteBuffer.allocate(20)
			.put(group.getAddress())
			.order(ByteOrder.nativeOrder())
			.putInt(networkInterface)
			.flip();
	}

}
