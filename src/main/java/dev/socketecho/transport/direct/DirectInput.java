package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;

/**
 * A handler that {@link DirectReceive} calls with the bytes that it has received. It does
 * so if this is the first handler of the pipeline, the channel's receive allocator is a
 * {@link SharedReceiveAllocator}, and auto-read is on. Otherwise Netty's read loop calls
 * {@code channelRead}.
 */
public interface DirectInput {

	/**
	 * Returns whether this is still the first handler, having been the first one at the
	 * first read. Called on the event loop before each read.
	 * @return {@code false} if the read is for Netty's read loop
	 */
	boolean isFirst();

	/**
	 * Handles one read, in place of {@code channelRead} and {@code channelReadComplete}.
	 * Called on the event loop.
	 * @param bytes the bytes that were received; this takes over the caller's reference
	 */
	void receive(ByteBuf bytes);

}
