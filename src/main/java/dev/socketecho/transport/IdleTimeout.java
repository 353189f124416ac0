package dev.socketecho.transport;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reports a connection on which no byte has moved for some time, by an
 * {@link IdleStateEvent}. Unlike Netty's {@code IdleStateHandler} it is not in the way of
 * what moves: that one would give every write a promise and a listener. When the time may
 * be over, it looks at when the connection was last read from, and whether its queue has
 * moved since it last looked.
 * <p>
 * While something is queued it looks four times in the timeout, so what the peer took
 * last was taken up to a quarter of it later than assumed: such a connection is reported
 * between one and one and a quarter timeouts after its last byte.
 */
final class IdleTimeout extends ChannelHandlerAdapter {

	private static final int LOOKS_AT_QUEUE = 4;

	private final ConnectionTraffic traffic;

	private final long timeoutNanos;

	private long lastOutput;

	/** Bytes that were queued when it last looked. */
	private long pending;

	/** Of the first buffer in the queue, what had left when it last looked, in bytes. */
	private long progress;

	private @Nullable Future<?> next;

	/**
	 * Creates a handler for one connection.
	 * @param traffic knows when the connection was last read from
	 * @param timeoutNanos the time, in ns, more than 0
	 */
	IdleTimeout(ConnectionTraffic traffic, long timeoutNanos) {
		this.traffic = traffic;
		this.timeoutNanos = timeoutNanos;
		this.lastOutput = traffic.lastActive();
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		schedule(ctx, this.timeoutNanos);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		if (this.next != null) {
			this.next.cancel(false);
		}
	}

	private void schedule(ChannelHandlerContext ctx, long nanos) {
		long delay = (this.pending > 0) ? Math.min(nanos, this.timeoutNanos / LOOKS_AT_QUEUE) : nanos;
		this.next = ctx.executor().schedule(() -> look(ctx), Math.max(delay, 1), TimeUnit.NANOSECONDS);
	}

	private void look(ChannelHandlerContext ctx) {
		long now = ctx.executor().ticker().nanoTime();
		if (queueHasMoved(ctx)) {
			this.lastOutput = now;
		}
		long input = this.traffic.lastActive();
		long idle = now - ((input - this.lastOutput > 0) ? input : this.lastOutput);
		if (idle < this.timeoutNanos) {
			schedule(ctx, this.timeoutNanos - idle);
			return;
		}
		schedule(ctx, this.timeoutNanos);
		ctx.fireUserEventTriggered(IdleStateEvent.ALL_IDLE_STATE_EVENT);
	}

	private boolean queueHasMoved(ChannelHandlerContext ctx) {
		ChannelOutboundBuffer queue = ctx.channel().unsafe().outboundBuffer();
		long nowPending = (queue != null) ? queue.totalPendingWriteBytes() : 0;
		long nowProgress = (queue != null) ? queue.currentProgress() : 0;
		boolean moved = nowPending != this.pending || nowProgress != this.progress;
		this.pending = nowPending;
		this.progress = nowProgress;
		return moved;
	}

}
