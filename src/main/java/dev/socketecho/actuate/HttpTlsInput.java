package dev.socketecho.actuate;

import dev.socketecho.tls.HeapCumulator;
import dev.socketecho.tls.HttpTlsErrors;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;

/**
 * Has HTTP gather its TLS input on the heap, for the reason that {@link HeapCumulator}
 * gives, and close after a wrong record. Applied to each HTTP server, also to that of a
 * management port.
 */
public final class HttpTlsInput implements NettyServerCustomizer {

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((_, channel, _) -> initialize(channel));
	}

	private static void initialize(Channel channel) {
		ChannelHandlerContext byServerName = channel.pipeline().context(AbstractSniHandler.class);
		if (byServerName != null) {
			// The handler of TLS comes when the name is known.
			channel.pipeline().addAfter(byServerName.name(), null, new AfterServerName());
		}
		else {
			gatherOnHeap(channel);
		}
	}

	private static void gatherOnHeap(Channel channel) {
		ChannelHandlerContext context = channel.pipeline().context(SslHandler.class);
		if (context != null) {
			SslHandler tls = (SslHandler) context.handler();
			tls.setCumulator(HeapCumulator.INSTANCE);
			channel.pipeline().addAfter(context.name(), null, new HttpTlsErrors(tls));
		}
	}

	private static final class AfterServerName extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event instanceof SniCompletionEvent) {
				gatherOnHeap(ctx.channel());
			}
			ctx.fireUserEventTriggered(event);
		}

	}

}
