package dev.socketecho.telemetry;

/**
 * Counts bytes and messages. The counts are exact: what is counted is so before the peer
 * can see its effect.
 */
public interface TrafficCounter {

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

}
