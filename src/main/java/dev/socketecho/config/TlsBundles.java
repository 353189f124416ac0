package dev.socketecho.config;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import dev.socketecho.config.properties.TcpClientProperties;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.tls.TlsMaterial;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import javax.net.ssl.SSLException;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;

/**
 * Makes TLS of Spring Boot's SSL bundles, and hands their updates on.
 */
final class TlsBundles {

	private static final Logger logger = LoggerFactory.getLogger(TlsBundles.class);

	private final SslBundles bundles;

	TlsBundles(SslBundles bundles) {
		this.bundles = bundles;
	}

	/**
	 * Makes the TLS of a server.
	 * @param property the property that the values are from
	 * @param ssl what is configured
	 * @return the TLS, {@code null} if none is configured
	 * @throws InvalidPropertyException if the bundle cannot be used
	 */
	@Nullable ServerTls server(String property, TcpServerProperties.@Nullable Ssl ssl) {
		return (ssl != null) ? make(property, ssl.bundle(), (bundle) -> {
			requireStores(property, ssl, bundle);
			return material(bundle);
		}, (material) -> new ServerTls(material, ssl.clientAuth()), ServerTls::reload) : null;
	}

	/**
	 * Makes the TLS of a client.
	 * @param property the property that the values are from
	 * @param ssl what is configured
	 * @return the TLS, {@code null} if none is configured
	 * @throws InvalidPropertyException if the bundle cannot be used
	 */
	@Nullable ClientTls client(String property, TcpClientProperties.@Nullable Ssl ssl) {
		return (ssl != null) ? make(property, ssl.bundle(), TlsBundles::material,
				(material) -> new ClientTls(material, ssl.verifyHostname(), ssl.serverName()), ClientTls::reload)
				: null;
	}

	/**
	 * Makes TLS of a bundle, at start and whenever the bundle is updated by the same
	 * checks.
	 */
	private <T> T make(String property, String name, Check check, Maker<T> maker, Reloader<T> reloader) {
		try {
			T tls = maker.make(check.material(this.bundles.getBundle(name)));
			this.bundles.addBundleUpdateHandler(name,
					(updated) -> reload(name, () -> reloader.reload(tls, check.material(updated))));
			return tls;
		}
		catch (NoSuchSslBundleException ex) {
			throw new InvalidPropertyException(property + ".bundle", name,
					"there is no such bundle under spring.ssl.bundle, whose bundles are "
							+ this.bundles.getBundleNames(),
					ex);
		}
		catch (GeneralSecurityException | SSLException | IllegalStateException | IllegalArgumentException ex) {
			throw new InvalidPropertyException(property + ".bundle", name,
					"the bundle cannot be used: " + FailureReason.of(ex), ex);
		}
	}

	/**
	 * A server without a certificate can do no handshake; and without authorities of its
	 * own it would trust whoever has a certificate of a public one.
	 */
	private static void requireStores(String property, TcpServerProperties.Ssl ssl, SslBundle bundle)
			throws KeyStoreException {
		if (certificateExpiry(bundle) == null) {
			throw new InvalidPropertyException(property + ".bundle", ssl.bundle(),
					"the bundle has no key store with a private key and its certificate", null);
		}
		if (ssl.clientAuth() != ClientAuthentication.NONE && bundle.getStores().getTrustStore() == null) {
			throw new InvalidPropertyException(property + ".client-auth",
					ssl.clientAuth().name().toLowerCase(Locale.ROOT),
					"the bundle '%s' has no trust store, and without one the clients of every public authority would be trusted"
						.formatted(ssl.bundle()),
					null);
		}
	}

	private static void reload(String name, Update update) {
		try {
			update.run();
			logger.info("SSL bundle '{}' was updated: new TLS handshakes use it", name);
		}
		catch (Exception ex) {
			logger.warn("SSL bundle '{}' was updated, but cannot be used; what was there before stays in use: {}", name,
					FailureReason.of(ex));
		}
	}

	private static TlsMaterial material(SslBundle bundle) throws KeyStoreException {
		return new TlsMaterial(bundle.getManagers().getKeyManagerFactory(),
				(bundle.getStores().getTrustStore() != null) ? bundle.getManagers().getTrustManagerFactory() : null,
				list(bundle.getOptions().getEnabledProtocols()), list(bundle.getOptions().getCiphers()),
				certificateExpiry(bundle));
	}

	private static @Nullable Instant certificateExpiry(SslBundle bundle) throws KeyStoreException {
		KeyStore keys = bundle.getStores().getKeyStore();
		if (keys == null) {
			return null;
		}
		SslBundleKey key = bundle.getKey();
		String alias = (key != null) ? key.getAlias() : null;
		Instant first = null;
		for (String candidate : (alias != null) ? List.of(alias) : Collections.list(keys.aliases())) {
			if (keys.isKeyEntry(candidate) && keys.getCertificate(candidate) instanceof X509Certificate certificate) {
				Instant expiry = certificate.getNotAfter().toInstant();
				first = (first == null || expiry.isBefore(first)) ? expiry : first;
			}
		}
		return first;
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

	/**
	 * Checks a bundle, and takes from it what TLS is made of.
	 */
	@FunctionalInterface
	private interface Check {

		TlsMaterial material(SslBundle bundle) throws GeneralSecurityException;

	}

	/**
	 * Makes TLS.
	 *
	 * @param <T> a server's or a client's
	 */
	@FunctionalInterface
	private interface Maker<T> {

		T make(TlsMaterial material) throws SSLException;

	}

	/**
	 * Takes an updated bundle over.
	 */
	@FunctionalInterface
	private interface Update {

		void run() throws GeneralSecurityException, SSLException;

	}

	/**
	 * Hands what a bundle has become to TLS that was made of it.
	 *
	 * @param <T> a server's or a client's
	 */
	@FunctionalInterface
	private interface Reloader<T> {

		void reload(T tls, TlsMaterial material) throws SSLException;

	}

}
