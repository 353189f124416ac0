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

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslBundles;

/**
 * Creates the TLS of servers and clients from Spring Boot's SSL bundles, and reloads it
 * when a bundle is updated.
 */
final class TlsBundles {

	private static final Logger logger = LoggerFactory.getLogger(TlsBundles.class);

	private final SslBundles bundles;

	TlsBundles(SslBundles bundles) {
		this.bundles = bundles;
	}

	/**
	 * Creates the TLS of a server.
	 * @param property the name of the property that the values are from
	 * @param ssl what is configured
	 * @return the TLS, {@code null} if none is configured
	 * @throws InvalidConfigurationPropertyValueException if the bundle cannot be used
	 */
	@Nullable ServerTls server(String property, TcpServerProperties.@Nullable Ssl ssl) {
		return (ssl != null) ? make(property, ssl.bundle(), (bundle) -> {
			requireStores(property, ssl, bundle);
			return material(bundle);
		}, (material) -> new ServerTls(material, ssl.clientAuth()), ServerTls::reload) : null;
	}

	/**
	 * Creates the TLS of a client.
	 * @param property the name of the property that the values are from
	 * @param ssl what is configured
	 * @return the TLS, {@code null} if none is configured
	 * @throws InvalidConfigurationPropertyValueException if the bundle cannot be used
	 */
	@Nullable ClientTls client(String property, TcpClientProperties.@Nullable Ssl ssl) {
		return (ssl != null) ? make(property, ssl.bundle(), TlsBundles::material,
				(material) -> new ClientTls(material, ssl.verifyHostname(), ssl.serverName()), ClientTls::reload)
				: null;
	}

	/**
	 * Creates TLS from a bundle. When the bundle is updated, the same checks apply, and
	 * what does not pass them changes nothing.
	 */
	private <T> T make(String property, String name, Check check, Maker<T> maker, Reloader<T> reloader) {
		try {
			T tls = maker.make(check.material(this.bundles.getBundle(name)));
			this.bundles.addBundleUpdateHandler(name,
					(updated) -> reload(name, () -> reloader.reload(tls, check.material(updated))));
			return tls;
		}
		catch (NoSuchSslBundleException ex) {
			throw new InvalidConfigurationPropertyValueException(property + ".bundle", name,
					"there is no such bundle under spring.ssl.bundle, whose bundles are "
							+ this.bundles.getBundleNames(),
					ex);
		}
		catch (GeneralSecurityException | SSLException | IllegalStateException | IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property + ".bundle", name,
					"the bundle cannot be used: " + FailureReason.of(ex), ex);
		}
	}

	/**
	 * A server without a certificate cannot do a handshake. One that asks clients for a
	 * certificate, but has no authorities of its own, would trust every client that has
	 * one of a public authority.
	 */
	private static void requireStores(String property, TcpServerProperties.Ssl ssl, SslBundle bundle)
			throws KeyStoreException {
		if (certificateExpiry(bundle) == null) {
			throw new InvalidConfigurationPropertyValueException(property + ".bundle", ssl.bundle(),
					"the bundle has no key store with a private key and its certificate");
		}
		if (ssl.clientAuth() != ClientAuthentication.NONE && bundle.getStores().getTrustStore() == null) {
			throw new InvalidConfigurationPropertyValueException(property + ".client-auth",
					ssl.clientAuth().name().toLowerCase(Locale.ROOT),
					"the bundle '%s' has no trust store, and without one the clients of every public authority would be trusted"
						.formatted(ssl.bundle()));
		}
	}

	private static void reload(String name, Update update) {
		try {
			update.run();
			logger.info("SSL bundle '{}' was updated: new TLS handshakes use it", name);
		}
		catch (Exception ex) {
			logger.warn("SSL bundle '{}' was updated, but cannot be used; the one before stays in use: {}", name,
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
	 * Checks a bundle, and returns its keys and authorities.
	 */
	@FunctionalInterface
	private interface Check {

		TlsMaterial material(SslBundle bundle) throws GeneralSecurityException;

	}

	/**
	 * Creates TLS.
	 *
	 * @param <T> TLS of a server or of a client
	 */
	@FunctionalInterface
	private interface Maker<T> {

		T make(TlsMaterial material) throws SSLException;

	}

	/**
	 * Applies an updated bundle.
	 */
	@FunctionalInterface
	private interface Update {

		void run() throws GeneralSecurityException, SSLException;

	}

	/**
	 * Reloads TLS with the keys and authorities of an updated bundle.
	 *
	 * @param <T> TLS of a server or of a client
	 */
	@FunctionalInterface
	private interface Reloader<T> {

		void reload(T tls, TlsMaterial material) throws SSLException;

	}

}
