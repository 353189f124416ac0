package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/**
 * Joins multicast groups with a UDP socket of the JDK. {@link NioUdpSocket} calls it when
 * it is opened.
 */
final class NioMulticast {

	private NioMulticast() {
	}

	/**
	 * Joins the groups, if there are any. The JDK cannot leave the interface to the
	 * operating system: where none is named, it is that of the bound address, or the
	 * first one that carries multicast.
	 */
	static void join(DatagramChannel channel, MulticastSettings settings, InetAddress bound) throws IOException {
		if (settings.groups().isEmpty()) {
			return;
		}
		NetworkInterface networkInterface = settings.resolveInterface();
		if (networkInterface == null) {
			networkInterface = NetworkInterface.getByInetAddress(bound);
		}
		if (networkInterface == null) {
			networkInterface = NetworkInterface.networkInterfaces()
				.filter(NioMulticast::carriesGroups)
				.findFirst()
				.orElseThrow(() -> new MulticastSettings.NoSuchInterfaceException("any"));
		}
		for (InetAddress group : settings.groups()) {
			channel.join(group, networkInterface);
		}
		channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, settings.timeToLive());
		if (settings.loopback() != null) {
			channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, settings.loopback());
		}
	}

	private static boolean carriesGroups(NetworkInterface networkInterface) {
		try {
			return networkInterface.isUp() && networkInterface.supportsMulticast();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
