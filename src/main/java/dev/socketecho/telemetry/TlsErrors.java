package dev.socketecho.telemetry;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Finds the {@link SocketError} of a TLS failure. Some of the JDK's exceptions differ by
 * text only, and one for the peer's alert has the alert's name in it (RFC 8446, 6.2), in
 * OpenSSL's words {@code TLSV1_ALERT_UNKNOWN_CA}. The texts of TLS are English whatever
 * the locale.
 */
final class TlsErrors {

	private static final Map<String, SocketError> BY_TEXT = Map.ofEntries(
			Map.entry("empty client certificate chain", SocketError.CERTIFICATE_REQUIRED),
			Map.entry("alert: certificate_required", SocketError.CERTIFICATE_REQUIRED),
			Map.entry("alert: certificate_expired", SocketError.CERTIFICATE_EXPIRED),
			Map.entry("alert: certificate_revoked", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert: certificate_unknown", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert: unsupported_certificate", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert: bad_certificate", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert: unknown_ca", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert_certificate_expired", SocketError.CERTIFICATE_EXPIRED),
			Map.entry("alert_certificate_revoked", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert_certificate_unknown", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert_unsupported_certificate", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert_bad_certificate", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("alert_unknown_ca", SocketError.CERTIFICATE_UNTRUSTED),
			Map.entry("no subject alternative", SocketError.CERTIFICATE_NAME_MISMATCH),
			Map.entry("no name matching", SocketError.CERTIFICATE_NAME_MISMATCH),
			Map.entry("illegal given domain name", SocketError.CERTIFICATE_NAME_MISMATCH));

	private TlsErrors() {
	}

	/**
	 * Classifies a failed handshake by the innermost cause that is known.
	 */
	static SocketError ofHandshake(Throwable thrown) {
		return ofCauses(thrown, SocketError.TLS_HANDSHAKE_FAILED);
	}

	/**
	 * Classifies a TLS exception of the handshake or of a later record. In TLS 1.3 a
	 * client may reject the server's certificate when the server has already finished.
	 */
	static SocketError of(SSLException thrown) {
		return ofCauses(thrown, isOfHandshake(thrown) ? SocketError.TLS_HANDSHAKE_FAILED : SocketError.PROTOCOL_ERROR);
	}

	private static SocketError ofCauses(Throwable thrown, SocketError other) {
		SocketError error = null;
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			SocketError closer = ofOne(cause);
			error = (closer != null) ? closer : error;
		}
		return (error != null) ? error : other;
	}

	private static boolean isOfHandshake(SSLException thrown) {
		return thrown instanceof SSLHandshakeException || thrown instanceof SslHandshakeTimeoutException
				|| thrown instanceof NotSslRecordException;
	}

	private static @Nullable SocketError ofOne(Throwable cause) {
		SocketError byText = ErrorTexts.find(cause.getMessage(), BY_TEXT);
		if (byText != null) {
			return byText;
		}
		return switch (cause) {
			case CertificateRequiredException _ -> SocketError.CERTIFICATE_REQUIRED;
			case CertificateExpiredException _ -> SocketError.CERTIFICATE_EXPIRED;
			case CertPathValidatorException e when e.getReason() == BasicReason.EXPIRED ->
				SocketError.CERTIFICATE_EXPIRED;
			case CertPathValidatorException _, CertPathBuilderException _, CertificateException _ ->
				SocketError.CERTIFICATE_UNTRUSTED;
			default -> null;
		};
	}

}
