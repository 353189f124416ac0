package dev.socketecho.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.List;

import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Certificates, keys and authorities as files, and the properties of SSL bundles of them.
 * Keys are encrypted, those in stores by another password than the store.
 */
public final class CertificateFiles {

	private static final String PASSWORD = "of the store";

	private static final String KEY_PASSWORD = "of the key";

	private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";

	private final Path directory;

	/**
	 * Creates an instance.
	 * @param directory where the files go
	 */
	public CertificateFiles(Path directory) {
		this.directory = directory;
	}

	/**
	 * Writes PEM files.
	 * @param bundle name of the SSL bundle
	 * @param own a certificate with its key, {@code null} for none
	 * @param authority the authority to trust
	 * @return the bundle's properties
	 */
	public List<String> pem(String bundle, @Nullable X509Bundle own, X509Bundle authority) throws Exception {
		String prefix = "spring.ssl.bundle.pem." + bundle;
		Path trusted = write(bundle + "-ca.crt", authority.getCertificatePEM());
		if (own == null) {
			return List.of(prefix + ".truststore.certificate=" + trusted);
		}
		Path certificate = write(bundle + ".crt", own.getCertificatePathPEM());
		Path key = write(bundle + ".key", encrypted(own.getKeyPair().getPrivate()));
		return List.of(prefix + ".truststore.certificate=" + trusted, prefix + ".keystore.certificate=" + certificate,
				prefix + ".keystore.private-key=" + key, prefix + ".keystore.private-key-password=" + KEY_PASSWORD);
	}

	/**
	 * Writes a key store and a trust store.
	 * @param bundle name of the SSL bundle
	 * @param type {@code JKS} or {@code PKCS12}
	 * @param own a certificate with its key
	 * @param authority the authority to trust
	 * @return the bundle's properties
	 */
	public List<String> stores(String bundle, String type, X509Bundle own, X509Bundle authority) throws Exception {
		// In PKCS#12 the keys have the store's password.
		String keyPassword = "JKS".equals(type) ? KEY_PASSWORD : PASSWORD;
		KeyStore keys = KeyStore.getInstance(type);
		keys.load(null, null);
		keys.setKeyEntry("own", own.getKeyPair().getPrivate(), keyPassword.toCharArray(), own.getCertificatePath());
		KeyStore trusted = KeyStore.getInstance(type);
		trusted.load(null, null);
		trusted.setCertificateEntry("authority", authority.getCertificate());
		String prefix = "spring.ssl.bundle.jks." + bundle;
		return List.of(prefix + ".keystore.type=" + type, prefix + ".truststore.type=" + type,
				prefix + ".keystore.location=" + write(bundle + "-keys", keys),
				prefix + ".truststore.location=" + write(bundle + "-trusted", trusted),
				prefix + ".keystore.password=" + PASSWORD, prefix + ".truststore.password=" + PASSWORD,
				prefix + ".key.alias=own", prefix + ".key.password=" + keyPassword);
	}

	private Path write(String name, String text) throws IOException {
		return Files.writeString(this.directory.resolve(name), text);
	}

	private Path write(String name, KeyStore store) throws Exception {
		Path file = this.directory.resolve(name);
		try (OutputStream out = Files.newOutputStream(file)) {
			store.store(out, PASSWORD.toCharArray());
		}
		return file;
	}

	private static String encrypted(PrivateKey key) throws GeneralSecurityException, IOException {
		Cipher cipher = Cipher.getInstance(CIPHER);
		cipher.init(Cipher.ENCRYPT_MODE,
				SecretKeyFactory.getInstance(CIPHER).generateSecret(new PBEKeySpec(KEY_PASSWORD.toCharArray())));
		byte[] bytes = cipher.doFinal(key.getEncoded());
		AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
		parameters.init(cipher.getParameters().getEncoded());
		return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
				+ Base64.getMimeEncoder().encodeToString(new EncryptedPrivateKeyInfo(parameters, bytes).getEncoded())
				+ "\n-----END ENCRYPTED PRIVATE KEY-----\n";
	}

}
