package dev.socketecho.testing;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.socketecho.tls.TlsMaterial;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * An authority and the certificates that it has issued, created in each run.
 */
public final class TestCertificates {

	public static final TestCertificates INSTANCE = new TestCertificates();

	public final X509Bundle authority = authority("trusted");

	public final X509Bundle server = issue(this.authority, "localhost", 30);

	public final X509Bundle otherServer = issue(this.authority, "localhost", 60);

	public final X509Bundle expiredServer = issue(this.authority, "localhost", -1);

	/** For a name, but no address. */
	public final X509Bundle namedServer = issue(this.authority, "echo.example", 30, false);

	public final X509Bundle strangersServer = issue(authority("stranger"), "localhost", 30);

	public final X509Bundle client = issue(this.authority, "client", 30);

	public final X509Bundle expiredClient = issue(this.authority, "client", -1);

	public final X509Bundle strangersClient = issue(authority("stranger"), "client", 30);

	/**
	 * A certificate for localhost.
	 * @param before for how long it has been valid
	 * @param after for how long it will be
	 */
	public X509Bundle valid(Duration before, Duration after) {
		Instant now = Instant.now();
		return issue(this.authority, "localhost", now.minus(before), now.plus(after), true);
	}

	public TlsMaterial material(X509Bundle bundle) throws Exception {
		return material(bundle.toKeyManagerFactory(), bundle);
	}

	/**
	 * A client that trusts the authority and has no certificate.
	 */
	public TlsMaterial withoutCertificate() throws Exception {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(null, null);
		return new TlsMaterial(keys, this.authority.toTrustManagerFactory(), List.of(), List.of(), null);
	}

	/**
	 * The context of a test's own TLS server, which trusts clients of the same authority.
	 */
	public SSLContext serverContext(X509Bundle certificate) throws Exception {
		return context(certificate.toKeyManagerFactory().getKeyManagers(),
				this.authority.toTrustManagerFactory().getTrustManagers());
	}

	/**
	 * A server with a key of RSA and one of EC.
	 */
	public TlsMaterial twoKeys() throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		X509Bundle rsa = new CertificateBuilder().rsa2048()
			.subject("CN=localhost")
			.addSanDnsName("localhost")
			.buildIssuedBy(this.authority);
		for (X509Bundle key : List.of(rsa, this.server)) {
			store.setKeyEntry(key.getKeyPair().getPrivate().getAlgorithm(), key.getKeyPair().getPrivate(), new char[0],
					key.getCertificatePath());
		}
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, new char[0]);
		return material(keys, this.server);
	}

	/**
	 * A certificate with another certificate's key.
	 */
	public TlsMaterial mismatched(X509Bundle certificate, X509Bundle key) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		store.setKeyEntry("server", key.getKeyPair().getPrivate(), new char[0], certificate.getCertificatePath());
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, new char[0]);
		return material(keys, certificate);
	}

	private TlsMaterial material(KeyManagerFactory keys, X509Bundle bundle) {
		return new TlsMaterial(keys, this.authority.toTrustManagerFactory(), List.of(), List.of(),
				bundle.getCertificate().getNotAfter().toInstant());
	}

	/**
	 * A client that trusts the authority, with or without a certificate of its own.
	 */
	public SSLContext clientContext(@Nullable X509Bundle certificate) throws Exception {
		KeyManager[] keys = (certificate != null) ? new KeyManager[] { new Insisting(certificate) } : null;
		return context(keys, this.authority.toTrustManagerFactory().getTrustManagers());
	}

	/**
	 * A client that trusts another authority.
	 */
	public SSLContext distrustingContext() throws Exception {
		return context(null, authority("other").toTrustManagerFactory().getTrustManagers());
	}

	private static SSLContext context(KeyManager @Nullable [] keys, TrustManager[] trust) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys, trust, null);
		return context;
	}

	private static X509Bundle authority(String name) {
		try {
			return new CertificateBuilder().ecp256()
				.subject("CN=" + name)
				.setIsCertificateAuthority(true)
				.buildSelfSigned();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static X509Bundle issue(X509Bundle authority, String name, int days) {
		return issue(authority, name, days, true);
	}

	private static X509Bundle issue(X509Bundle authority, String name, int days, boolean addresses) {
		Instant now = Instant.now();
		return issue(authority, name, now.minus(10, ChronoUnit.DAYS), now.plus(days, ChronoUnit.DAYS), addresses);
	}

	private static X509Bundle issue(X509Bundle authority, String name, Instant notBefore, Instant notAfter,
			boolean addresses) {
		try {
			CertificateBuilder builder = new CertificateBuilder().ecp256().subject("CN=" + name).addSanDnsName(name);
			if (addresses) {
				builder.addSanIpAddress("127.0.0.1").addSanIpAddress("::1");
			}
			return builder.notBefore(notBefore).notAfter(notAfter).buildIssuedBy(authority);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Shows its certificate whatever authorities the server names.
	 */
	private static final class Insisting extends X509ExtendedKeyManager {

		private final X509Bundle bundle;

		Insisting(X509Bundle bundle) {
			this.bundle = bundle;
		}

		@Override
		public String[] getClientAliases(String keyType, Principal[] issuers) {
			return new String[] { "client" };
		}

		@Override
		public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
			return "client";
		}

		@Override
		public String[] getServerAliases(String keyType, Principal[] issuers) {
			return new String[0];
		}

		@Override
		public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
			return null;
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			return this.bundle.getCertificatePath();
		}

		@Override
		public PrivateKey getPrivateKey(String alias) {
			return this.bundle.getKeyPair().getPrivate();
		}

	}

}
