package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import dev.socketecho.transport.loop.InheritedSocket;
import io.netty.channel.unix.Socket;

/**
 * Opens UDP sockets of Linux, or takes over such as were handed over, with their options.
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
	 * Opens and binds a socket.
	 */
	Socket open(InetSocketAddress address) throws IOException {
		Socket socket = Socket.newSocketDgram();
		boolean ipv6 = Socket.isIPv6Preferred();
		try {
			setOptions(socket, ipv6);
			if (address.getAddress().isAnyLocalAddress()) {
				askForDestination(socket, ipv6);
			}
			socket.bind(bindable(address, ipv6));
			new NativeMulticast(socket, this.settings.multicast()).join();
			return socket;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * Takes over a socket that is bound, and may have been ours in an earlier process.
	 */
	Socket adopt(int fd) throws IOException {
		Socket socket = new Socket(fd);
		boolean ipv6 = InheritedSocket.isIpv6(socket);
		setOptions(socket, ipv6);
		if (socket.localAddress().getAddress().isAnyLocalAddress()) {
			askForDestination(socket, ipv6);
		}
		new NativeMulticast(socket, this.settings.multicast()).joinAgain();
		return socket;
	}

	/**
	 * All addresses are those of IPv6 and IPv4, unless 0.0.0.0 was asked for.
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
		// Without this a socket gets the datagrams of all groups that any process has
		// joined.
		socket.setIntOpt(IPPROTO_IP, IP_MULTICAST_ALL, 0);
		if (ipv6) {
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
	private void askForDestination(Socket socket, boolean ipv6) throws IOException {
		socket.setIntOpt(IPPROTO_IP, IP_PKTINFO, 1);
		if (ipv6) {
			socket.setIntOpt(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
		}
	}

}
