package dev.socketecho.probe;

import dev.socketecho.stamp.StampKey;
import org.jspecify.annotations.Nullable;

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
	 * @param key the key of authenticated mode, {@code null} for the other mode
	 */
	record Stamp(@Nullable StampKey key) implements ProbeProtocol {
	}

}
