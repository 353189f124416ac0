package dev.socketecho.transport.udp.socket;

import org.jspecify.annotations.Nullable;

/**
 * The part of a UDP server's settings that its sockets need.
 *
 * @param server the server's name, for error messages and sockets that were handed over
 * @param address an IP literal or a host name to bind, {@code null} for all addresses
 * @param port 0 to 65535; 0 binds a free one
 * @param maxDatagramSize the longest payload in bytes, 0 to 65527
 * @param multicast the groups to join
 * @param portSharing whether other sockets of this host may bind the same group and port
 * @param options socket options
 * @param arrivals whether the sockets tell when and how each datagram has come
 */
public record UdpSocketSettings(String server, @Nullable String address, int port, int maxDatagramSize,
		MulticastSettings multicast, boolean portSharing, UdpSocketOptions options, boolean arrivals) {
}
