package dev.socketecho.transport;

import java.time.Duration;

/**
 * What one server tells of its traffic. The counts are exact: bytes and messages are
 * recorded before the peer can see their effect.
 * <p>
 * Called on event loops, by several at a time: implementations do not block. What they
 * throw is not caught.
 */
public interface ServerRecorder {

	/**
	 * A connection was accepted.
	 */
	void connectionOpened();

	/**
	 * A connection that had been opened has ended.
	 * @param reason why
	 * @param open how long it was open
	 */
	void connectionClosed(CloseReason reason, Duration open);

	/**
	 * A connection was closed instead of being opened.
	 * @param reason why
	 */
	void connectionRejected(CloseReason reason);

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
	 * Answers are handed to the socket.
	 * @param bytes how many bytes
	 * @param messages how many messages these are
	 */
	void sent(long bytes, long messages);

	/**
	 * A TLS handshake has succeeded.
	 * @param taken how long it took
	 */
	void tlsHandshake(Duration taken);

	/**
	 * Something went wrong.
	 * @param error what
	 */
	void error(SocketError error);

}
