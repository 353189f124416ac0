package dev.socketecho.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Ticker;

import javax.net.ssl.SSLHandshakeException;

/**
 * On the flow's side of TLS: reports how the handshake went, and makes the peer's
 * {@code close_notify} the end of input.
 */
final class TlsHandshakeMonitor extends ChannelInboundHandlerAdapter {

	private final NettyTcpConnection connection;

	private final SslHandler tls;

	private final TlsHandshakeGuard guard;

	private final long begun = Ticker.systemTicker().nanoTime();

	private boolean inputEnded;

	TlsHandshakeMonitor(NettyTcpConnection connection, SslHandler tls, TlsHandshakeGuard guard) {
		this.connection = connection;
		this.tls = tls;
		this.guard = guard;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		switch (event) {
			case SslHandshakeCompletionEvent completion when completion.isSuccess() -> {
				ctx.pipeline().remove(this.guard);
				this.connection.life()
					.secured(this.tls.engine().getSession(), Ticker.systemTicker().nanoTime() - this.begun);
			}
			case SslHandshakeCompletionEvent completion -> this.connection.life().handshakeFailed(completion.cause());
			case SslCloseCompletionEvent closed when closed.isSuccess() -> inputEnded(ctx);
			case SslCloseCompletionEvent _ -> {
				// The socket was closed without it, which is reported otherwise.
			}
			case ChannelInputShutdownEvent _ -> inputEnded(ctx);
			default -> ctx.fireUserEventTriggered(event);
		}
	}

	/**
	 * A peer that closes without having said a word, such as a load balancer that looks
	 * whether the port is open, has not failed at a handshake.
	 */
	private void inputEnded(ChannelHandlerContext ctx) {
		if (this.inputEnded) {
			return;
		}
		this.inputEnded = true;
		if (this.guard.isTouched() && !this.tls.handshakeFuture().isDone()) {
			this.connection.life().handshakeFailed(new SSLHandshakeException("the peer closed during the handshake"));
			ctx.close();
			return;
		}
		ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
	}

}
