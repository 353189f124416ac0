package dev.socketecho.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509KeyManager;

/**
 * Checks that private keys belong to their certificates. When the files are replaced one
 * after the other, a reload may read one of them too early; then every handshake would
 * fail.
 */
final class KeyPairCheck {

	private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA");

	private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);

	private KeyPairCheck() {
	}

	static void check(KeyManagerFactory factory) throws SSLException {
		for (KeyManager manager : factory.getKeyManagers()) {
			if (manager instanceof X509KeyManager keys) {
				check(keys);
			}
		}
	}

	private static void check(X509KeyManager keys) throws SSLException {
		for (String type : KEY_TYPES) {
			for (String alias : aliases(keys, type)) {
				check(keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0]);
			}
		}
	}

	/**
	 * Whether the keys are of one kind that each engine knows, and can be given to a
	 * native library. With keys of two kinds, Netty gives OpenSSL one of them before it
	 * has looked at what the client accepts.
	 */
	static boolean areForOpenSsl(KeyManagerFactory factory) {
		Set<String> types = new HashSet<>();
		for (KeyManager manager : factory.getKeyManagers()) {
			if (manager instanceof X509KeyManager keys) {
				for (String type : KEY_TYPES) {
					for (String alias : aliases(keys, type)) {
						types.add(type);
						if (keys.getPrivateKey(alias).getEncoded() == null) {
							return false;
						}
					}
				}
			}
		}
		return types.size() == 1 && !types.contains("EdDSA");
	}

	private static String[] aliases(X509KeyManager keys, String type) {
		String[] aliases = keys.getServerAliases(type, null);
		return (aliases != null) ? aliases : new String[0];
	}

	private static void check(PrivateKey key, X509Certificate certificate) throws SSLException {
		try {
			Signature signature = Signature.getInstance(algorithm(key));
			signature.initSign(key);
			signature.update(SAMPLE);
			byte[] signed = signature.sign();
			signature.initVerify(certificate.getPublicKey());
			signature.update(SAMPLE);
			if (signature.verify(signed)) {
				return;
			}
		}
		catch (GeneralSecurityException ex) {
			throw new SSLException("the private key is not that of the certificate", ex);
		}
		throw new SSLException("the private key is not that of the certificate");
	}

	private static String algorithm(PrivateKey key) {
		return switch (key.getAlgorithm()) {
			case "EC" -> "SHA256withECDSA";
			case "RSA" -> "SHA256withRSA";
			default -> key.getAlgorithm();
		};
	}

}
