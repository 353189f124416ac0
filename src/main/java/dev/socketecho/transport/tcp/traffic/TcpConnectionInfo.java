package dev.socketecho.transport.tcp.traffic;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of one open TCP connection, for {@code /actuator/connections} and
 * {@code mode: identify}.
 *
 * @param id the connection's id
 * @param server the name of its server
 * @param source the peer's address and port
 * @param local the address and port of this host that it was opened to
 * @param proxiedBy the address and port of the proxy that has named the source,
 * {@code null} without one
 * @param opened when it was accepted
 * @param idle the time since its last read
 * @param bytesIn bytes read
 * @param bytesOut bytes sent
 * @param messagesIn messages received
 * @param messagesOut messages sent
 * @param tlsProtocol the version of TLS, {@code null} without TLS or before the handshake
 * is done
 */
public record TcpConnectionInfo(String id, String server, InetSocketAddress source, InetSocketAddress local,
		@Nullable InetSocketAddress proxiedBy, Instant opened, Duration idle, long bytesIn, long bytesOut,
		long messagesIn, long messagesOut, @Nullable String tlsProtocol) {
}
