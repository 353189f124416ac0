package dev.socketecho.transport.tcp.traffic;

import dev.socketecho.codec.Compaction;
import dev.socketecho.transport.loop.PendingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection is not read from. If the peer does not read its answers, they
 * queue up in the channel. Once that queue is over the connection's limit, or all queues
 * of the process are over theirs, reading pauses until the queue is empty again.
 * {@code ConnectionOutput} calls this after each flush that went through the channel.
 * <p>
 * Confined to the connection's event loop.
 */
public final class BackPressure {

	private final Channel channel;

	private long maxPendingBytes;

	private final PendingBudget budget;

	private boolean backlogged;

	private boolean paused;

	private boolean ended;

	/** Whether this waits for a write that marks the end of the queue. */
	private boolean waiting;

	/** What faults hold back, in bytes. */
	private long held;

	/** The connection's share of the budget, in bytes. */
	private long accounted;

	/**
	 * Creates back-pressure for a connection.
	 * @param channel the connection
	 * @param maxPendingBytes how much may be queued, in bytes
	 * @param budget what all connections may queue
	 */
	public BackPressure(Channel channel, long maxPendingBytes, PendingBudget budget) {
		this.channel = channel;
		this.maxPendingBytes = maxPendingBytes;
		this.budget = budget;
	}

	/**
	 * Returns whether answers queue up: after a flush, more bytes were queued than the
	 * allowance of {@link PendingBudget}. It stays so until the queue is empty, or holds
	 * no more than the allowance.
	 * @return whether they do
	 */
	public boolean isBacklogged() {
		return this.backlogged;
	}

	/**
	 * Returns whether reading is paused.
	 * @return whether it is, until the queue is empty
	 */
	public boolean isPaused() {
		return this.paused;
	}

	/**
	 * Ends the pause for good: further input is not answered. Only TLS may still queue
	 * something, such as answers to requests for new keys; the limit holds for that.
	 */
	public void end() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		if (!this.ended && queue != null) {
			this.maxPendingBytes += queue.totalPendingWriteBytes();
		}
		this.ended = true;
		this.paused = false;
		this.channel.config().setAutoRead(true);
	}

	/**
	 * Faults hold bytes back, in either direction: they count like those that are queued.
	 * @param bytes how many bytes more, fewer if negative
	 */
	public void hold(long bytes) {
		this.held += bytes;
		if (!this.channel.isActive()) {
			return; // All of it is discarded.
		}
		if (this.held > 0) {
			this.backlogged = true;
			update();
		}
		else if (this.backlogged && !this.waiting) {
			queueEmptied();
		}
	}

	/**
	 * The channel was flushed.
	 */
	public void flushed() {
		if (!this.waiting && isBehind()) {
			this.backlogged = true;
			notifyWhenQueueEmptied();
		}
		if (this.backlogged) {
			update();
		}
	}

	/**
	 * The connection is closed: returns its share of the budget.
	 */
	public void closed() {
		account(0);
	}

	private void notifyWhenQueueEmptied() {
		this.waiting = true;
		this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((done) -> {
			this.waiting = false;
			if (done.isSuccess()) {
				queueEmptied();
			}
		});
	}

	/**
	 * The socket has taken everything that was queued when the notification was asked
	 * for. More may have been queued since.
	 */
	private void queueEmptied() {
		if (isBehind()) {
			notifyWhenQueueEmptied();
			update();
			return;
		}
		if (this.held > 0) {
			update();
			return;
		}
		this.backlogged = false;
		account(0);
		if (this.paused) {
			this.paused = false;
			this.channel.config().setAutoRead(true);
		}
	}

	private void update() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		if (queue == null) {
			return;
		}
		long pending = queue.totalPendingWriteBytes() + this.held;
		account(pending + heldBy(queue.current()));
		if (!this.paused && (pending > this.maxPendingBytes || (!this.ended && this.budget.isExceeded()))) {
			this.paused = true;
			this.channel.config().setAutoRead(false);
		}
	}

	/**
	 * The first queued buffer is a slice that keeps the whole buffer of its read in
	 * memory.
	 */
	private static long heldBy(@Nullable Object first) {
		return (first instanceof ByteBuf content) ? Compaction.held(content) : 0;
	}

	private void account(long pending) {
		if (pending != this.accounted) {
			this.budget.add(pending - this.accounted);
			this.accounted = pending;
		}
	}

	/**
	 * Whether more is queued than the budget allows each connection. Netty subtracts the
	 * bytes of a write only after it has notified the listeners, so in a listener the sum
	 * alone is too high; whether the queue is empty is right even then.
	 */
	private boolean isBehind() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		return queue != null && !queue.isEmpty() && queue.totalPendingWriteBytes() > this.budget.allowance();
	}

}
