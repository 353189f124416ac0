package dev.socketecho.telemetry;

/**
 * Records the messages of the load runs of one client, those of the warm-up excepted.
 * Each message that is due ends as exactly one of received, lost and corrupted, and a
 * corrupted one is among the errors.
 * <p>
 * Called on event loops, by several at a time: implementations do not block and do not
 * throw. By default a method does nothing.
 */
public interface LoadRecorder {

	/**
	 * Messages were handed to a socket.
	 * @param messages how many
	 */
	default void sent(long messages) {
	}

	/**
	 * Replies have arrived in time and equal their messages.
	 * @param messages how many
	 * @param nanos the sum of their latencies, in ns
	 */
	default void received(long messages, long nanos) {
	}

	/**
	 * Messages have got no reply in time, or could not be sent.
	 * @param messages how many
	 */
	default void lost(long messages) {
	}

	/**
	 * Messages or connections have failed.
	 * @param error why
	 * @param times how many
	 */
	default void errors(SocketError error, long times) {
	}

	/**
	 * Returns a recorder that records nothing.
	 * @return the recorder
	 */
	static LoadRecorder none() {
		return new LoadRecorder() {
		};
	}

}
