package dev.socketecho.telemetry;

/**
 * Counts bytes and messages. The counts are exact: each is counted before the peer can
 * see its effect. By default a method does nothing.
 */
public interface TrafficCounter {

	/**
	 * Bytes were read.
	 * @param bytes how many bytes
	 */
	default void bytesReceived(long bytes) {
	}

	/**
	 * Messages are complete.
	 * @param messages how many messages
	 */
	default void messagesReceived(long messages) {
	}

	/**
	 * Messages are handed to the socket.
	 * @param bytes how many bytes
	 * @param messages how many messages these bytes are
	 */
	default void sent(long bytes, long messages) {
	}

}
