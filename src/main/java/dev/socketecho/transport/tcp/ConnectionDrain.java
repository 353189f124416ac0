package dev.socketecho.transport.tcp;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.telemetry.CloseReason;

/**
 * The end of a server's connections, under way. Thread-safe.
 */
public final class ConnectionDrain {

	private final Set<NettyTcpConnection> connections = ConcurrentHashMap.newKeySet();

	/** One more than there are until {@link #complete}. */
	private final AtomicInteger open = new AtomicInteger(1);

	private final AtomicInteger inOrder = new AtomicInteger();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	/**
	 * Ends one of the connections. One that was accepted before the end began may come
	 * late, and a connection may come twice.
	 */
	void add(NettyTcpConnection connection) {
		if (this.connections.add(connection)) {
			this.open.incrementAndGet();
			connection.drain().thenRun(() -> ended(connection));
		}
	}

	/**
	 * All connections that there are were added: this is done when the last has ended.
	 */
	void complete() {
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
	 * Returns how many connections there are to end, the ended ones among them.
	 * @return the number
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
