package dev.socketecho.transport.tcp;

import java.time.Duration;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.proxy.ProxyProtocol;
import org.jspecify.annotations.Nullable;

/**
 * What a TCP client is: the values behind one connection factory.
 *
 * @param name the client's name in logs and metrics
 * @param host an IP literal or a host name to connect to
 * @param port 1 to 65535
 * @param framing how messages are delimited
 * @param connectTimeout how long a connection may take to be made, the lookup of the host
 * and the TLS handshake included
 * @param localAddress an IP literal or a host name to connect from, {@code null} for what
 * the route picks
 * @param localPort 0 to 65535; 0 takes a free one
 * @param options socket options
 * @param proxyProtocol the header that connections begin with
 * @param tls TLS, {@code null} for none
 */
public record TcpClientSettings(String name, String host, int port, FramingSpec framing, Duration connectTimeout,
		@Nullable String localAddress, int localPort, SocketOptions options, ProxyProtocol proxyProtocol,
		@Nullable ClientTls tls) {

	/**
	 * Creates the settings of a client without TLS and PROXY protocol.
	 * @param name the client's name in logs and metrics
	 * @param host an IP literal or a host name to connect to
	 * @param port 1 to 65535
	 * @param framing how messages are delimited
	 * @param connectTimeout how long a connection may take to be made
	 * @param localAddress an IP literal or a host name to connect from, {@code null} for
	 * what the route picks
	 * @param localPort 0 to 65535; 0 takes a free one
	 * @param options socket options
	 */
	public TcpClientSettings(String name, String host, int port, FramingSpec framing, Duration connectTimeout,
			@Nullable String localAddress, int localPort, SocketOptions options) {
		this(name, host, port, framing, connectTimeout, localAddress, localPort, options, ProxyProtocol.NONE, null);
	}

	/**
	 * Returns the settings of the same client for another server.
	 * @param otherHost an IP literal or a host name
	 * @param otherPort 1 to 65535
	 * @return the settings
	 */
	public TcpClientSettings at(String otherHost, int otherPort) {
		return new TcpClientSettings(this.name, otherHost, otherPort, this.framing, this.connectTimeout,
				this.localAddress, this.localPort, this.options, this.proxyProtocol, this.tls);
	}

	/**
	 * Returns the settings of connections that see what a new caller sees: from any port,
	 * since the configured one may be taken, and with a full TLS handshake.
	 * @param limit how long a connection may take to be made
	 * @return the settings
	 */
	public TcpClientSettings afresh(Duration limit) {
		return new TcpClientSettings(this.name, this.host, this.port, this.framing, limit, this.localAddress, 0,
				this.options, this.proxyProtocol, (this.tls != null) ? this.tls.withoutResumption() : null);
	}

}
