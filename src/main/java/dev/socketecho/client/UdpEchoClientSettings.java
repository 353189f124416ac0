package dev.socketecho.client;

import java.time.Duration;

import dev.socketecho.transport.udp.UdpClientSettings;

/**
 * What a UDP echo client is.
 *
 * @param socket where it sends to, and how
 * @param replyTimeout how long a reply may take from when its request is handed to the
 * socket
 * @param maxMessageSize the longest message that is tried, in bytes
 */
public record UdpEchoClientSettings(UdpClientSettings socket, Duration replyTimeout, int maxMessageSize) {
}
