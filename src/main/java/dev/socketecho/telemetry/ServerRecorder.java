package dev.socketecho.telemetry;

/**
 * What one server tells of its traffic.
 */
public interface ServerRecorder extends TrafficRecorder {

	/**
	 * A connection was closed instead of being opened.
	 * @param reason why
	 */
	void connectionRejected(CloseReason reason);

}
