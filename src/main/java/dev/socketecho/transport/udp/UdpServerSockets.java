package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.netty.util.concurrent.Future;

/**
 * The sockets of one UDP server, from one start to the next stop. Thread-safe.
 *
 * @param all the sockets, on one port; none if the server is stopped
 * @param inherited whether another process has them, too
 */
record UdpServerSockets(List<UdpServerSocket> all, boolean inherited) {

	/**
	 * Those of a server that is stopped.
	 */
	static final UdpServerSockets NONE = new UdpServerSockets(List.of(), false);

	public UdpServerSockets {
		all = List.copyOf(all);
	}

	boolean isEmpty() {
		return this.all.isEmpty();
	}

	UdpServerSocket first() {
		return this.all.getFirst();
	}

	InetSocketAddress localAddress() {
		return first().localAddress();
	}

	/**
	 * Starts to receive; returns when all do.
	 */
	void open() {
		this.all.stream().map(UdpServerSocket::open).toList().forEach(Future::syncUninterruptibly);
	}

	/**
	 * Answers what has been received, then closes.
	 */
	CompletableFuture<Void> drain() {
		return allOf(UdpServerSocket::drain);
	}

	/**
	 * Closes at once.
	 */
	CompletableFuture<Void> close() {
		return allOf(UdpServerSocket::close);
	}

	/**
	 * How many datagrams the kernel had no room for.
	 */
	long kernelDrops() {
		return this.all.stream().mapToLong(UdpServerSocket::kernelDrops).sum();
	}

	private CompletableFuture<Void> allOf(Function<UdpServerSocket, CompletableFuture<Void>> action) {
		return CompletableFuture.allOf(this.all.stream().map(action).toArray(CompletableFuture<?>[]::new));
	}

}
