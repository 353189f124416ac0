package dev.socketecho.telemetry;

import java.util.Locale;

/**
 * Why a connection was closed, or was turned away at once. Every close has exactly one:
 * the first that was decided.
 */
public enum CloseReason {

	/** The peer closed its side, and everything that it had sent was dealt with. */
	CLIENT_CLOSED(Manner.AFTER_LAST_BYTE),

	/** One message per connection was agreed, and it has been answered. */
	REPLY_COMPLETE(Manner.AFTER_LAST_BYTE),

	/** No byte in or out for the idle timeout. */
	IDLE_TIMEOUT(Manner.AT_ONCE),

	/** A message was longer than the limit. */
	MESSAGE_TOO_LONG(Manner.AFTER_LAST_BYTE),

	/** The server had as many connections as it may. */
	MAX_CONNECTIONS(Manner.AT_ONCE),

	/** The source had as many connections as it may. */
	MAX_CONNECTIONS_PER_SOURCE(Manner.AT_ONCE),

	/** More connections came in one second than may be accepted. */
	ACCEPT_RATE(Manner.AT_ONCE),

	/** The source is not allowed. */
	DENIED(Manner.AT_ONCE),

	/** The PROXY protocol header was missing or malformed. */
	PROXY_PROTOCOL(Manner.AT_ONCE),

	/** The TLS handshake failed. */
	TLS_HANDSHAKE_FAILED(Manner.AFTER_LAST_BYTE),

	/** The connection broke: it was reset, or the network lost it. */
	CONNECTION_RESET(Manner.AT_ONCE),

	/** The service ends. */
	SHUTDOWN(Manner.AFTER_LAST_BYTE),

	/** An operator closed the connection. */
	OPERATOR(Manner.AFTER_LAST_BYTE),

	/** The peer broke the protocol, or the flow behind the connection failed. */
	ERROR(Manner.AFTER_LAST_BYTE);

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
	 * Whether what is queued to the peer still leaves before the connection ends.
	 */
	public boolean sendsLastByte() {
		return this.manner == Manner.AFTER_LAST_BYTE;
	}

	/**
	 * Whether it is this side that does not go on, though the peer might.
	 */
	public boolean isServersDecision() {
		return this == MESSAGE_TOO_LONG || this == REPLY_COMPLETE || this == ERROR;
	}

	private enum Manner {

		AT_ONCE, AFTER_LAST_BYTE

	}

}
