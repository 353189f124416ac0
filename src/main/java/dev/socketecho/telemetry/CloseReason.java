package dev.socketecho.telemetry;

import java.util.Locale;

/**
 * Why a connection was closed or rejected. Each connection has exactly one reason: the
 * first that was decided.
 */
public enum CloseReason {

	/** The peer closed its side, and everything that it had sent was answered. */
	CLIENT_CLOSED(Manner.AFTER_LAST_BYTE),

	/** The server takes one message per connection, and it has been answered. */
	REPLY_COMPLETE(Manner.AFTER_LAST_BYTE),

	/** No byte was received or sent for the idle timeout. */
	IDLE_TIMEOUT(Manner.AT_ONCE),

	/** A message was longer than the limit. */
	MESSAGE_TOO_LONG(Manner.AFTER_LAST_BYTE),

	/** The server already has the most connections that it may have. */
	MAX_CONNECTIONS(Manner.AT_ONCE),

	/** The source already has the most connections that it may have. */
	MAX_CONNECTIONS_PER_SOURCE(Manner.AT_ONCE),

	/** The server has already accepted as many connections as it may in a second. */
	ACCEPT_RATE(Manner.AT_ONCE),

	/** The source is denied, or not in the list of those that are allowed. */
	DENIED(Manner.AT_ONCE),

	/** The PROXY protocol header was missing or malformed. */
	PROXY_PROTOCOL(Manner.AT_ONCE),

	/** The TLS handshake failed. */
	TLS_HANDSHAKE_FAILED(Manner.AFTER_LAST_BYTE),

	/** The connection broke: it was reset, or the network lost it. */
	CONNECTION_RESET(Manner.AT_ONCE),

	/** The service shuts down. */
	SHUTDOWN(Manner.AFTER_LAST_BYTE),

	/** An operator closed the connection. */
	OPERATOR(Manner.AFTER_LAST_BYTE),

	/** The peer broke the protocol of the framing. */
	PROTOCOL_ERROR(Manner.AFTER_LAST_BYTE),

	/** TLS failed after its handshake, or the flow behind the connection failed. */
	ERROR(Manner.AFTER_LAST_BYTE),

	/** A fault that is set on the server ended the connection. */
	FAULT(Manner.AFTER_LAST_BYTE);

	private final Manner manner;

	private final String tag = name().toLowerCase(Locale.ROOT);

	CloseReason(Manner manner) {
		this.manner = manner;
	}

	/**
	 * Returns the value of the {@code reason} tag.
	 * @return the lower-case name
	 */
	public String tag() {
		return this.tag;
	}

	/**
	 * Tells whether bytes that are queued to the peer are still sent before the
	 * connection ends.
	 * @return whether they are sent
	 */
	public boolean sendsLastByte() {
		return this.manner == Manner.AFTER_LAST_BYTE;
	}

	/**
	 * Tells whether the server stops although the peer could go on.
	 * @return whether it is the server's decision
	 */
	public boolean isServersDecision() {
		return this == MESSAGE_TOO_LONG || this == REPLY_COMPLETE || this == PROTOCOL_ERROR || this == ERROR
				|| this == FAULT;
	}

	private enum Manner {

		AT_ONCE, AFTER_LAST_BYTE

	}

}
