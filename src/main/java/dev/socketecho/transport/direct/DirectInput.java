package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * A handler that takes what {@link DirectReceive} has read, if it is the first of its
 * pipeline. Another handler before it, such as TLS, keeps the reads with Netty.
 */
public interface DirectInput {

	/**
	 * Takes all that there is to read for now, as {@code channelRead} and
	 * {@code channelReadComplete} would. Called on the event loop.
	 * @param ctx the handler's context
	 * @param bytes the bytes; this takes over the caller's reference
	 */
	void receive(ChannelHandlerContext ctx, ByteBuf bytes);

}
