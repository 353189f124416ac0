package dev.socketecho.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The meters of the servers. Names are Micrometer's; Prometheus shows
 * {@code echo.received.bytes} as {@code echo_received_bytes_total}.
 */
enum ServerMeter {

	CONNECTIONS_ACTIVE("echo.connections.active", null, "Open connections"),

	CONNECTIONS_OPENED("echo.connections.opened", null, "Connections that were accepted"),

	CONNECTIONS_CLOSED("echo.connections.closed", null, "Connections that have ended, by reason"),

	CONNECTIONS_REJECTED("echo.connections.rejected", null, "Connections that were turned away, by reason"),

	CONNECTION_DURATION("echo.connection.duration", null, "How long connections were open"),

	RECEIVED_BYTES("echo.received.bytes", "bytes", "Bytes that were read"),

	SENT_BYTES("echo.sent.bytes", "bytes", "Bytes of answers that were handed to the sockets"),

	RECEIVED_MESSAGES("echo.received.messages", "messages", "Messages that were received"),

	SENT_MESSAGES("echo.sent.messages", "messages", "Messages that were sent back"),

	TLS_HANDSHAKE("echo.tls.handshake", null, "How long successful TLS handshakes took"),

	TLS_CERTIFICATE_EXPIRY("echo.tls.certificate.expiry", "seconds",
			"When the server's certificate expires, in seconds since the epoch"),

	DROPPED_DATAGRAMS("echo.dropped.datagrams", null, "Datagrams that were not answered, by reason"),

	ERRORS("echo.errors", null, "Errors of sockets and protocols, by class");

	private final String meterName;

	private final @Nullable String unit;

	private final String description;

	ServerMeter(String meterName, @Nullable String unit, String description) {
		this.meterName = meterName;
		this.unit = unit;
		this.description = description;
	}

	String meterName() {
		return this.meterName;
	}

	@Nullable String unit() {
		return this.unit;
	}

	String description() {
		return this.description;
	}

}
