package dev.socketecho.telemetry;

import java.time.Duration;

/**
 * Records the messages of one probe. Each message that is sent ends as exactly one of
 * received, lost and corrupted.
 * <p>
 * Called on event loops: implementations do not block. By default a method does nothing.
 */
public interface ProbeRecorder {

	/**
	 * A round has ended.
	 * @param up whether the target has answered in it
	 */
	default void up(boolean up) {
	}

	/**
	 * A connection was made.
	 * @param duration how long that took, with the lookup of the host
	 */
	default void connected(Duration duration) {
	}

	/**
	 * A message was handed to the socket.
	 */
	default void sent() {
	}

	/**
	 * A reply has arrived in time and equals the message.
	 * @param roundTrip the time since the message was sent
	 * @param jitter the smoothed difference between round trips (RFC 3550, 6.4.1)
	 */
	default void received(Duration roundTrip, Duration jitter) {
	}

	/**
	 * No reply has arrived in time.
	 */
	default void lost() {
	}

	/**
	 * A round against a STAMP reflector has ended that had an answer. Forward and
	 * backward are differences of two hosts' clocks and may be negative.
	 * @param forwardNanos the median of the times from here to the reflector
	 * @param backwardNanos the median of the times from the reflector to here
	 * @param reflectorNanos the median of the times that the reflector took
	 */
	default void oneWayDelays(long forwardNanos, long backwardNanos, long reflectorNanos) {
	}

	/**
	 * A round against a stateful STAMP reflector has ended.
	 * @param forward how many more packets are known not to have reached it
	 * @param backward how many more of its answers are known not to have come
	 */
	default void lostOneWay(int forward, int backward) {
	}

	/**
	 * A reply has arrived more than once.
	 */
	default void duplicated() {
	}

	/**
	 * A reply has arrived after the reply to a later message (RFC 4737, 3).
	 */
	default void reordered() {
	}

	/**
	 * A reply has arrived that differs from every message.
	 */
	default void corrupted() {
	}

	/**
	 * A round has failed.
	 * @param error why
	 */
	default void error(SocketError error) {
	}

	/**
	 * Returns a recorder that records nothing, for probes that are not configured.
	 * @return the recorder
	 */
	static ProbeRecorder none() {
		return new ProbeRecorder() {
		};
	}

}
