package dev.socketecho.tls;

import io.netty.handler.ssl.ClientAuth;

/**
 * Whether a server asks its clients for a certificate.
 */
public enum ClientAuthentication {

	/**
	 * No certificate is asked for.
	 */
	NONE(ClientAuth.NONE),

	/**
	 * A certificate is asked for. A client without one is welcome, one with a certificate
	 * that is not trusted is not.
	 */
	WANT(ClientAuth.OPTIONAL),

	/**
	 * A client without a trusted certificate is refused.
	 */
	NEED(ClientAuth.REQUIRE);

	private final ClientAuth clientAuth;

	ClientAuthentication(ClientAuth clientAuth) {
		this.clientAuth = clientAuth;
	}

	ClientAuth clientAuth() {
		return this.clientAuth;
	}

}
