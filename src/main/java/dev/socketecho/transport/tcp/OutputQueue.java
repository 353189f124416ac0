package dev.socketecho.transport.tcp;

import dev.socketecho.codec.Compaction;
import dev.socketecho.transport.direct.DirectSend;
import dev.socketecho.transport.tcp.traffic.BackPressure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has gathered to send. It is in the channel's queue, unless it is one
 * buffer: that one leaves by {@link DirectSend} where that is possible.
 * <p>
 * Confined to the connection's event loop.
 */
final class OutputQueue {

	private static final int UNKNOWN = -2;

	private final Channel channel;

	private final BackPressure pressure;

	/** Everything that is gathered, while it is one buffer that is not in the queue. */
	private @Nullable ByteBuf single;

	/** The socket that {@link DirectSend} uses, or {@link #UNKNOWN}. */
	private int directSocket = UNKNOWN;

	/** Whether another thread closes the socket. */
	private boolean closedElsewhere;

	/**
	 * Whether the channel's queue was empty at the last look, and nobody has written to
	 * the channel since.
	 */
	private boolean channelEmpty;

	OutputQueue(Channel channel, BackPressure pressure) {
		this.channel = channel;
		this.pressure = pressure;
	}

	/**
	 * Adds something.
	 * @param content a {@code ByteBuf}, or what a handler encodes; this takes over the
	 * caller's reference
	 * @param first whether nothing else is gathered
	 * @param plain whether nothing stands between the connection and the socket but TLS,
	 * which this sees by itself
	 */
	void add(Object content, boolean first, boolean plain) {
		if (first && content instanceof ByteBuf buffer && isDirect(plain)) {
			this.single = buffer;
		}
		else {
			useChannel();
			queue(content);
		}
	}

	/**
	 * Moves everything into the channel's queue. Called before anybody else writes to the
	 * channel or ends its output.
	 */
	void useChannel() {
		this.channelEmpty = false;
		ByteBuf content = this.single;
		if (content != null) {
			this.single = null;
			queue(content);
		}
	}

	private void queue(Object content) {
		this.channelEmpty = false;
		boolean compact = content instanceof ByteBuf && this.pressure.isBacklogged();
		this.channel.write(compact ? Compaction.compact(this.channel.alloc(), (ByteBuf) content) : content,
				this.channel.voidPromise());
	}

	private boolean isDirect(boolean plain) {
		if (this.directSocket == UNKNOWN) {
			this.directSocket = (plain && this.channel.pipeline().get(HandlerNames.TLS) == null)
					? DirectSend.socketOf(this.channel) : DirectSend.IMPOSSIBLE;
			this.closedElsewhere = this.directSocket != DirectSend.IMPOSSIBLE
					&& DirectSend.isClosedElsewhere(this.channel);
		}
		return this.directSocket != DirectSend.IMPOSSIBLE;
	}

	/**
	 * What stands between the connection and the socket changes.
	 */
	void wayChanges() {
		this.directSocket = UNKNOWN;
		this.channelEmpty = false;
	}

	/**
	 * Sends what is gathered, as far as the socket takes it; the channel queues the rest.
	 */
	void flush() {
		if (!sendSingle()) {
			this.channel.flush();
			this.pressure.flushed();
		}
	}

	private boolean sendSingle() {
		ByteBuf content = this.single;
		if (content == null) {
			return false;
		}
		this.single = null;
		if (isChannelEmpty() && DirectSend.send(this.channel, this.directSocket, content)) {
			content.release();
			return true;
		}
		queue(Compaction.compact(this.channel.alloc(), content));
		return false;
	}

	/**
	 * Whether nothing is queued in the channel, and it is open. While all answers go past
	 * the channel, its queue is looked at only once: with many connections it would not
	 * be in the processor's caches. But always with SO_LINGER: then another thread closes
	 * the socket, after the queue has gone.
	 */
	private boolean isChannelEmpty() {
		if (this.channelEmpty && this.channel.isActive()) {
			return true;
		}
		boolean empty = DirectSend.isPossible(this.channel);
		this.channelEmpty = empty && !this.closedElsewhere;
		return empty;
	}

	/**
	 * Releases the buffer that is not in the channel's queue. Called when the connection
	 * is closed.
	 */
	void closed() {
		if (this.single != null) {
			this.single.release();
			this.single = null;
		}
	}

}
