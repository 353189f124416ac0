package dev.socketecho.transport.tcp.settings;

import java.time.Duration;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.proxy.ProxyProtocol;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one TCP client, for its connection factory.
 *
 * @param name the client's name in logs and metrics
 * @param host an IP literal or a host name to connect to
 * @param port 1 to 65535
 * @param framing how messages are delimited
 * @param connectTimeout how long opening a connection may take, with the lookup of the
 * host and the TLS handshake
 * @param localAddress an IP literal or a host name to connect from, {@code null} for the
 * address that the route picks
 * @param localPort 0 to 65535; 0 takes a free one
 * @param options socket options
 * @param proxyProtocol the PROXY header that connections begin with
 * @param tls TLS, {@code null} for none
 * @param path the path that WebSocket asks for, with its query
 */
public record TcpClientSettings(String name, String host, int port, FramingSpec framing, Duration connectTimeout,
		@Nullable String localAddress, int localPort, SocketOptions options, ProxyProtocol proxyProtocol,
		@Nullable ClientTls tls, String path) {

	/**
	 * The path that WebSocket asks for by default.
	 */
	public static final String DEFAULT_PATH = "/";

	/**
	 * Creates the settings of a client without TLS and PROXY protocol.
	 * @param name the client's name in logs and metrics
	 * @param host an IP literal or a host name to connect to
	 * @param port 1 to 65535
	 * @param framing how messages are delimited
	 * @param connectTimeout how long opening a connection may take
	 * @param localAddress an IP literal or a host name to connect from, {@code null} for
	 * the address that the route picks
	 * @param localPort 0 to 65535; 0 takes a free one
	 * @param options socket options
	 */
	public TcpClientSettings(String name, String host, int port, FramingSpec framing, Duration connectTimeout,
			@Nullable String localAddress, int localPort, SocketOptions options) {
		this(name, host, port, framing, connectTimeout, localAddress, localPort, options, ProxyProtocol.NONE, null,
				DEFAULT_PATH);
	}

	/**
	 * Returns the settings of the same client for another server.
	 * @param otherHost an IP literal or a host name
	 * @param otherPort 1 to 65535
	 * @return the settings
	 */
	public TcpClientSettings at(String otherHost, int otherPort) {
		return new TcpClientSettings(this.name, otherHost, otherPort, this.framing, this.connectTimeout,
				this.localAddress, this.localPort, this.options, this.proxyProtocol, this.tls, this.path);
	}

	/**
	 * Returns the settings for connections that behave as a new caller's: from any port,
	 * since the configured one may be taken, and with a full TLS handshake. Probes use
	 * them.
	 * @param limit how long opening a connection may take
	 * @return the settings
	 */
	public TcpClientSettings afresh(Duration limit) {
		return new TcpClientSettings(this.name, this.host, this.port, this.framing, limit, this.localAddress, 0,
				this.options, this.proxyProtocol, (this.tls != null) ? this.tls.withoutResumption() : null, this.path);
	}

	/**
	 * Returns the settings for connections that deliver all complete frames of one read
	 * together. Load runs use them.
	 * @return the settings
	 */
	public TcpClientSettings inBursts() {
		return new TcpClientSettings(this.name, this.host, this.port, this.framing.inBursts(), this.connectTimeout,
				this.localAddress, this.localPort, this.options, this.proxyProtocol, this.tls, this.path);
	}

}
