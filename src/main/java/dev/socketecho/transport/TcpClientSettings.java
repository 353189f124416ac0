package dev.socketecho.transport;

import java.time.Duration;

import dev.socketecho.codec.FramingSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a TCP client is: the values behind one connection factory.
 *
 * @param name the client's name in logs and metrics
 * @param host an IP literal or a host name to connect to
 * @param port 1 to 65535
 * @param framing how messages are delimited
 * @param connectTimeout how long a connection may take to be made, the lookup of the host
 * included
 * @param localAddress an IP literal or a host name to connect from, {@code null} for what
 * the route picks
 * @param localPort 0 to 65535; 0 takes a free one
 * @param options socket options
 */
public record TcpClientSettings(String name, String host, int port, FramingSpec framing, Duration connectTimeout,
		@Nullable String localAddress, int localPort, SocketOptions options) {
}
