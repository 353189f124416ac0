package dev.socketecho.transport.udp;

import java.util.BitSet;

/**
 * The port numbers that the UDP servers of this process have bound. Each server adds its
 * port when it starts and removes it when it stops. {@link LoopGuard} checks the source
 * port of each datagram. Thread-safe.
 */
public final class BoundPorts {

	/** Replaced at each change, so that reading needs no lock. */
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
