package dev.socketecho.telemetry;

import javax.net.ssl.SSLHandshakeException;

/**
 * A server has refused a client that had no certificate for it.
 */
public final class CertificateRequiredException extends SSLHandshakeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param refusal what came of the connection
	 */
	public CertificateRequiredException(Throwable refusal) {
		super("the server asked for a certificate, there is none for it: " + refusal.getMessage());
		initCause(refusal);
	}

}
