package dev.socketecho.telemetry;

import java.time.Duration;

/**
 * What one probe tells of its messages. Of each that is sent, exactly one of received,
 * lost and corrupted is told in the end.
 * <p>
 * Called on event loops: implementations do not block.
 */
public interface ProbeRecorder {

	/**
	 * A round has ended.
	 * @param up whether the target has answered in it
	 */
	void up(boolean up);

	/**
	 * A connection was made.
	 * @param duration how long that took, the lookup of the host included
	 */
	void connected(Duration duration);

	/**
	 * A message is handed to the socket.
	 */
	void sent();

	/**
	 * A reply has come in time, and is what was sent.
	 * @param roundTrip the time since it was sent
	 * @param jitter the smoothed difference between round trips (RFC 3550, 6.4.1)
	 */
	void received(Duration roundTrip, Duration jitter);

	/**
	 * No reply has come in time.
	 */
	void lost();

	/**
	 * A reply has come again.
	 */
	void duplicated();

	/**
	 * A reply has come after one to a later message (RFC 4737, 3).
	 */
	void reordered();

	/**
	 * A reply has come that is not what was sent.
	 */
	void corrupted();

	/**
	 * A round has failed.
	 * @param error why
	 */
	void error(SocketError error);

	/**
	 * Returns a recorder that forgets everything.
	 * @return the recorder
	 */
	static ProbeRecorder none() {
		return new ProbeRecorder() {

			@Override
			public void up(boolean up) {
			}

			@Override
			public void connected(Duration duration) {
			}

			@Override
			public void sent() {
			}

			@Override
			public void received(Duration roundTrip, Duration jitter) {
			}

			@Override
			public void lost() {
			}

			@Override
			public void duplicated() {
			}

			@Override
			public void reordered() {
			}

			@Override
			public void corrupted() {
			}

			@Override
			public void error(SocketError error) {
			}

		};
	}

}
