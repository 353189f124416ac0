package dev.socketecho.tls;

import java.lang.ref.Cleaner;
import java.time.Duration;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;

import javax.net.ssl.SSLException;

/**
 * Makes the Netty context of a server's material, with OpenSSL's engine where that keeps
 * every promise, else with the JDK's. {@link ServerTls} calls it at the start and for
 * each new material.
 */
final class ServerContexts {

	/** That of the JDK. OpenSSL's is 5 minutes. */
	private static final Duration SESSION_TIMEOUT = Duration.ofDays(1);

	private static final Cleaner CLEANER = Cleaner.create();

	private ServerContexts() {
	}

	static SslContext create(TlsMaterial material, ClientAuthentication clientAuthentication) throws SSLException {
		boolean openSsl = isForOpenSsl(material, clientAuthentication);
		return SslContextBuilder
			.forServer(openSsl ? new OpenSslCachingX509KeyManagerFactory(material.keys()) : material.keys())
			.sslProvider(openSsl ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
			.trustManager(material.trust())
			.clientAuth(clientAuthentication.clientAuth())
			.protocols(material.protocols())
			.ciphers(material.ciphers(), SupportedCipherSuiteFilter.INSTANCE)
			.sessionTimeout(SESSION_TIMEOUT.toSeconds())
			.build();
	}

	/**
	 * The JDK's engine stays where clients are asked for certificates, as OpenSSL's tells
	 * less exactly why one was refused; where cipher suites were chosen, as BoringSSL has
	 * all those of TLS 1.3 whatever was chosen; and for keys of two kinds and those that
	 * cannot leave their store.
	 */
	private static boolean isForOpenSsl(TlsMaterial material, ClientAuthentication clientAuthentication) {
		return clientAuthentication == ClientAuthentication.NONE && material.hasDefaultCiphers()
				&& KeyPairCheck.areForOpenSsl(material.keys()) && OpenSslEngines.isAvailable();
	}

	/**
	 * Frees the native memory of a context once its owner is not reachable any more. A
	 * connection keeps what it needs of the context.
	 */
	static void releaseAfter(Object owner, SslContext context) {
		CLEANER.register(owner, () -> ReferenceCountUtil.release(context));
	}

}
