package dev.socketecho.transport.tcp.settings;

import java.time.Duration;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.SocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one TCP server, for its connection factory.
 *
 * @param name the server's name in logs, metrics and health
 * @param address an IP literal or a host name to listen on, {@code null} for all
 * addresses
 * @param port 0 to 65535; 0 takes a free one
 * @param backlog pending connections that the kernel may queue
 * @param framing how messages are delimited
 * @param greeting text that each connection sends first, {@code null} or empty for none
 * @param closeAfterReply one message per connection
 * @param idleTimeout how long a connection may be open without a byte in or out; zero is
 * no limit
 * @param limits how many connections the server accepts
 * @param maxPendingBytes bytes queued to a peer that does not read, past which the server
 * stops reading from it
 * @param sources the addresses that may connect
 * @param proxyProtocol whether connections begin with a PROXY header, which names their
 * source
 * @param tls TLS, {@code null} for none
 * @param options socket options
 * @param lingerTimeout how long a peer has to see the end of a connection that the server
 * closes
 */
public record TcpServerSettings(String name, @Nullable String address, int port, int backlog, FramingSpec framing,
		@Nullable String greeting, boolean closeAfterReply, Duration idleTimeout, ConnectionLimits limits,
		long maxPendingBytes, SourceFilter sources, boolean proxyProtocol, @Nullable ServerTls tls,
		SocketOptions options, Duration lingerTimeout) {

	/**
	 * How long a peer has by default to see the end of a connection.
	 */
	public static final Duration DEFAULT_LINGER_TIMEOUT = Duration.ofSeconds(2);

}
