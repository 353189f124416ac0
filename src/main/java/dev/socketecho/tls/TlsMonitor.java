package dev.socketecho.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Ticker;

import javax.net.ssl.SSLHandshakeException;

/**
 * The handler behind TLS: reports the outcome of the handshake, and turns the peer's
 * {@code close_notify} into the end of input.
 */
abstract class TlsMonitor extends ChannelInboundHandlerAdapter {

	private final String peer;

	private final long begun = Ticker.systemTicker().nanoTime();

	private boolean inputEnded;

	/**
	 * Creates an instance.
	 * @param peer the word for the peer in messages
	 */
	TlsMonitor(String peer) {
		this.peer = peer;
	}

	/**
	 * Returns the time since the handshake began.
	 * @return the time in ns
	 */
	public final long nanos() {
		return Ticker.systemTicker().nanoTime() - this.begun;
	}

	/**
	 * The handshake has succeeded.
	 * @param ctx the context of this handler
	 */
	abstract void secured(ChannelHandlerContext ctx);

	/**
	 * The handshake has failed.
	 */
	abstract void failed(Throwable cause);

	/**
	 * Whether the handshake is under way, so that it fails if the peer closes now.
	 */
	abstract boolean isShakingHands();

	@Override
	public final void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		switch (event) {
			case SslHandshakeCompletionEvent completion when completion.isSuccess() -> {
				ctx.pipeline().remove(TlsHandshakeGuard.class);
				secured(ctx);
			}
			case SslHandshakeCompletionEvent completion -> failed(completion.cause());
			case SslCloseCompletionEvent closed when closed.isSuccess() -> inputEnded(ctx);
			case SslCloseCompletionEvent _ -> {
				// The socket was closed without close_notify, which is reported
				// elsewhere.
			}
			case ChannelInputShutdownEvent _ -> inputEnded(ctx);
			default -> ctx.fireUserEventTriggered(event);
		}
	}

	private void inputEnded(ChannelHandlerContext ctx) {
		if (this.inputEnded) {
			return;
		}
		this.inputEnded = true;
		if (isShakingHands()) {
			failed(new SSLHandshakeException("the %s closed during the handshake".formatted(this.peer)));
			ctx.close();
			return;
		}
		ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
	}

}
