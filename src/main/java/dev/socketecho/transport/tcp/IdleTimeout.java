package dev.socketecho.transport.tcp;

import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reports a connection on which no byte has moved for some time. Unlike Netty's
 * {@code IdleStateHandler} it is not in the way of what moves: that one would see every
 * event, and give every write a promise and a listener. When the time may be over, it
 * looks at when the connection was last read from, and whether its queue has moved since
 * it last looked.
 * <p>
 * While something is queued it looks four times in the timeout, so what the peer took
 * last was taken up to a quarter of it later than assumed: such a connection is reported
 * between one and one and a quarter timeouts after its last byte.
 * <p>
 * Confined to the connection's event loop.
 */
final class IdleTimeout {

	private static final int LOOKS_AT_QUEUE = 4;

	private final Channel channel;

	private final ConnectionTraffic traffic;

	private final long timeoutNanos;

	private final Runnable report;

	private long lastOutput;

	/** Bytes that were queued when it last looked. */
	private long pending;

	/** Of the first buffer in the queue, what had left when it last looked, in bytes. */
	private long progress;

	private @Nullable Future<?> next;

	/**
	 * Creates an instance.
	 * @param channel the connection's
	 * @param traffic knows when the connection was last read from
	 * @param timeoutNanos the time, in ns, more than 0
	 * @param report called when the time is over, and once more after each further time
	 */
	IdleTimeout(Channel channel, ConnectionTraffic traffic, long timeoutNanos, Runnable report) {
		this.channel = channel;
		this.traffic = traffic;
		this.timeoutNanos = timeoutNanos;
		this.report = report;
		this.lastOutput = traffic.lastActive();
	}

	/**
	 * Begins to look, until the channel is closed.
	 */
	void start() {
		queueHasMoved();
		// The connection may have been quiet for longer than this timeout before
		this.lastOutput = this.channel.eventLoop().ticker().nanoTime();
		schedule(this.timeoutNanos);
		this.channel.closeFuture().addListener((_) -> {
			if (this.next != null) {
				this.next.cancel(false);
			}
		});
	}

	private void schedule(long nanos) {
		long delay = (this.pending > 0) ? Math.min(nanos, this.timeoutNanos / LOOKS_AT_QUEUE) : nanos;
		this.next = this.channel.eventLoop().schedule(this::look, Math.max(delay, 1), TimeUnit.NANOSECONDS);
	}

	private void look() {
		long now = this.channel.eventLoop().ticker().nanoTime();
		if (queueHasMoved()) {
			this.lastOutput = now;
		}
		long input = this.traffic.lastActive();
		long idle = now - ((input - this.lastOutput > 0) ? input : this.lastOutput);
		if (idle < this.timeoutNanos) {
			schedule(this.timeoutNanos - idle);
			return;
		}
		schedule(this.timeoutNanos);
		this.report.run();
	}

	/**
	 * Whether the peer has taken something. That the queue has grown says nothing: TLS
	 * answers each of the peer's requests for new keys, also of a connection that ends.
	 */
	private boolean queueHasMoved() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		long nowPending = (queue != null) ? queue.totalPendingWriteBytes() : 0;
		long nowProgress = (queue != null) ? queue.currentProgress() : 0;
		boolean moved = nowPending < this.pending || nowProgress != this.progress;
		this.pending = nowPending;
		this.progress = nowProgress;
		return moved;
	}

}
