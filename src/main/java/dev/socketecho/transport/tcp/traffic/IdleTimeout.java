package dev.socketecho.transport.tcp.traffic;

import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reports a connection on which no byte has moved for some time. {@code ConnectionLife}
 * starts one for the idle timeout, {@code ConnectionEnd} one for peers that stall the
 * end. Unlike Netty's {@code IdleStateHandler} it is no handler, which would see every
 * event and give every write a promise and a listener. A timer checks when the connection
 * was last read from, and whether its queue has become shorter since the last check.
 * <p>
 * While bytes are queued it checks four times per timeout, and takes the time of the
 * check for the time at which the peer took bytes. So such a connection is reported
 * between 1 and 1.25 timeouts after its last byte.
 * <p>
 * Confined to the connection's event loop.
 */
public final class IdleTimeout implements Runnable {

	private static final int CHECKS_OF_QUEUE = 4;

	private final Channel channel;

	private final ConnectionTraffic traffic;

	private final long timeoutNanos;

	private final Runnable report;

	private long lastOutput;

	/** Bytes that were queued at the last check. */
	private long pending;

	/** Bytes of the first queued buffer that had been sent at the last check. */
	private long progress;

	private @Nullable Future<?> next;

	/**
	 * Creates an instance.
	 * @param channel the connection's channel
	 * @param traffic tells when the connection was last read from
	 * @param timeoutNanos the timeout in ns, more than 0
	 * @param report called when the timeout is over, and again after each further timeout
	 */
	public IdleTimeout(Channel channel, ConnectionTraffic traffic, long timeoutNanos, Runnable report) {
		this.channel = channel;
		this.traffic = traffic;
		this.timeoutNanos = timeoutNanos;
		this.report = report;
		this.lastOutput = traffic.lastActive();
	}

	/**
	 * Starts the timer, which runs until {@link #stop}.
	 */
	public void start() {
		queueHasMoved();
		// The connection may have been idle for longer than this before the start.
		this.lastOutput = this.channel.eventLoop().ticker().nanoTime();
		schedule(this.timeoutNanos);
	}

	/**
	 * Stops the timer. The owner calls this when the channel is closed.
	 */
	public void stop() {
		if (this.next != null) {
			this.next.cancel(false);
		}
	}

	private void schedule(long nanos) {
		long delay = (this.pending > 0) ? Math.min(nanos, this.timeoutNanos / CHECKS_OF_QUEUE) : nanos;
		this.next = this.channel.eventLoop().schedule(this, Math.max(delay, 1), TimeUnit.NANOSECONDS);
	}

	/**
	 * Checks the connection. The timer calls this.
	 */
	@Override
	public void run() {
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
	 * Whether the peer has taken bytes. A longer queue does not count: TLS answers
	 * requests for new keys even while the connection ends.
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
