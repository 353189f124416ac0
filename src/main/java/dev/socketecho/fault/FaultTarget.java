package dev.socketecho.fault;

import java.net.InetAddress;

/**
 * The connection that faults act on. Called on its event loop.
 */
public interface FaultTarget {

	/**
	 * Returns who the connection is from, for the faults that are for some only.
	 * @return the address, behind the PROXY protocol the one that the header names
	 */
	InetAddress faultSource();

	/**
	 * Is told how much the faults hold back, so that reading stops before that is too
	 * much.
	 * @param bytes how many bytes more, or fewer if negative; what holding them costs is
	 * counted in
	 */
	void faultHolds(long bytes);

	/**
	 * Is told of bytes that were read, before the inbound faults of a unit.
	 * @param unit the unit
	 * @param bytes how many
	 */
	void faultRead(Fault.Unit unit, int bytes);

	/**
	 * Is told of bytes that have passed the outbound faults of a unit and are about to
	 * leave.
	 * @param unit the unit
	 * @param bytes how many
	 */
	void faultPassed(Fault.Unit unit, int bytes);

	/**
	 * The end of the output has passed the outbound faults: FIN may be sent. This may be
	 * called in the middle of a change of faults, so it happens in a later task of the
	 * event loop.
	 */
	void faultEnds();

	/**
	 * Returns whether a message to the peer leaves in one piece. Otherwise a fault may
	 * cut it, as the stream has no boundaries.
	 * @return whether messages stay whole
	 */
	default boolean faultKeepsWhole() {
		return false;
	}

	/**
	 * Ends the connection with FIN, after what has passed. This is called in the middle
	 * of a write or a read, so it happens in a later task of the event loop.
	 */
	void faultCloses();

	/**
	 * Ends the connection with RST, once what has passed is acknowledged. From now on no
	 * FIN is sent. This is called in the middle of a write or a read, so the rest happens
	 * in a later task of the event loop.
	 */
	void faultResets();

}
