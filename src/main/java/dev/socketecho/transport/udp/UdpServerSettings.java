package dev.socketecho.transport.udp;

import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import dev.socketecho.transport.udp.socket.UdpSocketSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a UDP server is: the values behind one pair of datagram adapters.
 *
 * @param name the server's name in logs, metrics and health
 * @param address an IP literal or a host name to bind, {@code null} for all addresses
 * @param port 0 to 65535; 0 takes a free one
 * @param maxDatagramSize the longest payload in bytes, 0 to 65527; a longer one is
 * dropped
 * @param replyPort the port of the sender's address that answers go to, {@code null} for
 * the one that the sender has sent from
 * @param maxPerSecondPerSource how many datagrams of one source are answered in a second;
 * 0 for no limit
 * @param sources which sources are answered
 * @param multicast the groups to join
 * @param portSharing whether other sockets of this host may bind the same group and port,
 * and all of them receive
 * @param options socket options
 */
public record UdpServerSettings(String name, @Nullable String address, int port, int maxDatagramSize,
		@Nullable Integer replyPort, int maxPerSecondPerSource, SourceFilter sources, MulticastSettings multicast,
		boolean portSharing, UdpSocketOptions options) {

	/**
	 * The longest payload over IPv4: 65,535 bytes without the headers of IP and UDP.
	 */
	public static final int MAX_DATAGRAM_SIZE = 65507;

	/**
	 * The longest payload over IPv6: 65,535 bytes without the header of UDP.
	 */
	public static final int MAX_IPV6_DATAGRAM_SIZE = 65527;

	/**
	 * What the server's sockets need.
	 */
	UdpSocketSettings socket() {
		return new UdpSocketSettings(this.name, this.address, this.port, this.maxDatagramSize, this.multicast,
				this.portSharing, this.options);
	}

}
