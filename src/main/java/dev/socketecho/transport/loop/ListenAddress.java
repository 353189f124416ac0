package dev.socketecho.transport.loop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

/**
 * Where to listen.
 */
public final class ListenAddress {

	private ListenAddress() {
	}

	/**
	 * Resolves an address to listen on.
	 * @param address an IP literal or a host name, {@code null} for all addresses, IPv6
	 * and IPv4
	 * @param port 0 to 65535
	 */
	public static InetSocketAddress resolve(@Nullable String address, int port) throws UnknownHostException {
		return (address != null) ? new InetSocketAddress(InetAddress.getByName(address), port)
				: new InetSocketAddress(port);
	}

}
