package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import dev.socketecho.transport.loop.InheritedSocket;
import io.netty.channel.unix.Socket;

/**
 * Opens UDP sockets on Linux and sets their options, or takes over a socket that was
 * handed over. {@link UdpSocketFactory} calls it on epoll and io_uring.
 */
final class NativeUdpSocketFactory {

	private static final int IPPROTO_IP = 0;

	private static final int IP_PKTINFO = 8;

	private static final int IP_MULTICAST_ALL = 49;

	private static final int IPPROTO_IPV6 = 41;

	private static final int IPV6_MULTICAST_ALL = 29;

	private static final int IPV6_RECVPKTINFO = 49;

	private final UdpSocketSettings settings;

	NativeUdpSocketFactory(UdpSocketSettings settings) {
		this.settings = settings;
	}

	/**
	 * Opens a socket, binds it and joins the groups.
	 */
	NativeUdpSocket open(InetSocketAddress address, PeerTable peers) throws IOException {
		Socket socket = Socket.newSocketDgram();
		boolean ipv6 = Socket.isIPv6Preferred();
		try {
			setOptions(socket, ipv6);
			if (address.getAddress().isAnyLocalAddress()) {
				askForDestination(socket, ipv6);
			}
			if (this.settings.arrivals()) {
				tellArrivals(socket, ipv6, 1);
			}
			socket.bind(bindable(address, ipv6));
			new NativeMulticast(socket, this.settings.multicast()).join();
			return new NativeUdpSocket(socket, peers, this.settings, false);
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * Takes over a bound socket. An earlier process may have set its options and joined
	 * its groups. It stays open if this fails: it is not ours.
	 */
	NativeUdpSocket adopt(int fd, PeerTable peers) throws IOException {
		Socket socket = new Socket(fd);
		boolean ipv6 = InheritedSocket.isIpv6(socket);
		setOptions(socket, ipv6);
		if (socket.localAddress().getAddress().isAnyLocalAddress()) {
			askForDestination(socket, ipv6);
		}
		// The earlier process may have asked for them, and there is no room for all.
		tellArrivals(socket, ipv6, this.settings.arrivals() ? 1 : 0);
		new NativeMulticast(socket, this.settings.multicast()).joinAgain();
		return new NativeUdpSocket(socket, peers, this.settings, true);
	}

	/**
	 * Without an address in the settings, the socket is bound to all IPv6 and IPv4
	 * addresses; with 0.0.0.0 to all IPv4 addresses only.
	 */
	private InetSocketAddress bindable(InetSocketAddress address, boolean ipv6) throws IOException {
		if (ipv6 && this.settings.address() == null) {
			return new InetSocketAddress(InetAddress.getByAddress(new byte[16]), address.getPort());
		}
		return address;
	}

	private void setOptions(Socket socket, boolean ipv6) throws IOException {
		UdpSocketOptions options = this.settings.options();
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
		// Otherwise the socket gets the datagrams of all groups that any process of this
		// host has joined.
		socket.setIntOpt(IPPROTO_IP, IP_MULTICAST_ALL, 0);
		if (ipv6) {
			try {
				socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
			}
			catch (IOException ex) {
				// Linux before 4.20 has no such option.
			}
		}
	}

	/**
	 * Makes the kernel tell when and how each datagram has come.
	 * @param on 1 for yes, 0 for no
	 */
	private static void tellArrivals(Socket socket, boolean ipv6, int on) throws IOException {
		socket.setIntOpt(ArrivalInfo.SOL_SOCKET, ArrivalInfo.SO_TIMESTAMPNS, on);
		socket.setIntOpt(IPPROTO_IP, ArrivalInfo.IP_RECVTTL, on);
		socket.setIntOpt(IPPROTO_IP, ArrivalInfo.IP_RECVTOS, on);
		if (ipv6) {
			socket.setIntOpt(IPPROTO_IPV6, ArrivalInfo.IPV6_RECVHOPLIMIT, on);
			socket.setIntOpt(IPPROTO_IPV6, ArrivalInfo.IPV6_RECVTCLASS, on);
		}
	}

	/**
	 * Makes the kernel tell which address each datagram was sent to, so that the answer
	 * can leave from that address (RFC 3542, 6.1; ip(7)).
	 */
	private void askForDestination(Socket socket, boolean ipv6) throws IOException {
		socket.setIntOpt(IPPROTO_IP, IP_PKTINFO, 1);
		if (ipv6) {
			socket.setIntOpt(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
		}
	}

}
