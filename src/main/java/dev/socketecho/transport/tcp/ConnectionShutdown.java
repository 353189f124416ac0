package dev.socketecho.transport.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;

/**
 * Has one connection answer what it has received, and then end, because its server does.
 * The connection is read from until the socket has no more. A peer that goes on sending
 * does not hold that up: as soon as so much has been read as the socket can hold, or
 * after {@value #READ_SECONDS} seconds of reading, what it sent before has been read.
 * While back-pressure pauses the connection, this waits for the peer to take its answers.
 * <p>
 * Confined to the connection's event loop, but for {@link #begin}.
 */
final class ConnectionShutdown {

	private static final long READ_SECONDS = 2;

	/** Every turn of the event loop reads from the sockets that have something. */
	private static final long LOOK_MILLIS = 1;

	private static final long PAUSED_LOOK_MILLIS = 10;

	/** Linux has twice what was asked for, and the JDK tells half of what Linux has. */
	private static final int SIZE_FACTOR = 2;

	/** Not known: the connection was paused when this last looked. */
	private static final long UNKNOWN = -1;

	private final SocketChannel channel;

	private final ConnectionEnd end;

	private final ConnectionOutput output;

	private final ConnectionTraffic traffic;

	private final List<Runnable> whenClosed = new ArrayList<>(1);

	private boolean draining;

	private boolean closed;

	private long bytesAtBegin;

	private long socketSize;

	private long bytesSeen;

	private long readingSince;

	ConnectionShutdown(SocketChannel channel, ConnectionEnd end, ConnectionOutput output, ConnectionTraffic traffic) {
		this.channel = channel;
		this.end = end;
		this.output = output;
		this.traffic = traffic;
	}

	/**
	 * Begins. May be called more than once, and by any thread.
	 * @param whenClosed run when the connection is closed and recorded: on the event
	 * loop, or at once if that has ended
	 */
	void begin(Runnable whenClosed) {
		try {
			this.channel.eventLoop().execute(() -> begun(whenClosed));
		}
		catch (RejectedExecutionException ex) {
			whenClosed.run();
		}
	}

	private void begun(Runnable callback) {
		if (this.closed) {
			callback.run();
			return;
		}
		this.whenClosed.add(callback);
		if (this.whenClosed.size() == 1) {
			this.bytesAtBegin = this.traffic.bytesIn();
			this.bytesSeen = this.output.isPaused() ? UNKNOWN : this.bytesAtBegin;
			this.socketSize = this.channel.isOpen() ? (long) SIZE_FACTOR * this.channel.config().getReceiveBufferSize()
					: 0;
			this.readingSince = now();
			lookIn(LOOK_MILLIS);
		}
	}

	private void lookIn(long millis) {
		this.channel.eventLoop().schedule(this::look, millis, TimeUnit.MILLISECONDS);
	}

	private void look() {
		if (this.closed || this.end.reason() != null) {
			return;
		}
		long bytes = this.traffic.bytesIn();
		if (bytes - this.bytesAtBegin >= this.socketSize || (!this.output.isPaused()
				&& (bytes == this.bytesSeen || now() - this.readingSince > TimeUnit.SECONDS.toNanos(READ_SECONDS)))) {
			this.draining = true;
			endInput();
			return;
		}
		if (this.output.isPaused()) {
			this.bytesSeen = UNKNOWN;
			this.readingSince = now();
			lookIn(PAUSED_LOOK_MILLIS);
			return;
		}
		this.bytesSeen = bytes;
		lookIn(LOOK_MILLIS);
	}

	private long now() {
		return this.channel.eventLoop().ticker().nanoTime();
	}

	/**
	 * Ends the input for the flow. TLS is passed by: it would drop the record that is
	 * under way, and take what follows for garbage.
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

	/**
	 * The decoder has passed on what was left. Either the peer has closed its side, or
	 * this made the decoder do so.
	 */
	void inputEnded() {
		if (this.draining && this.end.reason() == null) {
			this.end.begin(CloseReason.SHUTDOWN);
		}
		else {
			this.end.inputEnded();
		}
	}

	/**
	 * The connection is closed and recorded.
	 */
	void closed() {
		this.closed = true;
		this.whenClosed.forEach(Runnable::run);
		this.whenClosed.clear();
	}

}
