package dev.socketecho.telemetry;

/**
 * Records the traffic of one TCP server.
 */
public interface TcpServerRecorder extends TrafficRecorder {

	/**
	 * A connection was closed at once instead of being opened.
	 * @param reason why
	 */
	default void connectionRejected(CloseReason reason) {
	}

}
