package dev.socketecho.telemetry;

import java.time.Duration;

/**
 * What one server or client tells of its traffic.
 * <p>
 * Called on event loops, by several at a time: implementations do not block. What they
 * throw is not caught.
 */
public interface TrafficRecorder extends TrafficCounter {

	/**
	 * A connection was opened.
	 */
	void connectionOpened();

	/**
	 * A connection that had been opened has ended.
	 * @param reason why
	 * @param open how long it was open
	 */
	void connectionClosed(CloseReason reason, Duration open);

	/**
	 * Returns what counts the traffic of the connections of the calling event loop.
	 * @return a counter for that event loop only
	 */
	default TrafficCounter ofEventLoop() {
		return this;
	}

	/**
	 * A TLS handshake has succeeded. Not everyone measures that.
	 * @param taken how long it took
	 */
	default void tlsHandshake(Duration taken) {
	}

	/**
	 * Something went wrong.
	 * @param error what
	 */
	void error(SocketError error);

}
