package dev.socketecho.client;

import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Frames;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The requests and replies on one connection of a {@link TcpEchoClient}. A request whose
 * reply is late fails but keeps its place, so that the later replies still match their
 * requests. After a reply that does not match, and after a long silence, the connection
 * takes no more requests and closes.
 * <p>
 * All methods run on the connection's event loop.
 */
final class TcpExchange implements ReplyMatcher.Listener {

	/**
	 * A connection with unanswered requests is treated as dead after this many reply
	 * timeouts without input.
	 */
	private static final int DEAD_AFTER_TIMEOUTS = 3;

	private final NettyTcpConnection connection;

	private final ReplyMatcher matcher;

	private final TcpConnections connections;

	private final long replyTimeoutNanos;

	private long lastReceivedNanos;

	private boolean used;

	private boolean working;

	private boolean retired;

	private @Nullable Future<?> timer;

	TcpExchange(NettyTcpConnection connection, ReplyMatcher matcher, TcpConnections connections) {
		this.connection = connection;
		this.matcher = matcher;
		this.connections = connections;
		this.replyTimeoutNanos = connections.settings().replyTimeout().toNanos();
	}

	NettyTcpConnection connection() {
		return this.connection;
	}

	/**
	 * Whether the connection can send another request.
	 */
	boolean takesRequests() {
		return !this.retired && !(this.used && this.connections.settings().isSingleUse())
				&& this.connection.closeReason() == null && this.connection.isOpen();
	}

	/**
	 * Whether a right reply was received.
	 */
	boolean isWorking() {
		return this.working;
	}

	void send(EchoRequest request) {
		if (request.isSettled()) {
			this.connections.tracker().release(request);
			return;
		}
		long now = System.nanoTime();
		this.used = true;
		if (this.matcher.oldest() == null) {
			this.lastReceivedNanos = now;
		}
		request.sent(now);
		this.matcher.sent(request);
		try {
			this.connections.transmit(this.connection, request);
		}
		catch (RuntimeException ex) {
			this.matcher.withdrawLast();
			this.connections.tracker()
				.failed(request, SocketError.OPERATION_ABORTED, "message was not sent: " + ex.getMessage(), ex);
			return;
		}
		this.connections.tracker().sent(request);
		if (request.message().length == 0 && this.matcher instanceof StreamReplyMatcher stream) {
			stream.received(Unpooled.EMPTY_BUFFER, this);
		}
		if (this.timer == null) {
			schedule(this.replyTimeoutNanos);
		}
	}

	void received(Frames frames) {
		this.lastReceivedNanos = System.nanoTime();
		this.matcher.received(frames.content(), this);
	}

	@Override
	public void echoed(EchoRequest request) {
		this.working = true;
		this.connections.tracker().echoed(request, System.nanoTime());
		endIfDone();
	}

	@Override
	public void corrupted(EchoRequest request, SocketError error) {
		this.retired = true;
		this.connections.tracker().failed(request, error, "reply is not what was sent", null);
		endIfDone();
	}

	@Override
	public void unexpected() {
		this.retired = true;
		this.connections.tracker().error(SocketError.PROTOCOL_ERROR);
		this.connection.close(CloseReason.ERROR);
	}

	private void endIfDone() {
		if (this.retired && this.matcher.oldest() == null) {
			this.connection.close(CloseReason.ERROR);
		}
	}

	/**
	 * Closes the connection; its requests fail.
	 */
	void abort() {
		this.retired = true;
		this.matcher.forEach((request) -> request.fail(SocketError.OPERATION_ABORTED, "client is closed"));
		this.connection.close(CloseReason.OPERATOR);
	}

	/**
	 * The connection has closed. Requests without a reply fail.
	 */
	void ended() {
		Future<?> pending = this.timer;
		if (pending != null) {
			pending.cancel(false);
		}
		if (this.connection.closeReason() == CloseReason.CLIENT_CLOSED) {
			this.matcher.inputEnded(this);
		}
		SocketError error = error();
		boolean[] waiting = new boolean[1];
		this.matcher.forEach((request) -> {
			waiting[0] |= !request.isSettled();
			this.connections.tracker()
				.abandoned(request, error, "connection ended before the reply was complete", null);
		});
		if (waiting[0] && this.connection.error() == null && error != SocketError.OPERATION_ABORTED) {
			this.connections.tracker().error(error);
		}
	}

	private SocketError error() {
		SocketError broken = this.connection.error();
		if (broken != null) {
			return broken;
		}
		CloseReason reason = this.connection.closeReason();
		return (reason == null) ? SocketError.UNKNOWN : switch (reason) {
			case CLIENT_CLOSED, ERROR -> SocketError.CONNECTION_ABORTED;
			case CONNECTION_RESET -> SocketError.CONNECTION_RESET;
			case IDLE_TIMEOUT -> SocketError.CONNECTION_TIMED_OUT;
			default -> SocketError.OPERATION_ABORTED;
		};
	}

	private void schedule(long delayNanos) {
		this.timer = this.connection.eventLoop().schedule(this::expire, Math.max(delayNanos, 0), TimeUnit.NANOSECONDS);
	}

	private void expire() {
		this.timer = null;
		long now = System.nanoTime();
		EchoRequest oldest = this.matcher.oldest();
		if (oldest == null) {
			return;
		}
		long[] next = { Long.MAX_VALUE };
		this.matcher.forEach((request) -> {
			long left = request.sentNanos() + this.replyTimeoutNanos - now;
			if (left > 0) {
				next[0] = Math.min(next[0], left);
			}
			else if (!request.isSettled()) {
				this.connections.tracker().timedOut(request);
			}
		});
		boolean dead = now - this.lastReceivedNanos >= DEAD_AFTER_TIMEOUTS * this.replyTimeoutNanos;
		if (this.connections.settings().isSingleUse() || dead) {
			this.retired = true;
			this.connection.cut(CloseReason.IDLE_TIMEOUT);
			return;
		}
		schedule(Math.min(next[0], this.replyTimeoutNanos));
	}

}
