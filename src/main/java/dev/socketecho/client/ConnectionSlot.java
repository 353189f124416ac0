package dev.socketecho.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.Backoff;
import dev.socketecho.transport.loop.Inbox;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place in the pool of a {@link TcpEchoClient}: a queue of requests and the
 * connection that sends them. The connection is made at the first use, and made again
 * when it is lost. If an attempt to connect fails, the requests that wait at that moment
 * fail with it; requests that are queued later wait for the next attempt.
 * <p>
 * {@link #add}, {@link #connect} and {@link #close} may be called on any thread; the rest
 * runs on one event loop, which is the connection's too.
 */
final class ConnectionSlot {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionSlot.class);

	private final TcpConnections connections;

	private final EventLoop eventLoop;

	private final Inbox<Outgoing> inbox;

	private final Deque<Outgoing> waiting = new ArrayDeque<>();

	private final Backoff backoff = new Backoff();

	private @Nullable CompletableFuture<NettyTcpConnection> attempt;

	private @Nullable Future<?> nextAttempt;

	private @Nullable TcpExchange exchange;

	private boolean closed;

	ConnectionSlot(TcpConnections connections, EventLoop eventLoop) {
		this.connections = connections;
		this.eventLoop = eventLoop;
		this.inbox = new Inbox<>(eventLoop, this::drain);
	}

	EventLoop eventLoop() {
		return this.eventLoop;
	}

	/**
	 * Queues a request. All that is queued before the event loop runs the queue leaves in
	 * one flush.
	 */
	void add(Outgoing outgoing) {
		this.inbox.add(outgoing);
	}

	/**
	 * Makes the connection if there is none.
	 */
	void connect() {
		this.eventLoop.execute(this::connectIfNeeded);
	}

	private void drain() {
		for (Outgoing next = this.inbox.poll(); next != null; next = this.inbox.poll()) {
			this.waiting.add(next);
		}
		pump();
	}

	private void pump() {
		if (this.closed) {
			failWaiting(SocketError.OPERATION_ABORTED, "client is closed", null);
			return;
		}
		TcpExchange current = this.exchange;
		if (current != null && (current.takesRequests() || this.waiting.peekFirst() instanceof Outgoing.Flush)) {
			current.connection().gather(() -> send(current));
		}
		while (this.exchange == null && this.waiting.peekFirst() instanceof Outgoing.Flush flush) {
			this.waiting.removeFirst();
			flush.done().complete(null);
		}
		if (!this.waiting.isEmpty()) {
			connectIfNeeded();
		}
	}

	private void send(TcpExchange current) {
		for (Outgoing next = this.waiting.peekFirst(); next != null; next = this.waiting.peekFirst()) {
			switch (next) {
				case Outgoing.Flush flush ->
					current.connection().written().whenComplete((_, _) -> flush.done().complete(null));
				case Outgoing.Connect connect -> connect.done().complete(null);
				case EchoRequest request when current.takesRequests() -> current.send(request);
				case EchoRequest _ -> {
					return;
				}
			}
			this.waiting.removeFirst();
		}
	}

	private void connectIfNeeded() {
		TcpExchange current = this.exchange;
		boolean usable = current != null && current.takesRequests();
		// The next connection for one message is made when this one has ended.
		boolean busy = current != null && this.connections.settings().isSingleUse();
		if (usable || busy || this.closed || this.attempt != null || this.nextAttempt != null) {
			return;
		}
		long delay = this.backoff.delay().toNanos();
		if (delay == 0) {
			attempt();
		}
		else {
			this.nextAttempt = this.eventLoop.schedule(this::attempt, delay, TimeUnit.NANOSECONDS);
		}
	}

	private void attempt() {
		this.nextAttempt = null;
		CompletableFuture<NettyTcpConnection> connecting = this.connections.connect(this.eventLoop);
		this.attempt = connecting;
		connecting.whenComplete((connection, failure) -> {
			this.attempt = null;
			if (failure == null) {
				connected(connection);
			}
			else {
				notConnected(failure);
			}
		});
	}

	private void connected(NettyTcpConnection connection) {
		if (this.closed) {
			connection.close(CloseReason.OPERATOR);
			return;
		}
		logger.debug("Client '{}' connected to {} port {}", this.connections.settings().connection().name(),
				connection.getHostAddress(), connection.getPort());
		this.exchange = this.connections.begin(connection, this);
		pump();
	}

	private void notConnected(Throwable failure) {
		SocketError error = this.closed ? SocketError.OPERATION_ABORTED : EchoException.errorOf(failure);
		if (!this.closed) {
			this.connections.tracker().error(error);
		}
		logger.debug("Client '{}' cannot connect: {} ({})", this.connections.settings().connection().name(),
				error.tag(), failure.getMessage());
		this.backoff.failed();
		failWaiting(error, "cannot connect: " + failure.getMessage(), failure);
		keepConnected();
	}

	/**
	 * {@link TcpConnections} calls this when a connection has closed. It may be one that
	 * was already replaced.
	 */
	void ended(TcpExchange closed) {
		if (closed.isWorking()) {
			this.backoff.reset();
		}
		else {
			this.backoff.failed();
		}
		if (closed == this.exchange) {
			this.exchange = null;
			pump();
			keepConnected();
		}
	}

	private void keepConnected() {
		if (!this.connections.settings().isSingleUse()) {
			connectIfNeeded();
		}
	}

	private void failWaiting(SocketError error, String text, @Nullable Throwable cause) {
		for (Outgoing next = this.waiting.pollFirst(); next != null; next = this.waiting.pollFirst()) {
			next.abandon(this.connections.tracker(), error, text, cause);
		}
	}

	/**
	 * Closes the connection; what waits fails.
	 */
	void close() {
		this.eventLoop.execute(() -> {
			this.closed = true;
			Future<?> next = this.nextAttempt;
			if (next != null) {
				next.cancel(false);
			}
			CompletableFuture<NettyTcpConnection> connecting = this.attempt;
			if (connecting != null) {
				connecting.cancel(false);
			}
			TcpExchange current = this.exchange;
			if (current != null) {
				current.abort();
			}
			drain();
		});
	}

}
