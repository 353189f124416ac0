package dev.socketecho.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

/**
 * The TLS of one server: makes the TLS handler of each connection. Certificates can be
 * reloaded at any time. A connection keeps those that it began with; the next handshake
 * uses the new ones. Thread-safe.
 * <p>
 * The engine is the JDK's. OpenSSL's engine has faster handshakes (docs/tls.md has the
 * figures), but in Netty it closes both directions when a TLS 1.3 peer closes one, so
 * that answers to a peer that has half-closed are lost.
 */
public final class ServerTls {

	/**
	 * How long a handshake may take by default.
	 */
	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

	private final ClientAuthentication clientAuthentication;

	private final Duration handshakeTimeout;

	private volatile Current current;

	/**
	 * Creates an instance.
	 * @param material the server's certificates, and the trusted authorities
	 * @param clientAuthentication whether clients are asked for a certificate
	 * @throws SSLException if the material is not valid
	 */
	public ServerTls(TlsMaterial material, ClientAuthentication clientAuthentication) throws SSLException {
		this(material, clientAuthentication, HANDSHAKE_TIMEOUT);
	}

	/**
	 * Creates an instance.
	 * @param material the server's certificates, and the trusted authorities
	 * @param clientAuthentication whether clients are asked for a certificate
	 * @param handshakeTimeout how long a handshake may take
	 * @throws SSLException if the material is not valid
	 */
	public ServerTls(TlsMaterial material, ClientAuthentication clientAuthentication, Duration handshakeTimeout)
			throws SSLException {
		this.clientAuthentication = clientAuthentication;
		this.handshakeTimeout = handshakeTimeout;
		this.current = current(material);
	}

	/**
	 * Replaces the material for all further handshakes.
	 * @param material the new material
	 * @throws SSLException if it is not valid; the old one stays
	 */
	public void reload(TlsMaterial material) throws SSLException {
		this.current = current(material);
	}

	/**
	 * Returns when the server's certificate expires.
	 * @return the end of its validity, {@code null} if it is not known
	 */
	public @Nullable Instant certificateExpiry() {
		return this.current.certificateExpiry();
	}

	/**
	 * Creates the handler of one connection.
	 * @param allocator the connection's allocator
	 * @param closeTimeout how long the peer has to take the last bytes
	 * @return a new handler
	 */
	public SslHandler newHandler(ByteBufAllocator allocator, Duration closeTimeout) {
		SslHandler handler = new HalfClosingSslHandler(this.current.context().newEngine(allocator));
		handler.setHandshakeTimeout(this.handshakeTimeout.toNanos(), TimeUnit.NANOSECONDS);
		handler.setCloseNotifyFlushTimeout(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
		return handler;
	}

	private Current current(TlsMaterial material) throws SSLException {
		KeyPairCheck.check(material.keys());
		SslContext context = SslContextBuilder.forServer(material.keys())
			.sslProvider(SslProvider.JDK)
			.trustManager(material.trust())
			.clientAuth(this.clientAuthentication.clientAuth())
			.protocols(material.protocols())
			.ciphers(material.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
			.build();
		return new Current(context, material.certificateExpiry());
	}

	private record Current(SslContext context, @Nullable Instant certificateExpiry) {
	}

}
