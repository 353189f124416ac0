package dev.socketecho.transport.tcp;

import java.time.Duration;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.SocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a TCP server is: the values behind one connection factory.
 *
 * @param name the server's name in logs, metrics and health
 * @param address an IP literal or a host name to listen on, {@code null} for all
 * addresses
 * @param port 0 to 65535; 0 takes a free one
 * @param backlog pending connections that the kernel may queue
 * @param framing how messages are delimited
 * @param closeAfterReply one message per connection
 * @param idleTimeout how long a connection may be without a byte in or out; zero for ever
 * @param limits how many connections it takes
 * @param maxPendingBytes bytes queued to a peer that does not read, past which the server
 * stops reading from it
 * @param sources who may connect
 * @param proxyProtocol whether connections begin with a PROXY protocol header, which
 * names their source
 * @param tls how connections are encrypted, {@code null} for not at all
 * @param options socket options
 * @param lingerTimeout how long a peer is given to see the end of a connection that the
 * server closes, before it is cut
 */
public record TcpServerSettings(String name, @Nullable String address, int port, int backlog, FramingSpec framing,
		boolean closeAfterReply, Duration idleTimeout, ConnectionLimits limits, long maxPendingBytes,
		SourceFilter sources, boolean proxyProtocol, @Nullable ServerTls tls, SocketOptions options,
		Duration lingerTimeout) {

	/**
	 * How long a peer is given by default to see the end of a connection.
	 */
	public static final Duration DEFAULT_LINGER_TIMEOUT = Duration.ofSeconds(2);

}
