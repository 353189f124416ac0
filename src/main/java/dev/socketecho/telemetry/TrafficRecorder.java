package dev.socketecho.telemetry;

import java.time.Duration;

/**
 * Records the traffic of one server or client.
 * <p>
 * Called on event loops, by several at a time: implementations do not block and do not
 * throw. By default a method does nothing.
 */
public interface TrafficRecorder extends TrafficCounter {

	/**
	 * A connection was opened.
	 */
	default void connectionOpened() {
	}

	/**
	 * A connection that was opened has ended.
	 * @param reason why
	 * @param open how long it was open
	 */
	default void connectionClosed(CloseReason reason, Duration open) {
	}

	/**
	 * Returns the counter for connections of the calling event loop, which may count
	 * without atomic operations.
	 * @return a counter for the calling event loop only
	 */
	default TrafficCounter ofEventLoop() {
		return this;
	}

	/**
	 * A TLS handshake has succeeded.
	 * @param taken how long it took
	 */
	default void tlsHandshake(Duration taken) {
	}

	/**
	 * A socket or a protocol has failed.
	 * @param error how
	 */
	default void error(SocketError error) {
	}

}
