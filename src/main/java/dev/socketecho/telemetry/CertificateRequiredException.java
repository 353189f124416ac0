package dev.socketecho.telemetry;

import javax.net.ssl.SSLHandshakeException;

/**
 * Thrown to a client that has no certificate when the server that asked for one closes
 * the connection. With TLS 1.3 the client learns of it only after the handshake.
 */
public final class CertificateRequiredException extends SSLHandshakeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param refusal how the connection ended
	 */
	public CertificateRequiredException(Throwable refusal) {
		super("the server asked for a certificate, and the client has none: " + refusal.getMessage());
		initCause(refusal);
	}

}
