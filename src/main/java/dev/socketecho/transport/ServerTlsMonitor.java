package dev.socketecho.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/**
 * On the flow's side of a server's TLS: reports to the connection how the handshake went.
 */
final class ServerTlsMonitor extends TlsMonitor {

	private final NettyTcpConnection connection;

	private final SslHandler tls;

	private final TlsHandshakeGuard guard;

	ServerTlsMonitor(NettyTcpConnection connection, SslHandler tls, TlsHandshakeGuard guard) {
		super("peer");
		this.connection = connection;
		this.tls = tls;
		this.guard = guard;
	}

	@Override
	void secured(ChannelHandlerContext ctx) {
		this.connection.life().secured(this.tls.engine().getSession(), nanos());
	}

	@Override
	void failed(Throwable cause) {
		this.connection.life().handshakeFailed(cause);
	}

	/**
	 * A peer that closes without having said a word, such as a load balancer that looks
	 * whether the port is open, has not failed at a handshake.
	 */
	@Override
	boolean isShakingHands() {
		return this.guard.isTouched() && !this.tls.handshakeFuture().isDone();
	}

}
