package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * The multicast groups of a UDP server (RFC 1112, RFC 4604).
 *
 * @param groups the groups to join
 * @param networkInterface the name or an address of the interface to join them on,
 * {@code null} to let the operating system choose
 * @param loopback whether this host receives its own datagrams to a group; {@code null}
 * for the operating system's default
 * @param timeToLive the hop limit of datagrams to a group, 0 to 255
 */
public record MulticastSettings(List<InetAddress> groups, @Nullable String networkInterface, @Nullable Boolean loopback,
		int timeToLive) {

	/**
	 * No groups.
	 */
	public static final MulticastSettings NONE = new MulticastSettings(List.of(), null, null, 1);

	/**
	 * Copies the list.
	 */
	public MulticastSettings {
		groups = List.copyOf(groups);
	}

	/**
	 * Looks the interface up on this host.
	 * @return the interface, {@code null} if none is named
	 * @throws IOException if this host has no such interface
	 */
	@Nullable NetworkInterface resolveInterface() throws IOException {
		if (this.networkInterface == null) {
			return null;
		}
		NetworkInterface found = NetworkInterface.getByName(this.networkInterface);
		if (found == null && NetUtil.createByteArrayFromIpAddressString(this.networkInterface) != null) {
			found = NetworkInterface.getByInetAddress(InetAddress.getByName(this.networkInterface));
		}
		if (found == null) {
			throw new NoSuchInterfaceException(this.networkInterface);
		}
		return found;
	}

	/**
	 * This host has no such interface.
	 */
	static final class NoSuchInterfaceException extends SocketException {

		private static final long serialVersionUID = 1L;

		NoSuchInterfaceException(String networkInterface) {
			super("no network interface '%s'".formatted(networkInterface));
		}

	}

}
