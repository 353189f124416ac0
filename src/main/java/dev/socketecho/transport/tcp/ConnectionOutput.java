package dev.socketecho.transport.tcp;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.transport.tcp.traffic.BackPressure;
import dev.socketecho.transport.tcp.traffic.ConnectionTraffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * The output of one connection. {@link MessageOutput} writes to it, and
 * {@link MessageInput} holds the flush while it delivers a read: all answers to one read
 * leave in one flush. One that is a single buffer goes past the channel's queue.
 * <p>
 * Confined to the connection's event loop.
 */
final class ConnectionOutput {

	/**
	 * In bytes. When this much is gathered it is sent at once, even while the flush is
	 * held: the answers to a large read loop should not pile up in memory.
	 */
	private static final int FLUSH_SIZE = 64 * 1024;

	private final Channel channel;

	private final ConnectionTraffic traffic;

	private final BackPressure pressure;

	private final OutputQueue queue;

	private boolean flushHeld;

	private long gatheredBytes;

	private long gatheredMessages;

	/** Whether something was written that is no message. */
	private boolean gatheredBeside;

	private @Nullable ConnectionFaults faults;

	ConnectionOutput(Channel channel, ConnectionTraffic traffic, ConnectionOwner.Limits limits) {
		this.channel = channel;
		this.traffic = traffic;
		this.pressure = new BackPressure(channel, limits.maxPendingBytes(), limits.pendingBudget());
		this.queue = new OutputQueue(channel, this.pressure);
	}

	/**
	 * Makes writes wait for {@link #releaseFlush}, so that they leave together.
	 */
	void holdFlush() {
		this.flushHeld = true;
	}

	/**
	 * Sends the writes that have waited, and further ones at once.
	 */
	void releaseFlush() {
		this.flushHeld = false;
		flush();
	}

	/**
	 * Runs writes that leave in one flush. If the flush is held already, they leave with
	 * the other writes that wait for it.
	 */
	void gather(Runnable writes) {
		if (this.flushHeld) {
			writes.run();
			return;
		}
		holdFlush();
		try {
			writes.run();
		}
		finally {
			releaseFlush();
		}
	}

	/**
	 * Writes messages. They leave at once, or with {@link #releaseFlush} if the flush is
	 * held.
	 * @param content the messages' bytes; this takes over the caller's reference
	 * @param messages how many messages they are
	 */
	void write(ByteBuf content, int messages) {
		write(content, content.readableBytes(), messages);
	}

	/**
	 * Writes messages, like {@link #write(ByteBuf, int)}.
	 * @param content a {@code ByteBuf}, or what a handler encodes; this takes over the
	 * caller's reference
	 * @param bytes how many bytes are counted for it
	 * @param messages how many messages they are
	 */
	void write(Object content, int bytes, int messages) {
		boolean first = this.gatheredMessages == 0 && !this.gatheredBeside;
		this.gatheredBytes += bytes;
		this.gatheredMessages += messages;
		if (this.faults != null && this.faults.countsSent()) {
			this.faults.written(bytes, messages);
		}
		this.queue.add(content, first, this.faults == null || !this.faults.isActive());
		if (!this.flushHeld || this.gatheredBytes >= FLUSH_SIZE) {
			flush();
		}
	}

	/**
	 * Sends bytes that answer no message, such as a greeting. They count as bytes, not as
	 * a message. Nothing else waits to be sent.
	 * @param content a {@code ByteBuf}, or what a handler encodes; this takes over the
	 * caller's reference
	 * @param bytes how many bytes are counted for it
	 */
	void writeUnanswered(Object content, int bytes) {
		if (this.faults != null && this.faults.countsBytes()) {
			this.faults.written(bytes, 0);
		}
		else {
			this.traffic.sent(bytes, 0);
		}
		this.queue.useChannel();
		// Past the faults of messages: it is none.
		ChannelHandlerContext messageFaults = this.channel.pipeline().context(HandlerNames.MESSAGE_FAULTS);
		((messageFaults != null) ? messageFaults : this.channel).writeAndFlush(content, this.channel.voidPromise());
		this.pressure.flushed();
	}

	/**
	 * Has something written to the channel that is no message and does not count. It
	 * leaves behind the messages so far, with {@link #releaseFlush}, which the caller
	 * calls soon.
	 */
	void writeBeside(Runnable write) {
		holdFlush();
		this.queue.useChannel();
		write.run();
		this.gatheredBeside = true;
	}

	/**
	 * Gives the connection faults, which stand between this and the socket.
	 */
	void setFaults(ConnectionFaults faults) {
		this.faults = faults;
	}

	/**
	 * Changes what stands between this and the socket. The change may write.
	 */
	void wayChanges(Runnable change) {
		flush();
		this.queue.wayChanges();
		change.run();
		flush(); // Answers to what faults have held went the old way.
		this.queue.wayChanges();
	}

	/**
	 * Faults hold this many bytes more back, or fewer if it is negative.
	 */
	void hold(long bytes) {
		this.pressure.hold(bytes);
	}

	/**
	 * Sends what is gathered. It is counted first, so that a peer that has read its
	 * answer finds it counted.
	 */
	private void flush() {
		if (this.gatheredMessages == 0 && !this.gatheredBeside) {
			// TLS may have queued something, such as answers to requests for new keys.
			this.pressure.flushed();
			return;
		}
		if (!isCountedByFaults()) {
			this.traffic.sent(this.gatheredBytes, this.gatheredMessages);
		}
		this.gatheredBytes = 0;
		this.gatheredMessages = 0;
		this.gatheredBeside = false;
		this.queue.flush();
	}

	/**
	 * Whether answers count as they pass the faults, which may keep some of them.
	 */
	private boolean isCountedByFaults() {
		return this.faults != null && this.faults.countsSent();
	}

	/**
	 * Sends what is gathered, even if the flush is held.
	 * @return completes when everything written so far was handed to the socket, or fails
	 */
	ChannelFuture finish() {
		flush();
		this.queue.useChannel();
		return this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
	}

	/**
	 * The same as {@link #finish}, for callers that do not use Netty's types.
	 */
	CompletableFuture<Void> written() {
		CompletableFuture<Void> written = new CompletableFuture<>();
		finish().addListener((done) -> {
			if (done.isSuccess()) {
				written.complete(null);
			}
			else {
				written.completeExceptionally(done.cause());
			}
		});
		return written;
	}

	/**
	 * Whether back-pressure pauses reading until the queue is empty.
	 */
	boolean isPaused() {
		return this.pressure.isPaused();
	}

	/**
	 * Ends back-pressure, however much is queued now: nothing more will be queued.
	 */
	void endBackPressure() {
		this.pressure.end();
	}

	/**
	 * Releases what is gathered. Called when the connection is closed.
	 */
	void closed() {
		this.queue.closed();
		this.gatheredBytes = 0;
		this.gatheredMessages = 0;
		this.pressure.closed();
	}

}
