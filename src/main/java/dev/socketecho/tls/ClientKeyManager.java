package dev.socketecho.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A client's certificates. Remembers the connections whose server asked for a certificate
 * and was sent none, so that {@link ClientTlsMonitor} can name the cause when the
 * handshake fails: before TLS 1.3 there is no alert for that (RFC 5246, 7.4.6).
 * Thread-safe.
 */
final class ClientKeyManager extends X509ExtendedKeyManager {

	private final @Nullable X509KeyManager keys;

	private final Set<SSLEngine> askedInVain = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	ClientKeyManager(KeyManagerFactory factory) {
		X509KeyManager found = null;
		for (KeyManager manager : factory.getKeyManagers()) {
			if (found == null && manager instanceof X509KeyManager x509) {
				found = x509;
			}
		}
		this.keys = found;
	}

	/**
	 * Whether the server asked for a certificate and there was none that it accepts.
	 */
	boolean isAskedInVain(SSLEngine engine) {
		return this.askedInVain.contains(engine);
	}

	@Override
	public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			SSLEngine engine) {
		String alias = switch (this.keys) {
			case null -> null;
			case X509ExtendedKeyManager extended -> extended.chooseEngineClientAlias(keyTypes, issuers, engine);
			default -> this.keys.chooseClientAlias(keyTypes, issuers, null);
		};
		if (alias == null) {
			this.askedInVain.add(engine);
		}
		return alias;
	}

	@Override
	public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers,
			@Nullable Socket socket) {
		return (this.keys != null) ? this.keys.chooseClientAlias(keyTypes, issuers, socket) : null;
	}

	@Override
	public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
		return (this.keys != null) ? this.keys.getClientAliases(keyType, issuers) : null;
	}

	@Override
	public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
		return null;
	}

	@Override
	public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
		return null;
	}

	@Override
	public X509Certificate @Nullable [] getCertificateChain(String alias) {
		return (this.keys != null) ? this.keys.getCertificateChain(alias) : null;
	}

	@Override
	public @Nullable PrivateKey getPrivateKey(String alias) {
		return (this.keys != null) ? this.keys.getPrivateKey(alias) : null;
	}

}
