package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a TCP socket without Netty's pipeline and queue, if that queue is empty.
 * {@code ConnectionOutput} calls it when it flushes. The answers to one read are usually
 * one buffer, which the socket accepts at once. It is for connections on epoll without
 * TLS, also for those of servers with {@code proxy-protocol}.
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
	 * Creates an instance for a connection.
	 * @param channel a channel whose pipeline does not change what is sent
	 * @return {@code null} if everything has to go through the pipeline
	 */
	public static @Nullable DirectSend of(Channel channel) {
		return (channel instanceof EpollSocketChannel epoll && StreamCalls.isAvailable())
				? new DirectSend(channel, epoll.fd()) : null;
	}

	/**
	 * Sends as many bytes as the socket has room for. The caller writes the rest to the
	 * channel. An error of the socket goes to the pipeline, which ends the connection:
	 * the socket reports it only once, so the channel would not see it.
	 * @param content the bytes; its reader index moves behind those that were sent
	 * @return whether all bytes were sent
	 */
	public boolean send(ByteBuf content) {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		if (queue == null || !queue.isEmpty() || !content.hasMemoryAddress()) {
			return false;
		}
		int sent = StreamCalls.send(this.socket.intValue(), content.memoryAddress() + content.readerIndex(),
				content.readableBytes());
		if (sent < 0) {
			if (!NativeCalls.isForNow(sent)) {
				this.channel.pipeline().fireExceptionCaught(Errors.newIOException("sendto", sent));
			}
			return false;
		}
		content.skipBytes(sent);
		return !content.isReadable();
	}

}
