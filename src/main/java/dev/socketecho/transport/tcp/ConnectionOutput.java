package dev.socketecho.transport.tcp;

import java.util.Objects;

import dev.socketecho.codec.Compaction;
import dev.socketecho.transport.direct.DirectSend;
import dev.socketecho.transport.loop.PendingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one connection. Answers to what one read delivered are gathered and
 * leave in one flush; where that is one buffer, past the queue.
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

	private final BackPressure pressure;

	private long gatheredBytes;

	private long gatheredMessages;

	/** All that was gathered, as long as it is one buffer and not in the queue. */
	private @Nullable ByteBuf single;

	private @Nullable DirectSend directSend;

	private boolean directSendKnown;

	ConnectionOutput(Channel channel, ConnectionTraffic traffic, long maxPendingBytes, PendingBudget budget) {
		this.channel = channel;
		this.traffic = traffic;
		this.pressure = new BackPressure(channel, maxPendingBytes, budget);
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
		if (first && !this.pressure.isBacklogged() && directSend() != null) {
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
			boolean plain = this.channel.pipeline().get(HandlerNames.TLS) == null;
			this.directSend = plain ? DirectSend.of(this.channel) : null;
		}
		return this.directSend;
	}

	private void queue(ByteBuf content) {
		this.channel.write(this.pressure.isBacklogged() ? Compaction.compact(this.channel.alloc(), content) : content,
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
			// TLS may have queued something, such as answers to requests for new keys
			this.pressure.flushed();
			return;
		}
		this.traffic.sent(this.gatheredBytes, this.gatheredMessages);
		this.gatheredBytes = 0;
		this.gatheredMessages = 0;
		if (sendSingle()) {
			return;
		}
		this.channel.flush();
		this.pressure.flushed();
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
	 * Whether the peer is not read from until it has taken what is queued.
	 */
	boolean isPaused() {
		return this.pressure.isPaused();
	}

	/**
	 * From now on the peer is read from, whatever is queued: nothing more will be.
	 */
	void readOn() {
		this.pressure.end();
	}

	/**
	 * Gives back what is held and accounted for.
	 */
	void closed() {
		if (this.single != null) {
			this.single.release();
			this.single = null;
		}
		this.gatheredBytes = 0;
		this.gatheredMessages = 0;
		this.pressure.closed();
	}

}
