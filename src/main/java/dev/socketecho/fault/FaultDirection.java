package dev.socketecho.fault;

/**
 * Which way a fault acts.
 */
public enum FaultDirection {

	/** On what the caller is sent. */
	OUTBOUND,

	/** On what the caller sends. */
	INBOUND

}
