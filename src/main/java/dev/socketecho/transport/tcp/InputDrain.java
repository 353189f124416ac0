package dev.socketecho.transport.tcp;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;

/**
 * Finds out when everything has been read that the peer of one connection had sent before
 * the server began to stop. {@link ConnectionEnd#drain} starts it, and ends the
 * connection when this has ended the input.
 * <p>
 * All has been read when the socket has no more. A peer that goes on sending does not
 * delay that: all has also been read once as much was read as the socket can hold, or
 * after {@value #READ_SECONDS} seconds of reading. While back-pressure pauses the
 * connection, this waits for the peer to take its answers.
 * <p>
 * Confined to the connection's event loop.
 */
final class InputDrain {

	private static final long READ_SECONDS = 2;

	/** In between, the event loop reads from each socket that has something. */
	private static final long CHECK_MILLIS = 1;

	private static final long PAUSED_CHECK_MILLIS = 10;

	/** Linux has twice what was asked for, and the JDK tells half of what Linux has. */
	private static final int SIZE_FACTOR = 2;

	/** Not known: the connection was paused at the last check. */
	private static final long UNKNOWN = -1;

	private final SocketChannel channel;

	private final ConnectionEnd end;

	private final ConnectionOutput output;

	private final ConnectionTraffic traffic;

	private final long bytesAtStart;

	private final long socketSize;

	private long bytesAtCheck;

	private long readingSince;

	/**
	 * Creates a drain, which begins with what the socket holds now.
	 * @param end told when all has been read
	 */
	InputDrain(SocketChannel channel, ConnectionEnd end, ConnectionOutput output, ConnectionTraffic traffic) {
		this.channel = channel;
		this.end = end;
		this.output = output;
		this.traffic = traffic;
		this.bytesAtStart = traffic.bytesIn();
		this.socketSize = channel.isOpen() ? (long) SIZE_FACTOR * channel.config().getReceiveBufferSize() : 0;
		this.bytesAtCheck = output.isPaused() ? UNKNOWN : this.bytesAtStart;
		this.readingSince = now();
	}

	/**
	 * Checks until all has been read, or the end of the connection is decided otherwise.
	 */
	void start() {
		checkIn(CHECK_MILLIS);
	}

	private void checkIn(long millis) {
		this.channel.eventLoop().schedule(this::check, millis, TimeUnit.MILLISECONDS);
	}

	private void check() {
		if (this.end.reason() != null) {
			return;
		}
		long bytes = this.traffic.bytesIn();
		if (isAllRead(bytes)) {
			this.end.inputDrained();
			endInput();
		}
		else if (this.output.isPaused()) {
			this.bytesAtCheck = UNKNOWN;
			this.readingSince = now();
			checkIn(PAUSED_CHECK_MILLIS);
		}
		else {
			this.bytesAtCheck = bytes;
			checkIn(CHECK_MILLIS);
		}
	}

	private boolean isAllRead(long bytes) {
		if (bytes - this.bytesAtStart >= this.socketSize) {
			return true;
		}
		return !this.output.isPaused()
				&& (bytes == this.bytesAtCheck || now() - this.readingSince > TimeUnit.SECONDS.toNanos(READ_SECONDS));
	}

	private long now() {
		return this.channel.eventLoop().ticker().nanoTime();
	}

	/**
	 * Ends the input for the decoder and the connection. TLS does not learn of it: it
	 * would drop the record that is half received, and fail at the bytes that follow.
	 */
	private void endInput() {
		ChannelPipeline pipeline = this.channel.pipeline();
		ChannelHandlerContext tls = pipeline.context(HandlerNames.TLS_MONITOR);
		if (tls != null) {
			tls.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
		else {
			pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
	}

}
