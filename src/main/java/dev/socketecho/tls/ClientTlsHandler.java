package dev.socketecho.tls;

import javax.net.ssl.SSLEngine;

/**
 * The TLS of one connection that a client makes.
 */
public final class ClientTlsHandler extends HalfClosingSslHandler {

	private final ClientKeyManager keys;

	ClientTlsHandler(SSLEngine engine, ClientKeyManager keys) {
		super(engine);
		this.keys = keys;
	}

	/**
	 * Whether the server asked for a certificate and was sent none.
	 * @return whether an alert of the server's is likely to be about that
	 */
	public boolean isCertificateMissing() {
		return this.keys.isAskedInVain(engine());
	}

}
