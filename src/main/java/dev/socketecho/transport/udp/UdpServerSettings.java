package dev.socketecho.transport.udp;

import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import dev.socketecho.transport.udp.socket.UdpSocketSettings;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a UDP server: of its two channel adapters and of their sockets.
 *
 * @param name the server's name in logs, metrics and health
 * @param address an IP literal or a host name to bind, {@code null} for all addresses
 * @param port 0 to 65535; 0 binds a free one
 * @param maxDatagramSize the longest payload in bytes, 0 to 65527; a longer one is
 * dropped
 * @param replyPort the port that answers go to, {@code null} for the port that a sender
 * has sent from
 * @param maxPerSecondPerSource how many datagrams of one source are answered in a second,
 * 0 for no limit
 * @param sources which sources are answered
 * @param multicast the groups to join
 * @param portSharing whether other sockets of this host may bind the same group and port;
 * all of them receive then
 * @param options socket options
 * @param timedAnswers what a server needs whose answers have times in them, {@code null}
 * for all others
 */
public record UdpServerSettings(String name, @Nullable String address, int port, int maxDatagramSize,
		@Nullable Integer replyPort, int maxPerSecondPerSource, SourceFilter sources, MulticastSettings multicast,
		boolean portSharing, UdpSocketOptions options, @Nullable TimedAnswers timedAnswers) {

	/**
	 * The longest payload over IPv4 in bytes: 65,535 without the headers of IP and UDP.
	 */
	public static final int MAX_DATAGRAM_SIZE = 65507;

	/**
	 * The longest payload over IPv6 in bytes: 65,535 without the header of UDP.
	 */
	public static final int MAX_IPV6_DATAGRAM_SIZE = 65527;

	/**
	 * Returns the part of the settings that the sockets need.
	 */
	UdpSocketSettings socket() {
		return new UdpSocketSettings(this.name, this.address, this.port, this.maxDatagramSize, this.multicast,
				this.portSharing, this.options, this.timedAnswers != null);
	}

}
