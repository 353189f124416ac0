package dev.socketecho.tls;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The TLS of one client: makes the TLS handler of each connection. Certificates can be
 * reloaded at any time. A connection keeps those that it began with; the next handshake
 * uses the new ones. Thread-safe.
 */
public final class ClientTls {

	/** The JDK's session cache has no entry for this port. */
	private static final int NO_PORT = -1;

	private final boolean verifyHostname;

	private final @Nullable String serverName;

	private final boolean resuming;

	private final AtomicReference<Current> current;

	/**
	 * Creates an instance.
	 * @param material the trusted authorities, and the certificate for servers that ask
	 * for one
	 * @param verifyHostname whether the server's certificate has to contain its name (RFC
	 * 9525)
	 * @param serverName the server's name, which is sent (SNI, RFC 6066, 3) and verified;
	 * {@code null} for the host that the client connects to
	 * @throws SSLException if the material is not valid
	 */
	public ClientTls(TlsMaterial material, boolean verifyHostname, @Nullable String serverName) throws SSLException {
		this(verifyHostname, serverName, true, new AtomicReference<>(current(material, verifyHostname)));
	}

	private ClientTls(boolean verifyHostname, @Nullable String serverName, boolean resuming,
			AtomicReference<Current> current) {
		this.verifyHostname = verifyHostname;
		this.serverName = serverName;
		this.resuming = resuming;
		this.current = current;
	}

	/**
	 * Replaces the material for all further handshakes. Earlier sessions are not resumed.
	 * @param material the new material
	 * @throws SSLException if it is not valid; the old one stays
	 */
	public void reload(TlsMaterial material) throws SSLException {
		this.current.set(current(material, this.verifyHostname));
	}

	/**
	 * Returns the same TLS without resumption: each handshake verifies the server's
	 * certificate. It is reloaded with this one. Probes use it.
	 * @return the TLS
	 */
	public ClientTls withoutResumption() {
		return new ClientTls(this.verifyHostname, this.serverName, false, this.current);
	}

	/**
	 * Creates the handler of one connection. Its handshake has no time limit of its own:
	 * the limit on connecting includes it.
	 * @param allocator the connection's allocator
	 * @param host the IP literal or host name that the client connects to
	 * @param port 1 to 65535; sessions are resumed per host and port
	 * @param closeTimeout how long the peer has to take the last bytes
	 * @return a new handler
	 */
	public ClientTlsHandler newHandler(ByteBufAllocator allocator, String host, int port, Duration closeTimeout) {
		String name = plain((this.serverName != null) ? this.serverName : host);
		Current context = this.current.get();
		SSLEngine engine = context.context().newEngine(allocator, name, this.resuming ? port : NO_PORT);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setServerNames(serverNames(name));
		engine.setSSLParameters(parameters);
		ClientTlsHandler handler = new ClientTlsHandler(engine, context.keys());
		handler.setHandshakeTimeoutMillis(0);
		handler.setCloseNotifyFlushTimeout(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
		return handler;
	}

	/**
	 * The name without its final dot, the address without its zone: certificates have
	 * neither.
	 */
	private static String plain(String name) {
		String withoutZone = name.replaceFirst("%.*", "");
		return withoutZone.endsWith(".") ? withoutZone.substring(0, withoutZone.length() - 1) : withoutZone;
	}

	/**
	 * The name to send. By default, the JDK sends no name without a dot, such as
	 * {@code localhost}. Addresses are never sent (RFC 6066, 3), and the JDK cannot send
	 * names with underscores.
	 */
	private static List<SNIServerName> serverNames(String name) {
		if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
			return List.of();
		}
		try {
			return List.of(new SNIHostName(name));
		}
		catch (IllegalArgumentException ex) {
			return List.of();
		}
	}

	private static Current current(TlsMaterial material, boolean verifyHostname) throws SSLException {
		KeyPairCheck.check(material.keys());
		ClientKeyManager keys = new ClientKeyManager(material.keys());
		SslContext context = SslContextBuilder.forClient()
			.sslProvider(SslProvider.JDK)
			.keyManager(keys)
			.trustManager(material.trust())
			.endpointIdentificationAlgorithm(verifyHostname ? "HTTPS" : "")
			.protocols(material.protocols())
			.ciphers(material.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
			.build();
		return new Current(context, keys);
	}

	private record Current(SslContext context, ClientKeyManager keys) {
	}

}
