package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.transport.direct.FileControl;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;

/**
 * The connections that the kernel has completed and nobody has accepted yet. When their
 * listening socket is closed the kernel resets them (RFC 9293, 3.10.4), although another
 * process may listen on the port by then; so they are accepted first. With epoll only:
 * Netty's other transports give no access to the queue.
 */
final class AcceptQueue {

	/** The size of what accept(2) tells of the peer, as Netty packs it. */
	private static final int ADDRESS_SIZE = 25;

	private AcceptQueue() {
	}

	/**
	 * Closes a listening socket and lets its last connections in. Called by its event
	 * loop.
	 * @param listener the listening socket
	 * @return its end
	 */
	static ChannelFuture close(Channel listener) {
		if (!(listener instanceof EpollServerSocketChannel channel) || !channel.isOpen()) {
			return listener.close();
		}
		List<Integer> accepted = new ArrayList<>();
		try {
			// Closing a channel takes a while, closing a descriptor does not.
			Socket last = new Socket(FileControl.duplicate(channel.fd().intValue()));
			channel.close();
			acceptAll(last, channel.config().getBacklog(), accepted);
		}
		catch (IOException ex) {
			// Such as too many open files; the rest cannot be had.
			channel.pipeline().fireExceptionCaught(ex);
		}
		// The handlers are there until the event loop's next task.
		accepted.forEach((fd) -> channel.pipeline().fireChannelRead(new EpollSocketChannel(fd)));
		channel.pipeline().fireChannelReadComplete();
		return channel.close();
	}

	/**
	 * Closes the socket, too, with nothing between its last connection and its end.
	 */
	private static void acceptAll(Socket socket, int atMost, List<Integer> accepted) throws IOException {
		byte[] address = new byte[ADDRESS_SIZE];
		try {
			for (int fd = 0; fd >= 0 && accepted.size() <= atMost;) {
				fd = socket.accept(address);
				if (fd >= 0) {
					accepted.add(fd);
				}
			}
		}
		finally {
			socket.close();
		}
	}

}
