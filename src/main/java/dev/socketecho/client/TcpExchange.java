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
 * The requests and replies of one connection. A request whose reply is late fails, and
 * keeps its place until its reply comes, so that the replies after it stay in step. A
 * connection that has lost step, or has not answered for long, takes no more requests and
 * ends.
 * <p>
 * Confined to the connection's event loop.
 */
final class TcpExchange implements ReplyMatcher.Verdict {

	/** A connection that owes replies and sends nothing for so many time-outs is dead. */
	private static final int DEAD_AFTER_TIMEOUTS = 3;

	private final NettyTcpConnection connection;

	private final ReplyMatcher replies;

	private final TcpConnections client;

	private final long replyTimeoutNanos;

	private long lastReceivedNanos;

	private boolean used;

	private boolean working;

	private boolean retired;

	private @Nullable Future<?> timer;

	TcpExchange(NettyTcpConnection connection, ReplyMatcher replies, TcpConnections client) {
		this.connection = connection;
		this.replies = replies;
		this.client = client;
		this.replyTimeoutNanos = client.settings().replyTimeout().toNanos();
	}

	NettyTcpConnection connection() {
		return this.connection;
	}

	/**
	 * Whether another request may be sent.
	 */
	boolean takesRequests() {
		return !this.retired && !(this.used && this.client.settings().isSingleUse())
				&& this.connection.closeReason() == null && this.connection.isOpen();
	}

	/**
	 * Whether a reply has come.
	 */
	boolean isWorking() {
		return this.working;
	}

	void send(EchoRequest request) {
		if (request.isSettled()) {
			this.client.accounts().release(request);
			return;
		}
		long now = System.nanoTime();
		this.used = true;
		if (this.replies.oldest() == null) {
			this.lastReceivedNanos = now;
		}
		request.sent(now);
		this.replies.sent(request);
		try {
			this.client.transmit(this.connection, request);
		}
		catch (RuntimeException ex) {
			this.replies.withdrawLast();
			this.client.accounts()
				.failed(request, SocketError.OPERATION_ABORTED, "message was not sent: " + ex.getMessage(), ex);
			return;
		}
		this.client.accounts().sent(request);
		if (request.message().length == 0 && this.replies instanceof StreamReplyMatcher stream) {
			stream.received(Unpooled.EMPTY_BUFFER, this);
		}
		if (this.timer == null) {
			schedule(this.replyTimeoutNanos);
		}
	}

	void received(Frames frames) {
		this.lastReceivedNanos = System.nanoTime();
		this.replies.received(frames.content(), this);
	}

	@Override
	public void echoed(EchoRequest request) {
		this.working = true;
		this.client.accounts().echoed(request, System.nanoTime());
		endIfDone();
	}

	@Override
	public void corrupted(EchoRequest request, SocketError error) {
		this.retired = true;
		this.client.accounts().failed(request, error, "reply is not what was sent", null);
		endIfDone();
	}

	@Override
	public void unexpected() {
		this.retired = true;
		this.client.accounts().error(SocketError.PROTOCOL_ERROR);
		this.connection.close(CloseReason.ERROR);
	}

	private void endIfDone() {
		if (this.retired && this.replies.oldest() == null) {
			this.connection.close(CloseReason.ERROR);
		}
	}

	/**
	 * Ends the connection; its requests fail.
	 */
	void abort() {
		this.retired = true;
		this.replies.forEach((request) -> request.fail(SocketError.OPERATION_ABORTED, "client is closed"));
		this.connection.close(CloseReason.OPERATOR);
	}

	/**
	 * The connection is no more.
	 */
	void ended() {
		Future<?> pending = this.timer;
		if (pending != null) {
			pending.cancel(false);
		}
		if (this.connection.closeReason() == CloseReason.CLIENT_CLOSED) {
			this.replies.inputEnded(this);
		}
		SocketError error = error();
		boolean[] owed = new boolean[1];
		this.replies.forEach((request) -> {
			owed[0] |= !request.isSettled();
			this.client.accounts().abandoned(request, error, "connection ended before the reply was complete", null);
		});
		if (owed[0] && this.connection.error() == null && error != SocketError.OPERATION_ABORTED) {
			this.client.accounts().error(error);
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
		EchoRequest oldest = this.replies.oldest();
		if (oldest == null) {
			return;
		}
		long[] next = { Long.MAX_VALUE };
		this.replies.forEach((request) -> {
			long left = request.sentNanos() + this.replyTimeoutNanos - now;
			if (left > 0) {
				next[0] = Math.min(next[0], left);
			}
			else if (!request.isSettled()) {
				this.client.accounts().timedOut(request);
			}
		});
		boolean dead = now - this.lastReceivedNanos >= DEAD_AFTER_TIMEOUTS * this.replyTimeoutNanos;
		if (this.client.settings().isSingleUse() || dead) {
			this.retired = true;
			this.connection.cut(CloseReason.IDLE_TIMEOUT);
			return;
		}
		schedule(Math.min(next[0], this.replyTimeoutNanos));
	}

}
