package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

import org.jspecify.annotations.Nullable;

/**
 * Opens UDP sockets of the JDK, with their options and groups.
 */
final class NioDatagramSockets {

	private NioDatagramSockets() {
	}

	/**
	 * Opens and binds a socket.
	 */
	static DatagramChannel open(UdpSocketSettings settings, InetSocketAddress address) throws IOException {
		boolean v4 = address.getAddress() instanceof Inet4Address && settings.address() != null;
		DatagramChannel channel = v4 ? DatagramChannel.open(StandardProtocolFamily.INET) : DatagramChannel.open();
		try {
			channel.configureBlocking(false);
			setOptions(channel, settings);
			channel.bind(address);
			join(channel, settings.multicast(), address.getAddress());
			return channel;
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	private static void setOptions(DatagramChannel channel, UdpSocketSettings settings) throws IOException {
		UdpSocketOptions options = settings.options();
		// The JDK sets it, and a forged source could be the address of a whole subnet.
		channel.setOption(StandardSocketOptions.SO_BROADCAST, false);
		if (options.reuseAddress() || settings.portSharing()) {
			channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
		}
		if (options.reusePort()) {
			channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
		}
		setOption(channel, StandardSocketOptions.SO_RCVBUF, options.receiveBufferSize());
		setOption(channel, StandardSocketOptions.SO_SNDBUF, options.sendBufferSize());
		setOption(channel, StandardSocketOptions.IP_TOS, options.trafficClass());
	}

	private static void join(DatagramChannel channel, MulticastSettings multicast, InetAddress bound)
			throws IOException {
		if (multicast.groups().isEmpty()) {
			return;
		}
		NetworkInterface networkInterface = multicast.resolveInterface();
		if (networkInterface == null) {
			networkInterface = NetworkInterface.getByInetAddress(bound);
		}
		if (networkInterface == null) {
			networkInterface = NetworkInterface.networkInterfaces()
				.filter(NioDatagramSockets::carriesGroups)
				.findFirst()
				.orElseThrow(() -> new MulticastSettings.NoSuchInterfaceException("any"));
		}
		for (InetAddress group : multicast.groups()) {
			channel.join(group, networkInterface);
		}
		channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, multicast.timeToLive());
		setOption(channel, StandardSocketOptions.IP_MULTICAST_LOOP, multicast.loopback());
	}

	private static boolean carriesGroups(NetworkInterface networkInterface) {
		try {
			return networkInterface.isUp() && networkInterface.supportsMulticast();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static <T> void setOption(DatagramChannel channel, SocketOption<T> option, @Nullable T value)
			throws IOException {
		if (value != null) {
			channel.setOption(option, value);
		}
	}

}
