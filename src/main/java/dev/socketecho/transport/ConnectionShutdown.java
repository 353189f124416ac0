package dev.socketecho.transport;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Has one connection answer what it has received, and then end, because its server does.
 * <p>
 * Confined to the connection's event loop, but for {@link #begin}.
 */
final class ConnectionShutdown {

	private final SocketChannel channel;

	private final ConnectionEnd end;

	private boolean draining;

	private boolean closed;

	private @Nullable Runnable whenClosed;

	ConnectionShutdown(SocketChannel channel, ConnectionEnd end) {
		this.channel = channel;
		this.end = end;
	}

	/**
	 * Begins. The delay makes the event loop look at its sockets once more, so what the
	 * kernel holds by now is read first.
	 * @param whenClosed run on the event loop when the connection is closed and recorded
	 */
	void begin(Runnable whenClosed) {
		this.channel.eventLoop().execute(() -> {
			if (this.closed) {
				whenClosed.run();
				return;
			}
			this.whenClosed = whenClosed;
			this.channel.eventLoop().schedule(this::drainInput, 1, TimeUnit.MILLISECONDS);
		});
	}

	private void drainInput() {
		if (this.end.reason() == null) {
			this.draining = true;
			endInput();
		}
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
		if (this.whenClosed != null) {
			this.whenClosed.run();
		}
	}

}
