package dev.socketecho.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;

import javax.net.ssl.SSLEngine;

/**
 * The handler behind TLS on a connection of HTTP. OpenSSL's engine keeps the error of a
 * wrong record until it is next asked to encrypt; so this asks it, and the connection
 * closes. Called on the connection's event loop.
 */
public final class HttpTlsErrors extends ChannelInboundHandlerAdapter {

	private final SSLEngine engine;

	/**
	 * Creates the handler of one connection.
	 * @param tls the TLS handler
	 */
	public HttpTlsErrors(SslHandler tls) {
		this.engine = tls.engine();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (OpenSslEngines.isOpenSsl(this.engine) && OpenSslEngines.isInputEnded(this.engine)) {
			ctx.flush();
		}
		ctx.fireChannelReadComplete();
	}

}
