package dev.socketecho.tls;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.socketecho.telemetry.CertificateRequiredException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;

/**
 * The handler behind TLS on a client's connection: opens the connection when the
 * handshake has succeeded, or explains why it has failed.
 * <p>
 * In TLS 1.3 the server verifies the client's certificate when the handshake is over for
 * the client (RFC 8446, 4.4.2.4): an alert comes instead of the first reply.
 */
public final class ClientTlsMonitor extends TlsMonitor {

	private static final String ALERT = "Received fatal alert";

	private final ClientTlsHandler tls;

	private final Consumer<ChannelHandlerContext> established;

	private final CompletableFuture<?> opened;

	private boolean open;

	private boolean answered;

	/**
	 * Creates an instance.
	 * @param tls the TLS handler
	 * @param established called when the handshake has succeeded, with the context of
	 * this handler
	 * @param opened completed exceptionally if the handshake fails
	 */
	public ClientTlsMonitor(ClientTlsHandler tls, Consumer<ChannelHandlerContext> established,
			CompletableFuture<?> opened) {
		super("server");
		this.tls = tls;
		this.established = established;
		this.opened = opened;
	}

	/**
	 * Returns the TLS session, which is valid once the handshake has succeeded.
	 * @return the session
	 */
	public SSLSession session() {
		return this.tls.engine().getSession();
	}

	@Override
	void secured(ChannelHandlerContext ctx) {
		this.open = true;
		this.established.accept(ctx);
	}

	@Override
	boolean isShakingHands() {
		return !this.open;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		this.answered = true;
		ctx.fireChannelRead(message);
	}

	/**
	 * Before the handshake is done, {@link #failed} reports the error instead.
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
	 * Reports any cause as a failed handshake.
	 */
	@Override
	void failed(Throwable cause) {
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
