package dev.socketecho.transport;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The end of a server's connections, under way. Thread-safe.
 */
public final class ConnectionDrain {

	private final List<NettyTcpConnection> connections;

	private final AtomicInteger open;

	private final AtomicInteger inOrder = new AtomicInteger();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	ConnectionDrain(Collection<NettyTcpConnection> connections) {
		this.connections = List.copyOf(connections);
		this.open = new AtomicInteger(this.connections.size() + 1);
		for (NettyTcpConnection connection : this.connections) {
			connection.drain(() -> ended(connection));
		}
		countDown();
	}

	/**
	 * Completes when the last connection is closed and recorded.
	 * @return the future; it is completed on an event loop
	 */
	public CompletableFuture<Void> done() {
		return this.done;
	}

	/**
	 * Cuts the connections that are still open.
	 */
	public void cut() {
		this.connections.forEach((connection) -> connection.cut(CloseReason.SHUTDOWN));
	}

	/**
	 * Returns how many connections have ended in order: all that was owed had left.
	 * @return the number so far
	 */
	public int endedInOrder() {
		return this.inOrder.get();
	}

	/**
	 * Returns how many connections there were.
	 * @return the number at the start
	 */
	public int total() {
		return this.connections.size();
	}

	private void ended(NettyTcpConnection connection) {
		if (connection.isEndedInOrder()) {
			this.inOrder.incrementAndGet();
		}
		countDown();
	}

	private void countDown() {
		if (this.open.decrementAndGet() == 0) {
			this.done.complete(null);
		}
	}

}
