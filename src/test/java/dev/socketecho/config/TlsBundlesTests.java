package dev.socketecho.config;

import java.security.KeyStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.socketecho.config.properties.TcpClientProperties;
import dev.socketecho.config.properties.TcpServerProperties.Ssl;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of how SSL bundles become TLS of servers.
 */
class TlsBundlesTests {

	private static final String PROPERTY = "echo.tcp.servers.line.ssl";

	private final DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();

	private final TlsBundles bundles = new TlsBundles(this.registry);

	@Test
	void serverWithoutSslHasNoTls() {
		assertThat(this.bundles.server(PROPERTY, null)).isNull();
	}

	@Test
	void unknownBundleIsNamedWithTheKnownOnes() throws Exception {
		this.registry.registerBundle("known", bundle(certificate(30), false, "secret"));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> this.bundles.server(PROPERTY, new Ssl("unknown", ClientAuthentication.NONE)))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo(PROPERTY + ".bundle");
				assertThat(ex.getValue()).isEqualTo("unknown");
				assertThat(ex.getReason()).contains("no such bundle", "[known]");
			});
	}

	@Test
	void bundleWithoutKeyIsRefused() {
		this.registry.registerBundle("empty", SslBundle.of(SslStoreBundle.NONE));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> this.bundles.server(PROPERTY, new Ssl("empty", ClientAuthentication.NONE)))
			.withMessageContaining("no key store");
	}

	@Test
	void clientNeedsNeitherKeyNorTrustStore() {
		this.registry.registerBundle("empty", SslBundle.of(SslStoreBundle.NONE));
		assertThat(this.bundles.client("echo.tcp.clients.up.ssl", new TcpClientProperties.Ssl("empty", true, null)))
			.isNotNull();
		assertThat(this.bundles.client("echo.tcp.clients.up.ssl", null)).isNull();
	}

	@Test
	void wrongKeyPasswordOfAClientIsRefused() throws Exception {
		this.registry.registerBundle("client", bundle(certificate(30), true, "wrong"));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(
				() -> this.bundles.client("echo.tcp.clients.up.ssl", new TcpClientProperties.Ssl("client", true, null)))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("echo.tcp.clients.up.ssl.bundle");
				assertThat(ex.getReason()).startsWith("the bundle cannot be used");
			});
	}

	@Test
	void wrongKeyPasswordIsRefused() throws Exception {
		this.registry.registerBundle("server", bundle(certificate(30), false, "wrong"));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> this.bundles.server(PROPERTY, new Ssl("server", ClientAuthentication.NONE)))
			.withMessageContaining("the bundle cannot be used");
	}

	@Test
	void clientCertificatesNeedATrustStore() throws Exception {
		this.registry.registerBundle("server", bundle(certificate(30), false, "secret"));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> this.bundles.server(PROPERTY, new Ssl("server", ClientAuthentication.NEED)))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo(PROPERTY + ".client-auth");
				assertThat(ex.getValue()).isEqualTo("need");
			});
	}

	@Test
	void updatedBundleReplacesTheCertificateUnlessItIsOfNoUse() throws Exception {
		X509Bundle first = certificate(30);
		X509Bundle second = certificate(60);
		this.registry.registerBundle("server", bundle(first, true, "secret"));
		ServerTls tls = this.bundles.server(PROPERTY, new Ssl("server", ClientAuthentication.NEED));
		assertThat(tls).isNotNull();
		assertThat(tls.certificateExpiry()).isEqualTo(first.getCertificate().getNotAfter().toInstant());
		this.registry.updateBundle("server", bundle(second, true, "secret"));
		assertThat(tls.certificateExpiry()).isEqualTo(second.getCertificate().getNotAfter().toInstant());
		this.registry.updateBundle("server", bundle(first, true, "wrong"));
		assertThat(tls.certificateExpiry()).isEqualTo(second.getCertificate().getNotAfter().toInstant());
	}

	/**
	 * Without a trust store, every certificate of a public authority would be trusted.
	 */
	@Test
	void updatedBundleWithoutTrustStoreIsNotTakenIfClientsNeedCertificates() throws Exception {
		X509Bundle first = certificate(30);
		this.registry.registerBundle("server", bundle(first, true, "secret"));
		ServerTls tls = this.bundles.server(PROPERTY, new Ssl("server", ClientAuthentication.WANT));
		this.registry.updateBundle("server", bundle(certificate(60), false, "secret"));
		assertThat(tls).isNotNull();
		assertThat(tls.certificateExpiry()).isEqualTo(first.getCertificate().getNotAfter().toInstant());
	}

	@Test
	void updatedBundleWithoutKeyIsNotTaken() throws Exception {
		X509Bundle first = certificate(30);
		this.registry.registerBundle("server", bundle(first, false, "secret"));
		ServerTls tls = this.bundles.server(PROPERTY, new Ssl("server", ClientAuthentication.NONE));
		this.registry.updateBundle("server", SslBundle.of(SslStoreBundle.NONE));
		assertThat(tls).isNotNull();
		assertThat(tls.certificateExpiry()).isEqualTo(first.getCertificate().getNotAfter().toInstant());
	}

	private static X509Bundle certificate(int days) throws Exception {
		return new CertificateBuilder().ecp256()
			.subject("CN=localhost")
			.setIsCertificateAuthority(true)
			.notAfter(Instant.now().plus(days, ChronoUnit.DAYS))
			.buildSelfSigned();
	}

	private static SslBundle bundle(X509Bundle certificate, boolean trust, String password) throws Exception {
		KeyStore keys = certificate.toKeyStore("secret".toCharArray());
		KeyStore trusted = null;
		if (trust) {
			trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("authority", certificate.getCertificate());
		}
		return SslBundle.of(stores(keys, trusted), SslBundleKey.of(password));
	}

	private static SslStoreBundle stores(KeyStore keys, @Nullable KeyStore trusted) {
		return SslStoreBundle.of(keys, null, trusted);
	}

}
