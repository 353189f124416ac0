package dev.socketecho.telemetry;

import java.util.Locale;

/**
 * Why a datagram was not answered. Each dropped datagram has exactly one reason.
 */
public enum DropReason {

	/**
	 * An answer could start a loop with another reflector (CVE-2024-2169), or the sender
	 * has no address that can be answered.
	 */
	LOOP_GUARD,

	/** The source has sent more datagrams than it may in a second. */
	RATE_LIMITED,

	/** The datagram was longer than the limit. */
	MESSAGE_TOO_LONG,

	/** The source is denied, or not in the list of those that are allowed. */
	DENIED,

	/** The kernel's receive buffer was full: the service never received the datagram. */
	KERNEL_BUFFER,

	/** The kernel refused the answer. */
	SEND_FAILED,

	/** A fault that is set on the server dropped the datagram. */
	FAULT,

	/**
	 * The answer of {@code mode: identify} would have been longer than the datagram, and
	 * the source is not in a list of those that are allowed. A forged source must not get
	 * more bytes than were sent.
	 */
	AMPLIFICATION,

	/** The datagram was shorter than any that the server answers. */
	MESSAGE_TOO_SHORT,

	/** The datagram has no valid HMAC, and the server has a key. */
	AUTHENTICATION_FAILED;

	private final String tag = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the value of the {@code reason} tag.
	 * @return the lower-case name
	 */
	public String tag() {
		return this.tag;
	}

}
