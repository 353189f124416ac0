package dev.socketecho.server;

/**
 * What a server does with a message: the value of {@code mode} in a server's properties.
 */
public enum ServerMode {

	/**
	 * The message is sent back.
	 */
	ECHO,

	/**
	 * The message is counted, and logged with {@code log-payload}. Nothing is sent back.
	 */
	COLLECT,

	/**
	 * The message is answered by a line of JSON, which says which instance has received
	 * it and how.
	 */
	IDENTIFY

}
