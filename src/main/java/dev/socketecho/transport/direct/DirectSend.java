package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a socket whose queue is empty, past the queue and the pipeline: what one read
 * delivered is one buffer as a rule, which the socket takes at once. On epoll and without
 * TLS only.
 * <p>
 * Confined to the connection's event loop.
 */
public final class DirectSend {

	private final Channel channel;

	private final FileDescriptor socket;

	private DirectSend(Channel channel, FileDescriptor socket) {
		this.channel = channel;
		this.socket = socket;
	}

	/**
	 * Creates a way past the pipeline, where there is one.
	 * @param channel a channel whose pipeline changes nothing on the way out
	 * @return {@code null} if all has to go through the pipeline
	 */
	public static @Nullable DirectSend of(Channel channel) {
		return (channel instanceof EpollSocketChannel epoll && StreamCalls.isAvailable())
				? new DirectSend(channel, epoll.fd()) : null;
	}

	/**
	 * Sends what the socket takes. Why it does not take the rest is seen to when that is
	 * written to the channel; but a broken socket says so only once, so this tells the
	 * pipeline, which ends the connection.
	 * @param content the bytes; the reader index moves behind what was taken
	 * @return whether that is all
	 */
	public boolean send(ByteBuf content) {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		if (queue == null || !queue.isEmpty() || !content.hasMemoryAddress()) {
			return false;
		}
		int sent = StreamCalls.send(this.socket.intValue(), content.memoryAddress() + content.readerIndex(),
				content.readableBytes());
		if (sent < 0) {
			if (!StreamCalls.isForNow(sent)) {
				this.channel.pipeline().fireExceptionCaught(Errors.newIOException("sendto", sent));
			}
			return false;
		}
		content.skipBytes(sent);
		return !content.isReadable();
	}

}
