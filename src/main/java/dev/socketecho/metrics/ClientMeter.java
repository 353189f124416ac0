package dev.socketecho.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The meters of the clients, by Micrometer's names.
 */
enum ClientMeter {

	CONNECTIONS_ACTIVE("echo.client.connections.active", null, "Open connections, or sockets"),

	CONNECTIONS_OPENED("echo.client.connections.opened", null, "Connections, or sockets, that were opened"),

	SENT_BYTES("echo.client.sent.bytes", "bytes", "Bytes that were handed to the sockets"),

	RECEIVED_BYTES("echo.client.received.bytes", "bytes", "Bytes that were read"),

	SENT_MESSAGES("echo.client.sent.messages", "messages", "Messages that were handed to the sockets"),

	RECEIVED_MESSAGES("echo.client.received.messages", "messages", "Messages that were read"),

	RTT("echo.client.rtt", null, "Time from sending a message to its reply"),

	ERRORS("echo.client.errors", null, "Errors of sockets and replies, by class");

	private final String meterName;

	private final @Nullable String unit;

	private final String description;

	ClientMeter(String meterName, @Nullable String unit, String description) {
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
