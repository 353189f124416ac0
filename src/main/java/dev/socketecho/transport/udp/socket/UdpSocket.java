package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;

/**
 * A bound UDP socket that never waits. But for {@link #localAddress()} and
 * {@link #kernelDrops()} it is confined to the event loop that it was attached to.
 */
public interface UdpSocket {

	/** So many datagrams are received, or sent, at once at most. */
	int BURST = 32;

	/**
	 * Where the socket is bound.
	 */
	InetSocketAddress localAddress();

	/**
	 * Starts to watch the socket; called on any thread.
	 * @param eventLoop the event loop from now on
	 * @param listener what is told, on the event loop, of datagrams that have come
	 * @return complete when the socket is watched
	 */
	Future<?> attach(IoEventLoop eventLoop, Listener listener);

	/**
	 * Chooses what the socket is watched for; for datagrams at first.
	 */
	void watch(Interest interest);

	/**
	 * Receives what has come.
	 * @param buffer where it goes: datagram i to the index i * stride; empty, direct
	 * @param stride more than the longest datagram
	 * @return how many, 0 to {@link #BURST}
	 */
	int receive(ByteBuf buffer, int stride) throws IOException;

	/**
	 * The length of a datagram that was just received, which may be more than the limit;
	 * then it was cut.
	 */
	int length(int index);

	/**
	 * The sender of a datagram that was just received.
	 */
	Peer sender(int index);

	/**
	 * Sends as many as the socket takes.
	 * @param queue the answers
	 * @param from the index of the first
	 * @param to the index after the last, more than {@code from}
	 * @return how many have left; 0 if there is no room for now
	 * @throws IOException if the first of them is refused
	 */
	int send(OutboundDatagram[] queue, int from, int to) throws IOException;

	/**
	 * How many datagrams the kernel had no room for, since the socket was opened.
	 */
	long kernelDrops();

	/**
	 * Closes the socket. Called on the event loop, or on any thread if there is none.
	 */
	void close();

	/**
	 * What a socket may be watched for.
	 */
	enum Interest {

		/** Something to receive. */
		DATAGRAMS,

		/** Room to send. */
		ROOM,

		/** Neither, for now. */
		NOTHING

	}

	/**
	 * What is told of a socket. The event loop calls it directly, and would end on an
	 * error: it throws nothing.
	 */
	interface Listener {

		/**
		 * There is something to receive.
		 */
		void readable();

		/**
		 * There is room to send.
		 */
		void writable();

	}

}
