package dev.socketecho.tls;

import javax.net.ssl.SSLEngine;

/**
 * The TLS handler of one client connection.
 */
public final class ClientTlsHandler extends HalfClosingSslHandler {

	private final ClientKeyManager keys;

	ClientTlsHandler(SSLEngine engine, ClientKeyManager keys) {
		super(engine);
		this.keys = keys;
	}

	/**
	 * Returns whether the server asked for a certificate and was sent none. An alert of
	 * the server is probably about that.
	 * @return whether a certificate is missing
	 */
	boolean isCertificateMissing() {
		return this.keys.isAskedInVain(engine());
	}

}
