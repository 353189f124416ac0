package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.tls.ServerTlsMonitor;
import dev.socketecho.transport.tcp.traffic.IdleTimeout;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Ticker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLSession;

/**
 * The life of one connection apart from its messages: opened, secured, failed, idle,
 * closed. {@link ConnectionHandler} and the TLS monitor call it. It calls the recorder,
 * publishes Spring Integration's events and writes the log. After a failure, the end of
 * the input or the idle timeout it calls {@link ConnectionEnd}.
 * <p>
 * Confined to the connection's event loop, except for {@link #tlsSession} and
 * {@link #done}.
 */
final class ConnectionLife implements ServerTlsMonitor.Listener {

	private static final Log logger = LogFactory.getLog(NettyTcpConnection.class);

	private final NettyTcpConnection connection;

	private final ConnectionOwner owner;

	private final SocketChannel channel;

	private final ConnectionEnd end;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private volatile @Nullable SSLSession tlsSession;

	private @Nullable IdleTimeout idleTimeout;

	private boolean counted;

	private @Nullable SocketError error;

	ConnectionLife(NettyTcpConnection connection, ConnectionOwner owner, SocketChannel channel, ConnectionEnd end) {
		this.connection = connection;
		this.owner = owner;
		this.channel = channel;
		this.end = end;
	}

	/**
	 * The TLS session, {@code null} before the handshake has succeeded. May be called by
	 * any thread.
	 */
	@Nullable SSLSession tlsSession() {
		return this.tlsSession;
	}

	/**
	 * The version of TLS, {@code null} without TLS or before the handshake has succeeded.
	 * May be called by any thread.
	 */
	@Nullable String tlsProtocol() {
		SSLSession session = this.tlsSession;
		return (session != null) ? session.getProtocol() : null;
	}

	/**
	 * The error that broke the connection, {@code null} if there was none.
	 */
	@Nullable SocketError error() {
		return this.error;
	}

	/**
	 * Completes on the event loop when the connection is closed and recorded. May be
	 * called by any thread.
	 */
	CompletableFuture<Void> done() {
		return this.done;
	}

	void opened() {
		this.counted = true;
		this.owner.recorder().connectionOpened();
		this.connection.publishOpened();
		if (this.owner.greeting() != null && this.channel.pipeline().get(HandlerNames.TLS) == null) {
			this.connection.messageOutput().greet();
		}
	}

	/**
	 * The TLS handshake has succeeded.
	 * @param nanos how long it took
	 */
	@Override
	public void secured(SSLSession session, long nanos) {
		this.tlsSession = session;
		this.owner.recorder().tlsHandshake(Duration.ofNanos(nanos));
		this.connection.messageOutput().greet();
	}

	/**
	 * The TLS handshake has failed; its handler closes the channel.
	 */
	@Override
	public void handshakeFailed(Throwable cause) {
		if (!this.connection.isClosing()) {
			this.end.decide(CloseReason.TLS_HANDSHAKE_FAILED);
			report(exception(cause), SocketError.ofHandshake(cause));
		}
	}

	/**
	 * The input has ended, and the decoder has delivered its incomplete frame.
	 */
	void inputEnded() {
		this.end.inputEnded();
	}

	/**
	 * Ends the connection if no byte has moved for some time.
	 * @param nanos the idle timeout, in ns
	 */
	void startIdleTimeout(long nanos) {
		this.idleTimeout = new IdleTimeout(this.channel, this.connection.traffic(), nanos, this.end::idle);
		this.idleTimeout.start();
	}

	/**
	 * The flow has thrown an exception.
	 */
	void flowFailed(Exception cause) {
		this.owner.warnings()
			.warn("The flow of %s '%s' failed: %s".formatted(this.owner.server() ? "server" : "client",
					this.owner.name(), cause));
		report(cause, SocketError.UNKNOWN);
		this.end.begin(CloseReason.ERROR);
	}

	/**
	 * The socket, the decoder or TLS has failed.
	 */
	void failed(Throwable cause) {
		if (this.connection.isClosing()) {
			if (!(cause instanceof DecoderException)) {
				this.channel.close();
			}
			return;
		}
		report(exception(cause), SocketError.of(cause));
		this.end.begin(switch (cause) {
			case TooLongFrameException _ -> CloseReason.MESSAGE_TOO_LONG;
			case CorruptedFrameException _ -> CloseReason.PROTOCOL_ERROR;
			case IOException _ -> CloseReason.CONNECTION_RESET;
			default -> CloseReason.ERROR;
		});
	}

	void closed() {
		if (this.idleTimeout != null) {
			this.idleTimeout.stop();
		}
		this.end.closed();
		this.owner.closed().accept(this.connection);
		CloseReason reason = Objects.requireNonNull(this.connection.closeReason());
		if (this.counted) {
			this.owner.recorder()
				.connectionClosed(reason,
						Duration.ofNanos(Ticker.systemTicker().nanoTime() - this.connection.openedNanos()));
		}
		if (logger.isDebugEnabled()) {
			logger.debug(this.connection + " from " + this.connection.source() + " closed: " + reason.tag());
		}
		this.connection.publishClosed();
		this.done.complete(null);
	}

	private void report(Exception cause, SocketError what) {
		this.error = what;
		this.owner.recorder().error(what);
		this.connection.publishFailure(cause);
		if (logger.isDebugEnabled()) {
			logger.debug(this.connection + " fails, " + what.tag() + ": " + cause);
		}
	}

	private static Exception exception(Throwable cause) {
		return (cause instanceof Exception ex) ? ex : new IllegalStateException(cause);
	}

}
