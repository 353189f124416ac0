package dev.socketecho.tls;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The handler in front of TLS until the handshake has succeeded. When the handshake fails
 * it delays the close: it sends FIN after the alert and discards further input until the
 * peer closes too or the linger timeout is over. A socket that is closed at once could
 * answer that input with RST (RFC 9293, 3.6.1), and the peer would never see the alert.
 */
public final class TlsHandshakeGuard extends ChannelDuplexHandler {

	private final Duration lingerTimeout;

	private boolean touched;

	private boolean closing;

	private @Nullable Future<?> lingerTimer;

	/**
	 * Creates the guard of one connection.
	 * @param lingerTimeout how long the peer has to close
	 */
	public TlsHandshakeGuard(Duration lingerTimeout) {
		this.lingerTimeout = lingerTimeout;
	}

	/**
	 * Whether the peer has sent anything.
	 */
	boolean isTouched() {
		return this.touched;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		if (this.closing) {
			ReferenceCountUtil.release(message);
			return;
		}
		this.touched = true;
		ctx.fireChannelRead(message);
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (this.closing && event instanceof ChannelInputShutdownEvent) {
			ctx.close();
			return;
		}
		ctx.fireUserEventTriggered(event);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		SocketChannel channel = (SocketChannel) ctx.channel();
		if (this.closing) {
			channel.closeFuture().addListener((_) -> promise.trySuccess());
			return;
		}
		if (!channel.isActive() || channel.isInputShutdown()) {
			ctx.close(promise);
			return;
		}
		this.closing = true;
		channel.closeFuture().addListener((_) -> promise.trySuccess());
		// After the alert, which may still be queued.
		ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((_) -> channel.shutdownOutput());
		channel.config().setAutoRead(true);
		this.lingerTimer = ctx.executor()
			.schedule(() -> ctx.close(), this.lingerTimeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (this.lingerTimer != null) {
			this.lingerTimer.cancel(false);
		}
		ctx.fireChannelInactive();
	}

}
