package dev.socketecho.transport.tcp;

import dev.socketecho.codec.Compaction;
import dev.socketecho.transport.loop.PendingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A peer that does not read is no longer read from once its queue is over the limit, or
 * all queues together are over theirs, until its queue has drained.
 * <p>
 * Confined to the connection's event loop.
 */
final class BackPressure {

	private final Channel channel;

	private long maxPendingBytes;

	private final PendingBudget budget;

	private boolean backlogged;

	private boolean paused;

	private boolean ended;

	/** This connection's share of the budget, in bytes. */
	private long accounted;

	BackPressure(Channel channel, long maxPendingBytes, PendingBudget budget) {
		this.channel = channel;
		this.maxPendingBytes = maxPendingBytes;
		this.budget = budget;
	}

	/**
	 * Whether the socket did not take all that was flushed.
	 */
	boolean isBacklogged() {
		return this.backlogged;
	}

	/**
	 * Whether the peer is not read from.
	 */
	boolean isPaused() {
		return this.paused;
	}

	/**
	 * Ends the pause: what is read from now on is not answered. Only TLS may still queue
	 * something, such as answers to requests for new keys, and that is bounded as before.
	 */
	void end() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		if (!this.ended && queue != null) {
			this.maxPendingBytes += queue.totalPendingWriteBytes();
		}
		this.ended = true;
		this.paused = false;
		this.channel.config().setAutoRead(true);
	}

	/**
	 * To be called when the channel was flushed.
	 */
	void flushed() {
		if (!this.backlogged && isBehind()) {
			this.backlogged = true;
			notifyWhenDrained();
		}
		if (this.backlogged) {
			update();
		}
	}

	/**
	 * Gives back what is accounted for.
	 */
	void closed() {
		account(0);
	}

	private void notifyWhenDrained() {
		this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((done) -> {
			if (done.isSuccess()) {
				drained();
			}
		});
	}

	private void drained() {
		if (isBehind()) {
			notifyWhenDrained();
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
		long pending = queue.totalPendingWriteBytes();
		account(pending + heldBy(queue.current()));
		if (!this.paused && (pending > this.maxPendingBytes || (!this.ended && this.budget.isExceeded()))) {
			this.paused = true;
			this.channel.config().setAutoRead(false);
		}
	}

	/**
	 * What was queued before the socket stopped taking it holds all of the buffer that it
	 * was read into.
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
	 * Whether more is queued than is on its way anyway. While a write is being reported
	 * as done, its share is still in the sum, so that the sum alone does not tell.
	 */
	private boolean isBehind() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		return queue != null && !queue.isEmpty() && queue.totalPendingWriteBytes() > this.budget.allowance();
	}

}
