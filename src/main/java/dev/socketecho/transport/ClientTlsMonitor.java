package dev.socketecho.transport;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.socketecho.tls.CertificateRequiredException;
import dev.socketecho.tls.ClientTlsHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Ticker;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;

/**
 * On the flow's side of a client's TLS: goes on when the handshake has succeeded, says
 * why it has not, and makes the server's {@code close_notify} the end of input.
 * <p>
 * In TLS 1.3 a server looks at the client's certificate when for the client the handshake
 * is over (RFC 8446, 4.4.2.4): its refusal comes in place of the first reply.
 */
final class ClientTlsMonitor extends ChannelInboundHandlerAdapter {

	private static final String ALERT = "Received fatal alert";

	private final ClientTlsHandler tls;

	private final Consumer<ChannelHandlerContext> established;

	private final CompletableFuture<?> opened;

	private final long begun = Ticker.systemTicker().nanoTime();

	private boolean open;

	private boolean answered;

	private boolean inputEnded;

	/**
	 * Creates an instance.
	 * @param established called when the handshake has succeeded, with the context of
	 * this
	 * @param opened fails if it has not
	 */
	ClientTlsMonitor(ClientTlsHandler tls, Consumer<ChannelHandlerContext> established, CompletableFuture<?> opened) {
		this.tls = tls;
		this.established = established;
		this.opened = opened;
	}

	SSLSession session() {
		return this.tls.engine().getSession();
	}

	/**
	 * How long the handshake has taken so far.
	 */
	long nanos() {
		return Ticker.systemTicker().nanoTime() - this.begun;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		switch (event) {
			case SslHandshakeCompletionEvent completion when completion.isSuccess() -> {
				ctx.pipeline().remove(HandlerNames.TLS_GUARD);
				this.open = true;
				this.established.accept(ctx);
			}
			case SslHandshakeCompletionEvent completion -> failed(completion.cause());
			case SslCloseCompletionEvent closed when closed.isSuccess() -> inputEnded(ctx);
			case SslCloseCompletionEvent _ -> {
				// The socket was closed without it, which is reported otherwise.
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
		if (!this.open) {
			failed(new SSLHandshakeException("the server closed during the handshake"));
			ctx.close();
			return;
		}
		ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		this.answered = true;
		ctx.fireChannelRead(message);
	}

	/**
	 * Before the handshake is done what is wrong is said by its failure.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (this.open) {
			ctx.fireExceptionCaught(this.answered ? cause : explained(cause));
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		if (!this.open) {
			failed(new SSLHandshakeException("the connection was lost during the handshake"));
		}
		ctx.fireChannelInactive();
	}

	/**
	 * Whatever it was, from here on it is a failure of a handshake.
	 */
	private void failed(Throwable cause) {
		Throwable failure = explained(cause);
		if (!(failure instanceof SSLHandshakeException)) {
			failure = new SSLHandshakeException(String.valueOf(cause.getMessage()));
			failure.initCause(cause);
		}
		this.opened.completeExceptionally(failure);
	}

	private Throwable explained(Throwable thrown) {
		Throwable cause = (thrown instanceof DecoderException && thrown.getCause() != null) ? thrown.getCause()
				: thrown;
		String message = cause.getMessage();
		return (message != null && message.contains(ALERT) && this.tls.isCertificateMissing())
				? new CertificateRequiredException(cause) : thrown;
	}

}
