package dev.socketecho.transport.loop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

/**
 * Resolves the addresses that servers listen on. TCP and UDP servers call it when they
 * start.
 */
public final class ListenAddress {

	private ListenAddress() {
	}

	/**
	 * Resolves an address to listen on. It may block, so not on an event loop.
	 * @param address an IP literal or a host name, {@code null} for all addresses, IPv6
	 * and IPv4
	 * @param port 0 to 65535
	 * @return the address and port
	 * @throws UnknownHostException if the host name cannot be resolved
	 */
	public static InetSocketAddress resolve(@Nullable String address, int port) throws UnknownHostException {
		return (address != null) ? new InetSocketAddress(InetAddress.getByName(address), port)
				: new InetSocketAddress(port);
	}

}
