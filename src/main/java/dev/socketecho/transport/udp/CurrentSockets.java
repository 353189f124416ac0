package dev.socketecho.transport.udp;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.fault.FaultSet;
import io.netty.util.concurrent.Ticker;

/**
 * The sockets that a UDP server has at the moment, and what stays from one start to the
 * next: its faults, and how many datagrams the kernel has dropped. Thread-safe.
 */
final class CurrentSockets {

	private volatile UdpServerSockets sockets = UdpServerSockets.NONE;

	private volatile FaultSet faults = FaultSet.empty(Ticker.systemTicker()::nanoTime);

	/** The kernel drops of earlier starts. */
	private long earlierKernelDrops;

	/**
	 * Returns the sockets.
	 * @return the sockets, {@link UdpServerSockets#NONE} if the server is stopped
	 */
	UdpServerSockets get() {
		return this.sockets;
	}

	/**
	 * The server has bound its sockets, which receive nothing yet.
	 */
	synchronized void bound(UdpServerSockets bound) {
		this.sockets = bound;
		bound.setFaults(this.faults);
	}

	/**
	 * The sockets are closed.
	 */
	synchronized void closed() {
		this.earlierKernelDrops += this.sockets.kernelDrops();
		this.sockets = UdpServerSockets.NONE;
	}

	/**
	 * Replaces the faults, also those of later starts.
	 * @return completes when each socket has them
	 */
	synchronized CompletableFuture<Void> setFaults(FaultSet next) {
		this.faults = next;
		return this.sockets.setFaults(next);
	}

	FaultSet faults() {
		return this.faults;
	}

	/**
	 * Returns how many datagrams the kernel has dropped, in all starts, because a receive
	 * buffer was full.
	 */
	synchronized long kernelDrops() {
		return this.earlierKernelDrops + this.sockets.kernelDrops();
	}

}
