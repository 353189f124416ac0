package dev.socketecho.transport.tcp;

import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a connection sends, when {@link ConnectionEnd} has decided that it ends in
 * order: after the last answer come the close frame of a WebSocket, what faults hold
 * back, {@code close_notify} of TLS, and FIN. Then it waits for the peer's end, until the
 * linger timeout.
 * <p>
 * Confined to the connection's event loop, except for {@link #isDone}.
 */
final class OutputEnd {

	private final SocketChannel channel;

	private final ConnectionOutput output;

	private final ConnectionOwner.Limits limits;

	private @Nullable ConnectionFaults faults;

	private @Nullable WebSocketSession webSocket;

	private volatile boolean done;

	private boolean inputEnded;

	private @Nullable Future<?> lingerTimer;

	OutputEnd(SocketChannel channel, ConnectionOutput output, ConnectionOwner.Limits limits) {
		this.channel = channel;
		this.output = output;
		this.limits = limits;
	}

	/**
	 * Gives the connection faults, which may delay its end.
	 */
	void setFaults(ConnectionFaults faults) {
		this.faults = faults;
	}

	/**
	 * Gives the connection a WebSocket, which sends a close frame as its last one.
	 */
	void setWebSocket(WebSocketSession session) {
		this.webSocket = session;
	}

	/**
	 * Whether everything that was queued to the peer has been sent.
	 */
	boolean isDone() {
		return this.done;
	}

	/**
	 * Ends the output after what is queued.
	 */
	void begin(CloseReason why) {
		this.output.finish().addListener((written) -> onWritten(written, () -> sayGoodbye(why)));
	}

	private void sayGoodbye(CloseReason why) {
		ChannelFuture goodbye = (this.webSocket != null) ? this.webSocket.close(why) : null;
		if (goodbye == null) {
			onAllSent();
		}
		else {
			goodbye.addListener((written) -> onWritten(written, this::onAllSent));
		}
	}

	private void onWritten(Future<?> written, Runnable next) {
		if (written.isSuccess()) {
			next.run();
		}
		else {
			this.channel.close();
		}
	}

	private void onAllSent() {
		if (this.faults == null) {
			sendFin();
		}
		else {
			this.faults.endOutput();
		}
	}

	/**
	 * Everything has passed the faults, the end included. A fault that has thrown answers
	 * away closes or resets in the turn before this.
	 */
	void allPassed() {
		// The reset closes the channel, or what was held back was thrown away.
		if (this.channel.isActive() && this.faults != null && !this.faults.isResetting()) {
			sendFin();
		}
	}

	private void sendFin() {
		this.done = true;
		if (this.inputEnded) {
			this.channel.close();
			return;
		}
		shutdown();
		linger();
	}

	/**
	 * Sends FIN, with TLS after {@code close_notify}.
	 */
	void shutdown() {
		if (this.channel.pipeline().get(HandlerNames.TLS) instanceof SslHandler tls) {
			tls.closeOutbound().addListener((_) -> this.channel.shutdownOutput());
		}
		else {
			this.channel.shutdownOutput();
		}
	}

	/**
	 * Closes the connection after the linger timeout, whatever the peer does.
	 */
	void linger() {
		if (this.lingerTimer == null) {
			this.lingerTimer = this.channel.eventLoop()
				.schedule(() -> this.channel.close(), this.limits.lingerTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * The input has ended: nobody waits for the peer any more.
	 */
	void inputEnded() {
		this.inputEnded = true;
		if (this.done) {
			this.channel.close();
		}
	}

	/**
	 * The channel is closed.
	 */
	void closed() {
		if (this.lingerTimer != null) {
			this.lingerTimer.cancel(false);
		}
	}

}
