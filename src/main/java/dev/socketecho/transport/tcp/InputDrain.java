package dev.socketecho.transport.tcp;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;

/**
 * Reads the last input of one connection whose server stops: everything that is in the
 * socket. {@link ConnectionEnd#drain} starts it. It does not read itself: it watches the
 * counter of received bytes while the event loop goes on reading, and then ends the
 * input, upon which {@link ConnectionEnd} ends the connection.
 * <p>
 * It takes the socket for empty when no byte was read for {@value #CHECK_MILLIS} ms. A
 * peer that goes on sending cannot delay the end: it also comes once as many bytes were
 * read as the socket can hold, or after {@value #READ_SECONDS} s of reading. While
 * back-pressure pauses the connection, this waits for the peer to read its answers.
 * <p>
 * Confined to the connection's event loop.
 */
final class InputDrain {

	private static final long READ_SECONDS = 2;

	/** In this time the event loop polls at least once and reads what is there. */
	private static final long CHECK_MILLIS = 1;

	private static final long PAUSED_CHECK_MILLIS = 10;

	/** Linux doubles the requested size; the JDK and Netty report half of that. */
	private static final int SIZE_FACTOR = 2;

	/** Not known: the connection was paused at the last check. */
	private static final long UNKNOWN = -1;

	private final NettyTcpConnection connection;

	private final SocketChannel channel;

	private final ConnectionEnd end;

	private final ConnectionOutput output;

	private final LongSupplier bytesRead;

	private final long bytesAtStart;

	private final long socketSize;

	private long bytesAtCheck;

	private long readingSince;

	/**
	 * Creates a drain, which counts from the bytes that have been read so far.
	 * @param end is told when everything has been read
	 * @param bytesRead how many bytes were read so far, whatever they are
	 */
	InputDrain(NettyTcpConnection connection, ConnectionEnd end, ConnectionOutput output, LongSupplier bytesRead) {
		this.connection = connection;
		this.channel = connection.channel();
		this.end = end;
		this.output = output;
		this.bytesRead = bytesRead;
		this.bytesAtStart = bytesRead.getAsLong();
		this.socketSize = this.channel.isOpen() ? (long) SIZE_FACTOR * this.channel.config().getReceiveBufferSize() : 0;
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
		if (this.connection.isClosing()) {
			return;
		}
		long bytes = this.bytesRead.getAsLong();
		if (isAllRead(bytes)) {
			this.end.inputDrained();
			endInput();
		}
		else if (this.output.isPaused() || this.end.isInputHeld()) {
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
		if (this.end.isInputHeld()) {
			return false;
		}
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
	 * Ends the input for the decoder and the connection, but not for the TLS handler:
	 * that would drop an incomplete record, and fail at the bytes that follow.
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
