package dev.socketecho.transport;

import java.time.Duration;

/**
 * What one server or client tells of its traffic. The counts are exact: bytes and
 * messages are recorded before the peer can see their effect.
 * <p>
 * Called on event loops, by several at a time: implementations do not block. What they
 * throw is not caught.
 */
public interface TrafficRecorder {

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
	 * Bytes were read.
	 * @param bytes how many
	 */
	void bytesReceived(long bytes);

	/**
	 * Messages were complete.
	 * @param messages how many
	 */
	void messagesReceived(long messages);

	/**
	 * Messages are handed to the socket.
	 * @param bytes how many bytes
	 * @param messages how many messages these are
	 */
	void sent(long bytes, long messages);

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
