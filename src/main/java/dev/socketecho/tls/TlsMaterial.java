package dev.socketecho.tls;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The material of a TLS context: keys, trusted authorities, protocols and ciphers.
 *
 * @param keys the own certificates and their keys
 * @param trust the trusted authorities, {@code null} for those of the JDK
 * @param protocols protocol versions; empty for TLS 1.3 and 1.2
 * @param ciphers cipher suites; empty for those with forward secrecy and authenticated
 * encryption
 * @param certificateExpiry when the first of the own certificates expires, {@code null}
 * if there is none
 */
public record TlsMaterial(KeyManagerFactory keys, @Nullable TrustManagerFactory trust, List<String> protocols,
		List<String> ciphers, @Nullable Instant certificateExpiry) {

	private static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

	/**
	 * The recommendations of RFC 9325, 4.2, and ChaCha20 for clients without AES in
	 * hardware.
	 */
	private static final List<String> DEFAULT_CIPHERS = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
			"TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
			"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
			"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
			"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

	/**
	 * Creates material, with the defaults in place of empty lists.
	 */
	public TlsMaterial {
		protocols = protocols.isEmpty() ? DEFAULT_PROTOCOLS : List.copyOf(protocols);
		ciphers = ciphers.isEmpty() ? DEFAULT_CIPHERS : List.copyOf(ciphers);
	}

	/**
	 * Whether nobody has chosen cipher suites.
	 */
	boolean hasDefaultCiphers() {
		return this.ciphers.equals(DEFAULT_CIPHERS);
	}

}
