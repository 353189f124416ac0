package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * A handler that {@link DirectReceive} calls with the bytes that it has received, if the
 * handler is the first of its pipeline. With another handler before it, such as TLS,
 * Netty reads.
 */
public interface DirectInput {

	/**
	 * Handles one read, in place of {@code channelRead} and {@code channelReadComplete}.
	 * Called on the event loop.
	 * @param ctx the handler's context
	 * @param bytes the bytes that were received; this takes over the caller's reference
	 */
	void receive(ChannelHandlerContext ctx, ByteBuf bytes);

}
