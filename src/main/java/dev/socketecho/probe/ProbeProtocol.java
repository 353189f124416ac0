package dev.socketecho.probe;

import dev.socketecho.stamp.StampSender;

/**
 * What the target of a probe over UDP answers with.
 */
public sealed interface ProbeProtocol {

	/**
	 * An echo.
	 */
	ProbeProtocol ECHO = new Echo();

	/**
	 * The target returns what it receives (RFC 862).
	 */
	record Echo() implements ProbeProtocol {
	}

	/**
	 * The target is a Session-Reflector of STAMP (RFC 8762), or one of TWAMP Light (RFC
	 * 5357).
	 *
	 * @param sender makes the packets
	 * @param stateful whether the reflector is known to number its answers itself; if
	 * not, that shows when it misses a packet
	 */
	record Stamp(StampSender sender, boolean stateful) implements ProbeProtocol {
	}

}
