package dev.socketecho.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/**
 * A certificate and its key (ECDSA, P-256) for all servers of a benchmark.
 *
 * @param certificate the PEM file with the certificate
 * @param key the PEM file with the key
 */
record TlsFiles(Path certificate, Path key) {

	/**
	 * Returns the files, which the first call makes.
	 */
	static TlsFiles get() throws Exception {
		TlsFiles files = new TlsFiles(Commands.work().resolve("tls.crt").toAbsolutePath(),
				Commands.work().resolve("tls.key").toAbsolutePath());
		if (!Files.exists(files.key())) {
			X509Bundle bundle = new CertificateBuilder().algorithm(CertificateBuilder.Algorithm.ecp256)
				.subject("CN=localhost")
				.setIsCertificateAuthority(true)
				.buildSelfSigned();
			Files.writeString(files.certificate(), bundle.getCertificatePEM());
			Files.writeString(files.key(), bundle.getPrivateKeyPEM());
		}
		return files;
	}

}
