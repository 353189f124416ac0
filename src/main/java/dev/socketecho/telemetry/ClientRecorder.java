package dev.socketecho.telemetry;

import java.time.Duration;

/**
 * Records the traffic of one client.
 */
public interface ClientRecorder extends TrafficRecorder {

	/**
	 * A reply has arrived and equals its request.
	 * @param roundTrip the time since its request was handed to the socket
	 */
	default void roundTrip(Duration roundTrip) {
	}

	/**
	 * Returns a recorder that records nothing, for clients that are not configured.
	 * @return the recorder
	 */
	static ClientRecorder none() {
		return new ClientRecorder() {
		};
	}

}
