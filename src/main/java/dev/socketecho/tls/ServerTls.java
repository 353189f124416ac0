package dev.socketecho.tls;

import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

/**
 * The TLS of one server: makes the TLS handler of each connection. Certificates can be
 * reloaded at any time. A connection keeps those that it began with; the next handshake
 * uses the new ones. Thread-safe.
 * <p>
 * The engine is OpenSSL's, whose handshakes are faster (docs/tls.md has the figures), or
 * the JDK's; {@link ServerContexts} chooses.
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
		Current material = this.current;
		SslHandler handler = new HalfClosingSslHandler(material.context().newEngine(allocator));
		Reference.reachabilityFence(material);
		handler.setHandshakeTimeout(this.handshakeTimeout.toNanos(), TimeUnit.NANOSECONDS);
		handler.setCloseNotifyFlushTimeout(closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
		return handler;
	}

	private Current current(TlsMaterial material) throws SSLException {
		KeyPairCheck.check(material.keys());
		Current created = new Current(ServerContexts.create(material, this.clientAuthentication),
				material.certificateExpiry());
		ServerContexts.releaseAfter(created, created.context());
		return created;
	}

	private record Current(SslContext context, @Nullable Instant certificateExpiry) {
	}

}
