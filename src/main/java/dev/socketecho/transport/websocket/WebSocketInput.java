package dev.socketecho.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * The first handler of a WebSocket, behind the connection's gate. It counts what is read,
 * has the messages of each read delivered, and keeps reads paused that the connection has
 * paused: Netty's decoders ask for a further read whenever a frame is incomplete.
 */
final class WebSocketInput extends ChannelDuplexHandler {

	private final WebSocketMessages messages;

	private long bytesRead;

	/**
	 * Creates a handler.
	 * @param messages the last handler of the WebSocket
	 */
	WebSocketInput(WebSocketMessages messages) {
		this.messages = messages;
	}

	/**
	 * How many bytes were read so far.
	 */
	long bytesRead() {
		return this.bytesRead;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		int bytes = ((ByteBuf) message).readableBytes();
		this.bytesRead += bytes;
		this.messages.begin(bytes);
		ctx.fireChannelRead(message);
		this.messages.deliver();
	}

	@Override
	public void read(ChannelHandlerContext ctx) {
		if (ctx.channel().config().isAutoRead()) {
			ctx.read();
		}
	}

}
