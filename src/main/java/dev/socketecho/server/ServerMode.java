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
	IDENTIFY,

	/**
	 * The message is a packet of STAMP, the Simple Two-Way Active Measurement Protocol
	 * (RFC 8762), and is answered as a Session-Reflector does. UDP servers only.
	 */
	STAMP

}
