package dev.socketecho.config.properties;

import java.net.InetAddress;

import io.netty.util.NetUtil;

/**
 * A multicast group: an address of 224.0.0.0/4 or ff00::/8.
 *
 * @param address the group's address
 */
public record MulticastGroup(InetAddress address) {

	/**
	 * Parses a group; looks nothing up. Spring's conversion of properties calls this.
	 * @param text an IP address
	 * @return the group
	 * @throws IllegalArgumentException if the text is not a multicast address
	 */
	public static MulticastGroup of(String text) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
		if (address == null || !address.isMulticastAddress()) {
			throw new IllegalArgumentException("'%s' must be a multicast address".formatted(text));
		}
		return new MulticastGroup(address);
	}

}
