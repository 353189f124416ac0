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
 * The TLS of one client. Its certificates and authorities can be replaced at any time: a
 * connection keeps those that it began with, the next handshake takes the new ones.
 * Thread-safe.
 */
public final class ClientTls {

	/** What the JDK's session cache never has an entry for. */
	private static final int NO_PORT = -1;

	private final boolean verifyHostname;

	private final @Nullable String serverName;

	private final boolean resuming;

	private final AtomicReference<Current> current;

	/**
	 * Creates an instance.
	 * @param material whom to trust, and the certificate to show if a server asks for one
	 * @param verifyHostname whether the server's certificate has to name it (RFC 9525)
	 * @param serverName what the server is called: the name that is asked for (SNI, RFC
	 * 6066, 3) and verified; {@code null} for the host that is connected to
	 * @throws SSLException if no context can be made of that
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
	 * Replaces the certificates and the like, for handshakes to come. Sessions of before
	 * are not resumed.
	 * @param material what to use from now on
	 * @throws SSLException if no context can be made of it; the old one stays
	 */
	public void reload(TlsMaterial material) throws SSLException {
		this.current.set(current(material, this.verifyHostname));
	}

	/**
	 * Returns the same TLS, reloaded with this one, whose every handshake looks at the
	 * server's certificate: it resumes no session.
	 * @return the TLS
	 */
	public ClientTls withoutResumption() {
		return new ClientTls(this.verifyHostname, this.serverName, false, this.current);
	}

	/**
	 * Makes the handler of one connection. Its handshake has no time limit of its own.
	 * @param allocator the connection's
	 * @param host the IP literal or host name that is connected to
	 * @param port 1 to 65535; sessions are resumed per host and port
	 * @param closeTimeout how long the peer is given to take the last bytes
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
	 * A certificate has neither a name's final dot nor an address's zone.
	 */
	private static String plain(String name) {
		String withoutZone = name.replaceFirst("%.*", "");
		return withoutZone.endsWith(".") ? withoutZone.substring(0, withoutZone.length() - 1) : withoutZone;
	}

	/**
	 * The JDK by itself asks for no name without a dot, such as {@code localhost}. There
	 * is no asking for addresses (RFC 6066, 3), nor, in the JDK, for names with
	 * underscores.
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
