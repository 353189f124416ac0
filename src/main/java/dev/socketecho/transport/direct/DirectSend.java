package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors;

/**
 * Sends to a TCP socket without Netty's pipeline and queue, if that queue is empty.
 * {@code OutputQueue} calls it when it flushes. The answers to one read are usually one
 * buffer, which the socket accepts at once. It is for connections on epoll without TLS,
 * also for those of servers with {@code proxy-protocol}.
 * <p>
 * Confined to the connection's event loop.
 */
public final class DirectSend {

	/** Stands for a socket that bytes cannot be sent to directly. */
	public static final int IMPOSSIBLE = -1;

	private DirectSend() {
	}

	/**
	 * Returns the socket of a connection.
	 * @param channel a channel whose pipeline does not change what is sent
	 * @return the file descriptor; {@link #IMPOSSIBLE} if everything has to go through
	 * the pipeline
	 */
	public static int socketOf(Channel channel) {
		return (channel instanceof EpollSocketChannel epoll && StreamCalls.isAvailable()) ? epoll.fd().intValue()
				: IMPOSSIBLE;
	}

	/**
	 * Returns whether a channel has nothing queued, so that bytes may go past it.
	 * @param channel the channel
	 * @return whether its queue is empty; not if it is closed
	 */
	public static boolean isPossible(Channel channel) {
		ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
		return queue != null && queue.isEmpty();
	}

	/**
	 * Returns whether another thread than the event loop closes the channel's socket:
	 * with SO_LINGER, that may block.
	 * @param channel the channel
	 * @return whether it does
	 */
	public static boolean isClosedElsewhere(Channel channel) {
		try {
			return channel.isActive() && channel.config().getOption(ChannelOption.SO_LINGER) > 0;
		}
		catch (ChannelException ex) {
			return true; // The other thread has just closed it.
		}
	}

	/**
	 * Sends as many bytes as the socket has room for, where that {@link #isPossible}. The
	 * caller writes the rest to the channel. An error of the socket goes to the pipeline,
	 * which ends the connection: the socket reports it only once, so the channel would
	 * not see it.
	 * @param channel the channel
	 * @param socket its {@link #socketOf socket}
	 * @param content the bytes; its reader index moves behind those that were sent
	 * @return whether all bytes were sent
	 */
	public static boolean send(Channel channel, int socket, ByteBuf content) {
		if (!content.hasMemoryAddress()) {
			return false;
		}
		int sent = StreamCalls.send(socket, content.memoryAddress() + content.readerIndex(), content.readableBytes());
		if (sent < 0) {
			if (!NativeCalls.isForNow(sent)) {
				channel.pipeline().fireExceptionCaught(Errors.newIOException("sendto", sent));
			}
			return false;
		}
		content.skipBytes(sent);
		return !content.isReadable();
	}

}
