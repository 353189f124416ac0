package dev.socketecho.metrics;

import io.micrometer.core.instrument.Meter.Type;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of meters, by their names in Micrometer: Prometheus shows
 * {@code echo.received.bytes} as {@code echo_received_bytes_total}. The recorders of this
 * package register them; a test requires each to be in {@code docs/watching.md}.
 */
enum EchoMeter {

	CONNECTIONS_ACTIVE(Type.GAUGE, "echo.connections.active", null, "Open connections"),

	CONNECTIONS_LIMIT(Type.GAUGE, "echo.connections.limit", null,
			"Connections that may be open at once, where there is a limit"),

	CONNECTIONS_OPENED(Type.COUNTER, "echo.connections.opened", null, "Connections that were accepted"),

	CONNECTIONS_CLOSED(Type.COUNTER, "echo.connections.closed", null, "Connections that have ended, by reason"),

	CONNECTIONS_REJECTED(Type.COUNTER, "echo.connections.rejected", null, "Connections that were rejected, by reason"),

	CONNECTION_DURATION(Type.TIMER, "echo.connection.duration", null, "How long connections were open"),

	TLS_HANDSHAKE(Type.TIMER, "echo.tls.handshake", null, "How long successful TLS handshakes took"),

	TLS_CERTIFICATE_EXPIRY(Type.GAUGE, "echo.tls.certificate.expiry", "seconds",
			"When the server's certificate expires, in seconds since the epoch"),

	RECEIVED_BYTES(Type.COUNTER, "echo.received.bytes", "bytes", "Bytes that were read"),

	SENT_BYTES(Type.COUNTER, "echo.sent.bytes", "bytes", "Bytes of answers that were handed to the sockets"),

	RECEIVED_MESSAGES(Type.COUNTER, "echo.received.messages", "messages", "Messages that were received"),

	SENT_MESSAGES(Type.COUNTER, "echo.sent.messages", "messages", "Messages that were sent back"),

	DROPPED_DATAGRAMS(Type.COUNTER, "echo.dropped.datagrams", null, "Datagrams that were not answered, by reason"),

	STAMP_SESSIONS(Type.GAUGE, "echo.stamp.sessions", null, "Sessions that a stateful STAMP reflector counts"),

	STAMP_UNCOUNTED(Type.COUNTER, "echo.stamp.uncounted", null,
			"Packets that a stateful STAMP reflector has answered without a session, because all were in use"),

	FAULTS_ACTIVE(Type.GAUGE, "echo.faults.active", null, "Faults that are set, which the server commits on purpose"),

	FAULTS_INJECTED(Type.COUNTER, "echo.faults.injected", null, "How often a fault was committed on purpose"),

	ERRORS(Type.COUNTER, "echo.errors", null, "Errors of sockets and protocols, by class"),

	CLIENT_CONNECTIONS_ACTIVE(Type.GAUGE, "echo.client.connections.active", null, "Open connections, or sockets"),

	CLIENT_CONNECTIONS_OPENED(Type.COUNTER, "echo.client.connections.opened", null,
			"Connections, or sockets, that were opened"),

	CLIENT_SENT_BYTES(Type.COUNTER, "echo.client.sent.bytes", "bytes", "Bytes that were handed to the sockets"),

	CLIENT_RECEIVED_BYTES(Type.COUNTER, "echo.client.received.bytes", "bytes", "Bytes that were read"),

	CLIENT_SENT_MESSAGES(Type.COUNTER, "echo.client.sent.messages", "messages",
			"Messages that were handed to the sockets"),

	CLIENT_RECEIVED_MESSAGES(Type.COUNTER, "echo.client.received.messages", "messages", "Messages that were read"),

	CLIENT_RTT(Type.TIMER, "echo.client.rtt", null, "Time from sending a message to its reply"),

	CLIENT_ERRORS(Type.COUNTER, "echo.client.errors", null, "Errors of sockets and replies, by class"),

	PROBE_UP(Type.GAUGE, "echo.probe.up", null, "Whether the last round was answered: 1 or 0"),

	PROBE_RTT(Type.TIMER, "echo.probe.rtt", null, "Time from sending a message to its reply"),

	PROBE_CONNECT(Type.TIMER, "echo.probe.connect", null, "Time to make a connection, with the lookup of the host"),

	PROBE_JITTER(Type.GAUGE, "echo.probe.jitter", "seconds", "Smoothed difference between round trips (RFC 3550)"),

	PROBE_SENT(Type.COUNTER, "echo.probe.sent", null, "Messages that were sent"),

	PROBE_RECEIVED(Type.COUNTER, "echo.probe.received", null, "Replies that came in time and were what was sent"),

	PROBE_LOST(Type.COUNTER, "echo.probe.lost", null, "Messages that got no reply in time"),

	PROBE_LOST_FORWARD(Type.COUNTER, "echo.probe.lost.forward", null,
			"Messages that did not reach a STAMP reflector, by its own count"),

	PROBE_LOST_BACKWARD(Type.COUNTER, "echo.probe.lost.backward", null,
			"Answers that a STAMP reflector has sent, by its own count, and that did not come"),

	PROBE_FORWARD_DELAY(Type.GAUGE, "echo.probe.forward.delay", "seconds",
			"Median time to a STAMP reflector in the last round, by two clocks"),

	PROBE_BACKWARD_DELAY(Type.GAUGE, "echo.probe.backward.delay", "seconds",
			"Median time back from a STAMP reflector in the last round, by two clocks"),

	PROBE_REFLECTOR(Type.GAUGE, "echo.probe.reflector", "seconds",
			"Median time that a STAMP reflector took in the last round"),

	PROBE_DUPLICATED(Type.COUNTER, "echo.probe.duplicated", null, "Replies that came more than once"),

	PROBE_REORDERED(Type.COUNTER, "echo.probe.reordered", null, "Replies that came after the reply to a later message"),

	PROBE_CORRUPTED(Type.COUNTER, "echo.probe.corrupted", null, "Replies that were not what was sent"),

	PROBE_ERRORS(Type.COUNTER, "echo.probe.errors", null, "Rounds that failed, by class of error"),

	LOAD_SENT(Type.COUNTER, "echo.load.sent", null, "Messages of load runs that were sent"),

	LOAD_RECEIVED(Type.COUNTER, "echo.load.received", null,
			"Replies to load runs that came in time and were what was sent"),

	LOAD_LOST(Type.COUNTER, "echo.load.lost", null,
			"Messages of load runs that got no reply in time, or could not be sent"),

	LOAD_ERRORS(Type.COUNTER, "echo.load.errors", null, "Errors of load runs, by class"),

	LOAD_RTT(Type.TIMER, "echo.load.rtt", null, "Time from when a message of a load run was due to its reply"),

	EVENT_LOOP_CPU(Type.COUNTER, "echo.event.loop.cpu", "seconds",
			"CPU time of an event loop; it can use one second per second"),

	EVENT_LOOP_PENDING_TASKS(Type.GAUGE, "echo.event.loop.pending.tasks", null, "Tasks that wait for an event loop");

	private final Type type;

	private final String meterName;

	private final @Nullable String unit;

	private final String description;

	EchoMeter(Type type, String meterName, @Nullable String unit, String description) {
		this.type = type;
		this.meterName = meterName;
		this.unit = unit;
		this.description = description;
	}

	Type type() {
		return this.type;
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
