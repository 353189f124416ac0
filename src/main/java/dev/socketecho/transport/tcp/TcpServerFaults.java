package dev.socketecho.transport.tcp;

import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.fault.FaultSet;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

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
	 * @return completes when each connection has the faults
	 */
	synchronized CompletableFuture<Void> set(FaultSet next, Collection<NettyTcpConnection> open) {
		this.current = next;
		return CompletableFuture.allOf(open.stream()
			.sorted(Comparator.comparingLong(NettyTcpConnection::openedNanos))
			.map((connection) -> replace(connection, next))
			.toArray(CompletableFuture<?>[]::new));
	}

	private static CompletableFuture<Void> replace(NettyTcpConnection connection, FaultSet next) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		FaultSet before = connection.drawn().claim(next, false);
		FaultSet.Draws draws = (before != null) ? next.draw(connection.source().getAddress(), before)
				: FaultSet.Draws.NONE;
		connection.execute(() -> {
			try {
				if (before != null) {
					connection.setFaults(next, draws);
				}
			}
			finally {
				done.complete(null);
			}
		}, () -> done.complete(null));
		return done;
	}

	/**
	 * Gives a new connection the faults that are set. On its event loop, when its
	 * pipeline is built.
	 */
	void add(NettyTcpConnection connection) {
		FaultSet next = this.current;
		FaultSet before = next.all().isEmpty() ? null : connection.drawn().claim(next, true);
		if (before != null) {
			connection.setFaults(next, next.draw(connection.source().getAddress(), before));
		}
	}

	/**
	 * The set of faults whose draws were made for one connection. Each connection has
	 * one. Thread-safe.
	 */
	static final class Drawn {

		private FaultSet faults = NONE;

		/**
		 * Claims the draws of a set of faults for the connection, so that they are made
		 * once although a new connection and a new set may meet.
		 * @param next the faults
		 * @param opened whether the connection has just opened, and takes the set only if
		 * it has none yet
		 * @return the set whose draws it has so far; {@code null} if the caller is not
		 * the one to draw
		 */
		synchronized @Nullable FaultSet claim(FaultSet next, boolean opened) {
			FaultSet before = this.faults;
			if (before == next || (opened && before != NONE)) {
				return null;
			}
			this.faults = next;
			return before;
		}

	}

}
