package dev.socketecho.server;

/**
 * What a server does with a message.
 */
public enum ServerMode {

	/**
	 * Sends it back.
	 */
	ECHO,

	/**
	 * Counts it, and logs it if told to. Nothing is sent back.
	 */
	COLLECT

}
