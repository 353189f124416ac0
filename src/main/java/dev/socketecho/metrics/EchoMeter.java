package dev.socketecho.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The catalogue of meters, by Micrometer's names: Prometheus shows
 * {@code echo.received.bytes} as {@code echo_received_bytes_total}.
 */
enum EchoMeter {

	CONNECTIONS_ACTIVE("echo.connections.active", null, "Open connections"),

	CONNECTIONS_LIMIT("echo.connections.limit", null, "Connections that may be open at once, where there is a limit"),

	CONNECTIONS_OPENED("echo.connections.opened", null, "Connections that were accepted"),

	CONNECTIONS_CLOSED("echo.connections.closed", null, "Connections that have ended, by reason"),

	CONNECTIONS_REJECTED("echo.connections.rejected", null, "Connections that were turned away, by reason"),

	CONNECTION_DURATION("echo.connection.duration", null, "How long connections were open"),

	TLS_HANDSHAKE("echo.tls.handshake", null, "How long successful TLS handshakes took"),

	TLS_CERTIFICATE_EXPIRY("echo.tls.certificate.expiry", "seconds",
			"When the server's certificate expires, in seconds since the epoch"),

	RECEIVED_BYTES("echo.received.bytes", "bytes", "Bytes that were read"),

	SENT_BYTES("echo.sent.bytes", "bytes", "Bytes of answers that were handed to the sockets"),

	RECEIVED_MESSAGES("echo.received.messages", "messages", "Messages that were received"),

	SENT_MESSAGES("echo.sent.messages", "messages", "Messages that were sent back"),

	DROPPED_DATAGRAMS("echo.dropped.datagrams", null, "Datagrams that were not answered, by reason"),

	ERRORS("echo.errors", null, "Errors of sockets and protocols, by class"),

	CLIENT_CONNECTIONS_ACTIVE("echo.client.connections.active", null, "Open connections, or sockets"),

	CLIENT_CONNECTIONS_OPENED("echo.client.connections.opened", null, "Connections, or sockets, that were opened"),

	CLIENT_SENT_BYTES("echo.client.sent.bytes", "bytes", "Bytes that were handed to the sockets"),

	CLIENT_RECEIVED_BYTES("echo.client.received.bytes", "bytes", "Bytes that were read"),

	CLIENT_SENT_MESSAGES("echo.client.sent.messages", "messages", "Messages that were handed to the sockets"),

	CLIENT_RECEIVED_MESSAGES("echo.client.received.messages", "messages", "Messages that were read"),

	CLIENT_RTT("echo.client.rtt", null, "Time from sending a message to its reply"),

	CLIENT_ERRORS("echo.client.errors", null, "Errors of sockets and replies, by class"),

	PROBE_UP("echo.probe.up", null, "Whether the last round was answered, 1 or 0"),

	PROBE_RTT("echo.probe.rtt", null, "Time from sending a message to its reply"),

	PROBE_CONNECT("echo.probe.connect", null, "Time to make a connection, with the lookup of the host"),

	PROBE_JITTER("echo.probe.jitter", "seconds", "Smoothed difference between round trips (RFC 3550)"),

	PROBE_SENT("echo.probe.sent", null, "Messages that were sent"),

	PROBE_RECEIVED("echo.probe.received", null, "Replies that came in time, as they were sent"),

	PROBE_LOST("echo.probe.lost", null, "Messages without a reply in time"),

	PROBE_DUPLICATED("echo.probe.duplicated", null, "Replies that came again"),

	PROBE_REORDERED("echo.probe.reordered", null, "Replies that came after one to a later message"),

	PROBE_CORRUPTED("echo.probe.corrupted", null, "Replies that were not what was sent"),

	PROBE_ERRORS("echo.probe.errors", null, "Rounds that failed, by class of error"),

	EVENT_LOOP_CPU("echo.event.loop.cpu", "seconds", "CPU time of an event loop; a second per second is all it has"),

	EVENT_LOOP_PENDING_TASKS("echo.event.loop.pending.tasks", null, "Tasks that wait for an event loop");

	private final String meterName;

	private final @Nullable String unit;

	private final String description;

	EchoMeter(String meterName, @Nullable String unit, String description) {
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
