package dev.socketecho.telemetry;

import java.time.Duration;

/**
 * What one client tells of its traffic.
 */
public interface ClientRecorder extends TrafficRecorder {

	/**
	 * A reply has come and is what was sent.
	 * @param roundTrip the time since its request was handed to the socket
	 */
	void roundTrip(Duration roundTrip);

	/**
	 * Returns a recorder that forgets everything, for clients that are not configured.
	 * @return the recorder
	 */
	static ClientRecorder none() {
		return new ClientRecorder() {

			@Override
			public void connectionOpened() {
			}

			@Override
			public void connectionClosed(CloseReason reason, Duration open) {
			}

			@Override
			public void bytesReceived(long bytes) {
			}

			@Override
			public void messagesReceived(long messages) {
			}

			@Override
			public void sent(long bytes, long messages) {
			}

			@Override
			public void error(SocketError error) {
			}

			@Override
			public void roundTrip(Duration roundTrip) {
			}

		};
	}

}
