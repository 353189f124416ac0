package dev.socketecho.client;

import java.time.Duration;

import dev.socketecho.transport.udp.UdpClientSettings;

/**
 * The settings of a {@link UdpEchoClient}.
 *
 * @param socket where and how it sends
 * @param replyTimeout how long a reply may take, from giving its request to the socket
 * @param maxMessageSize the longest message that is sent, in bytes
 */
public record UdpEchoClientSettings(UdpClientSettings socket, Duration replyTimeout, int maxMessageSize) {
}
