package dev.socketecho.transport;

import java.util.Objects;

import dev.socketecho.codec.Compaction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one connection. Answers to what one read delivered are gathered and
 * leave in one flush; a peer that does not read is no longer read from once its queue is
 * over the limit, until the queue has drained.
 * <p>
 * Confined to the connection's event loop.
 */
final class ConnectionOutput {

	/**
	 * So much is gathered at most before it leaves, in bytes: what a large read loop
	 * delivers should flow, not pile up.
	 */
	private static final int FLUSH_SIZE = 64 * 1024;

	private final Channel channel;

	private final ConnectionTraffic traffic;

	private final long maxPendingBytes;

	private final PendingBudget budget;

	private long gatheredBytes;

	private long gatheredMessages;

	/** All that was gathered, as long as it is one buffer and not in the queue. */
	private @Nullable ByteBuf single;

	private @Nullable DirectSend directSend;

	private boolean directSendKnown;

	/** Whether the socket did not take all that was flushed. */
	private boolean backlogged;

	private boolean paused;

	/** This connection's share of the budget, in bytes. */
	private long accounted;

	ConnectionOutput(Channel channel, ConnectionTraffic traffic, long maxPendingBytes, PendingBudget budget) {
		this.channel = channel;
		this.traffic = traffic;
		this.maxPendingBytes = maxPendingBytes;
		this.budget = budget;
	}

	/**
	 * Queues bytes.
	 * @param content the bytes; this takes over the caller's reference
	 * @param messages how many messages they are
	 */
	void write(ByteBuf content, int messages) {
		boolean first = this.gatheredMessages == 0;
		this.gatheredBytes += content.readableBytes();
		this.gatheredMessages += messages;
		if (first && !this.backlogged && directSend() != null) {
			this.single = content;
		}
		else {
			queueSingle();
			queue(content);
		}
		if (this.gatheredBytes >= FLUSH_SIZE) {
			flush();
		}
	}

	private @Nullable DirectSend directSend() {
		if (!this.directSendKnown) {
			this.directSendKnown = true;
			this.directSend = DirectSend.of(this.channel);
		}
		return this.directSend;
	}

	private void queue(ByteBuf content) {
		this.channel.write(this.backlogged ? Compaction.compact(this.channel.alloc(), content) : content,
				this.channel.voidPromise());
	}

	private void queueSingle() {
		ByteBuf content = this.single;
		if (content != null) {
			this.single = null;
			queue(content);
		}
	}

	/**
	 * Sends what was gathered if it is one buffer, and queues what the socket did not
	 * take.
	 * @return whether all has left
	 */
	private boolean sendSingle() {
		ByteBuf content = this.single;
		if (content == null) {
			return false;
		}
		this.single = null;
		if (Objects.requireNonNull(this.directSend).send(content)) {
			content.release();
			return true;
		}
		queue(Compaction.compact(this.channel.alloc(), content));
		return false;
	}

	/**
	 * Sends what was gathered. It is counted first, so that a peer who has read its
	 * answer finds it counted.
	 */
	void flush() {
		if (this.gatheredMessages == 0) {
			return;
		}
		this.traffic.sent(this.gatheredBytes, this.gatheredMessages);
		this.gatheredBytes = 0;
		this.gatheredMessages = 0;
		if (sendSingle()) {
			return;
		}
		this.channel.flush();
		if (!this.backlogged && isBehind()) {
			this.backlogged = true;
			notifyWhenDrained();
		}
		if (this.backlogged) {
			updatePressure();
		}
	}

	/**
	 * Sends what was gathered and reports when all of it has left.
	 * @return completes when everything before it was taken by the socket, or failed
	 */
	ChannelFuture finish() {
		flush();
		return this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
	}

	/**
	 * Gives back what is held and accounted for.
	 */
	void closed() {
		if (this.single != null) {
			this.single.release();
			this.single = null;
		}
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
			updatePressure();
			return;
		}
		this.backlogged = false;
		account(0);
		if (this.paused) {
			this.paused = false;
			this.channel.config().setAutoRead(true);
		}
	}

	private void updatePressure() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		if (queue == null) {
			return;
		}
		long pending = queue.totalPendingWriteBytes();
		account(pending + heldBy(queue.current()));
		if (!this.paused && (pending > this.maxPendingBytes || this.budget.isExceeded())) {
			this.paused = true;
			this.channel.config().setAutoRead(false);
		}
	}

	/**
	 * What was written before the socket stopped taking it holds all of the buffer that
	 * it was read into.
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
