package dev.socketecho.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

import javax.net.ssl.SSLSession;

/**
 * On the flow's side of a server's TLS: reports how the handshake went.
 */
public final class ServerTlsMonitor extends TlsMonitor {

	private final Listener listener;

	private final SslHandler tls;

	private final TlsHandshakeGuard guard;

	/**
	 * Creates an instance.
	 * @param listener told how the handshake went, on the event loop
	 * @param tls the handler of TLS
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
		this.listener.handshakeFailed(cause);
	}

	/**
	 * A peer that closes without having said a word, such as a load balancer that looks
	 * whether the port is open, has not failed at a handshake.
	 */
	@Override
	boolean isShakingHands() {
		return this.guard.isTouched() && !this.tls.handshakeFuture().isDone();
	}

	/**
	 * What is told of a handshake.
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
