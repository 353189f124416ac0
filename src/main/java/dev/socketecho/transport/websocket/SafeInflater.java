package dev.socketecho.transport.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionDecoder;

/**
 * Netty's inflater of messages. When it has failed, it throws its exception once more
 * when the channel closes, instead of telling the next handlers that it is closed; this
 * tells them.
 */
final class SafeInflater extends ChannelInboundHandlerAdapter {

	private final WebSocketExtensionDecoder netty;

	SafeInflater(WebSocketExtensionDecoder netty) {
		this.netty = netty;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
		this.netty.channelRead(ctx, message);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
		this.netty.channelReadComplete(ctx);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		releaseMemory(ctx);
		ctx.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		releaseMemory(ctx);
	}

	/**
	 * Has the inflater release its memory.
	 */
	private void releaseMemory(ChannelHandlerContext ctx) {
		try {
			this.netty.handlerRemoved(ctx);
		}
		catch (Exception ex) {
			// It was reported when it was thrown first.
		}
	}

}
