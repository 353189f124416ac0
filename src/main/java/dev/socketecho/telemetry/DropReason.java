package dev.socketecho.telemetry;

import java.util.Locale;

/**
 * Why a datagram was not answered. Every datagram that is dropped has exactly one reason.
 */
public enum DropReason {

	/**
	 * An answer could start a loop with another reflector (CVE-2024-2169), or the sender
	 * has no address that can be answered.
	 */
	LOOP_GUARD,

	/** The source has sent more than it may in a second. */
	RATE_LIMITED,

	/** The datagram was longer than the limit. */
	MESSAGE_TOO_LONG,

	/** The source is not allowed. */
	DENIED,

	/** The kernel's receive buffer was full: the service has never seen the datagram. */
	KERNEL_BUFFER,

	/** The kernel did not take the answer. */
	SEND_FAILED,

	/** A fault that the server commits on purpose. */
	FAULT;

	private final String tag = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the value of the {@code reason} tag.
	 * @return the lower-case name
	 */
	public String tag() {
		return this.tag;
	}

}
