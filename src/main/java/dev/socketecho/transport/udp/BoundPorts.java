package dev.socketecho.transport.udp;

import java.util.BitSet;

/**
 * The ports that the UDP servers of this process have bound. Thread-safe.
 */
public final class BoundPorts {

	/** Not changed once it is here. */
	private volatile BitSet ports = new BitSet();

	synchronized void add(int port) {
		BitSet changed = (BitSet) this.ports.clone();
		changed.set(port);
		this.ports = changed;
	}

	synchronized void remove(int port) {
		BitSet changed = (BitSet) this.ports.clone();
		changed.clear(port);
		this.ports = changed;
	}

	boolean contains(int port) {
		return this.ports.get(port);
	}

}
