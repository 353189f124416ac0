package dev.socketecho.transport.tcp.accept;

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
 * The connections that the kernel has established but the server has not accepted yet.
 * {@link ListeningSocket} accepts them before it closes the socket, which would reset
 * them (RFC 9293, 3.10.4). With epoll only: Netty's other transports give no access to
 * this queue.
 */
final class AcceptQueue {

	/** The size of the peer's address from accept(2), as Netty packs it. */
	private static final int ADDRESS_SIZE = 25;

	private AcceptQueue() {
	}

	/**
	 * Accepts the last connections of a listening socket and closes it. Called on its
	 * event loop.
	 * @param listener the listening socket
	 * @return completes when it is closed
	 */
	static ChannelFuture close(Channel listener) {
		if (!(listener instanceof EpollServerSocketChannel channel) || !channel.isOpen()) {
			return listener.close();
		}
		List<Integer> accepted = new ArrayList<>();
		try {
			// Closing a channel takes a while; closing a descriptor does not.
			Socket last = new Socket(FileControl.duplicate(channel.fd().intValue()));
			channel.close();
			acceptAll(last, channel.config().getBacklog(), accepted);
		}
		catch (IOException ex) {
			// For example too many open files. The rest is lost.
			channel.pipeline().fireExceptionCaught(ex);
		}
		// The channel keeps its handlers until the next task of the event loop.
		accepted.forEach((fd) -> channel.pipeline().fireChannelRead(new EpollSocketChannel(fd)));
		channel.pipeline().fireChannelReadComplete();
		return channel.close();
	}

	/**
	 * Accepts until the queue is empty, and closes the socket right after.
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
