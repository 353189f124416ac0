package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.socketecho.fault.FaultSet;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;

/**
 * The sockets of one UDP server, from a start to the next stop. Thread-safe.
 *
 * @param all the sockets, on one port; none if the server is stopped
 * @param inherited whether the socket was handed over by a service manager
 */
record UdpServerSockets(List<UdpServerSocket> all, boolean inherited) {

	/**
	 * The sockets of a server that is stopped.
	 */
	static final UdpServerSockets NONE = new UdpServerSockets(List.of(), false);

	UdpServerSockets {
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
	 * The server and where its sockets are bound, for the log.
	 */
	String description(UdpServerSettings settings) {
		InetSocketAddress bound = localAddress();
		List<String> groups = settings.multicast().groups().stream().map(NetUtil::toAddressString).toList();
		return "Server '%s' listens: UDP, address %s, port %d, sockets %d%s%s".formatted(settings.name(),
				NetUtil.toAddressString(bound.getAddress()), bound.getPort(), this.all.size(),
				groups.isEmpty() ? "" : ", groups " + groups, this.inherited ? ", handed over" : "");
	}

	/**
	 * Starts to receive. Returns when all sockets are watched.
	 */
	void open() {
		this.all.stream().map(UdpServerSocket::open).toList().forEach(Future::syncUninterruptibly);
	}

	/**
	 * Replaces the faults.
	 */
	CompletableFuture<Void> setFaults(FaultSet faults) {
		return allOf((socket) -> socket.setFaults(faults));
	}

	/**
	 * Answers datagrams until the sockets are empty and faults hold none, then closes
	 * them.
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
	 * Returns how many datagrams the kernel has dropped because a receive buffer was
	 * full.
	 */
	long kernelDrops() {
		return this.all.stream().mapToLong(UdpServerSocket::kernelDrops).sum();
	}

	private CompletableFuture<Void> allOf(Function<UdpServerSocket, CompletableFuture<Void>> action) {
		return CompletableFuture.allOf(this.all.stream().map(action).toArray(CompletableFuture<?>[]::new));
	}

}
