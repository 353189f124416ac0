package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * A handler that {@link DirectReceive} calls with the bytes that it has received. It does
 * so if this is the first handler of the pipeline, the channel's receive allocator is a
 * {@link SharedReceiveAllocator}, and auto-read is on. Otherwise Netty's read loop calls
 * {@code channelRead}.
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
