package dev.socketecho.tls;

import io.netty.handler.ssl.ClientAuth;

/**
 * Whether a server asks its clients for a certificate.
 */
public enum ClientAuthentication {

	/**
	 * Clients are not asked for a certificate.
	 */
	NONE(ClientAuth.NONE),

	/**
	 * Clients are asked for a certificate. A client may have none, but not one that is
	 * not trusted.
	 */
	WANT(ClientAuth.OPTIONAL),

	/**
	 * Clients need a trusted certificate.
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
