package dev.socketecho.fault;

/**
 * What a fault is drawn for.
 */
public enum FaultUnit {

	/** Once for each connection. TCP only. */
	CONNECTION,

	/** For each message, or datagram. */
	MESSAGE

}
