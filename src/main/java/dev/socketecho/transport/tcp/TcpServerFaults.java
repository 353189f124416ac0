package dev.socketecho.transport.tcp;

import java.util.Collection;
import java.util.Comparator;

import dev.socketecho.fault.FaultSet;
import io.netty.util.concurrent.Ticker;

/**
 * The faults of one TCP server. New connections get those that are set; when these
 * change, open connections get the new ones, the oldest connection first. Thread-safe.
 */
final class TcpServerFaults {

	static final FaultSet NONE = FaultSet.empty(Ticker.systemTicker()::nanoTime);

	private volatile FaultSet current = NONE;

	FaultSet current() {
		return this.current;
	}

	/**
	 * Replaces the faults. The draws of open connections are made before this returns.
	 * @param next the faults
	 * @param open the connections that are open
	 */
	synchronized void set(FaultSet next, Collection<NettyTcpConnection> open) {
		this.current = next;
		open.stream()
			.sorted(Comparator.comparingLong(NettyTcpConnection::openedNanos))
			.forEach((connection) -> replace(connection, next));
	}

	private static void replace(NettyTcpConnection connection, FaultSet next) {
		FaultSet before = connection.claimDraws(next, false);
		if (before != null) {
			FaultSet.Draws draws = next.draw(connection.source().getAddress(), before);
			connection.execute(() -> connection.setFaults(next, draws), () -> {
			});
		}
	}

	/**
	 * Gives a new connection the faults that are set. On its event loop, when its
	 * pipeline is built.
	 */
	void add(NettyTcpConnection connection) {
		FaultSet next = this.current;
		FaultSet before = next.all().isEmpty() ? null : connection.claimDraws(next, true);
		if (before != null) {
			connection.setFaults(next, next.draw(connection.source().getAddress(), before));
		}
	}

}
