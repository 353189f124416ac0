package dev.socketecho.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

import javax.net.ssl.SSLSession;

/**
 * The handler behind TLS on a server's connection: reports the outcome of the handshake.
 */
public final class ServerTlsMonitor extends TlsMonitor {

	private final Listener listener;

	private final SslHandler tls;

	private final TlsHandshakeGuard guard;

	/**
	 * Creates an instance.
	 * @param listener told the outcome of the handshake, on the event loop
	 * @param tls the TLS handler
	 * @param guard the handler before it
	 */
	public ServerTlsMonitor(Listener listener, SslHandler tls, TlsHandshakeGuard guard) {
		super("peer");
		this.listener = listener;
		this.tls = tls;
		this.guard = guard;
	}

	@Override
	void secured(ChannelHandlerContext ctx) {
		this.listener.secured(this.tls.engine().getSession(), nanos());
	}

	@Override
	void failed(Throwable cause) {
		this.listener
			.handshakeFailed((this.tls instanceof HalfClosingSslHandler handler) ? handler.explain(cause) : cause);
	}

	/**
	 * A peer that closes without having sent a byte has not failed at a handshake. A load
	 * balancer does that to check that the port is open.
	 */
	@Override
	boolean isShakingHands() {
		return this.guard.isTouched() && !this.tls.handshakeFuture().isDone();
	}

	/**
	 * Learns the outcome of the handshake. Called on the event loop.
	 */
	public interface Listener {

		/**
		 * The handshake has succeeded.
		 * @param session its session
		 * @param nanos how long it took
		 */
		void secured(SSLSession session, long nanos);

		/**
		 * The handshake has failed.
		 * @param cause why
		 */
		void handshakeFailed(Throwable cause);

	}

}
