package dev.socketecho.transport.tcp;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.telemetry.CloseReason;

/**
 * The drain of all connections of one server.
 * {@link NettyTcpServerConnectionFactory#drain} starts it, and the service's shutdown
 * waits for it. Each connection ends as {@link NettyTcpConnection#drain} says.
 * Thread-safe.
 */
public final class ConnectionDrain {

	private final Set<NettyTcpConnection> connections = ConcurrentHashMap.newKeySet();

	/** One more than the open connections, until {@link #complete}. */
	private final AtomicInteger open = new AtomicInteger(1);

	private final AtomicInteger inOrder = new AtomicInteger();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	/**
	 * Drains one connection. One that was accepted just before may be added late, and a
	 * connection may be added twice.
	 */
	void add(NettyTcpConnection connection) {
		if (this.connections.add(connection)) {
			this.open.incrementAndGet();
			connection.drain().thenRun(() -> ended(connection));
		}
	}

	/**
	 * All open connections were added. From now on this is done when the last one ends.
	 */
	void complete() {
		countDown();
	}

	/**
	 * Completes when the last connection is closed and recorded.
	 * @return the future, completed by an event loop or by the thread that began the
	 * drain
	 */
	public CompletableFuture<Void> done() {
		return this.done;
	}

	/**
	 * Closes the connections that are still open at once; queued bytes are lost.
	 */
	public void cut() {
		this.connections.forEach((connection) -> connection.cut(CloseReason.SHUTDOWN));
	}

	/**
	 * Returns how many connections have ended in order: everything queued was sent.
	 * @return the number so far
	 */
	public int endedInOrder() {
		return this.inOrder.get();
	}

	/**
	 * Returns how many connections were added, open or ended.
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
