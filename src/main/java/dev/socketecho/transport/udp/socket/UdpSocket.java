package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;

/**
 * A bound UDP socket that never blocks. {@link UdpSocketFactory} opens it; a server's
 * {@code UdpServerSocket} attaches it to an event loop, receives and sends through it,
 * and closes it.
 * <p>
 * Confined to that event loop, except for {@link #localAddress()} and
 * {@link #kernelDrops()}, which any thread may call.
 */
public interface UdpSocket {

	/** The most datagrams that one call receives or sends. */
	int BURST = 32;

	/**
	 * Returns the address that the socket is bound to.
	 * @return the address and port
	 */
	InetSocketAddress localAddress();

	/**
	 * Starts to watch the socket. Called once, on any thread.
	 * @param eventLoop the event loop that the socket is confined to from now on
	 * @param listener called on the event loop when there is something to do
	 * @return completes when the event loop watches the socket
	 */
	Future<?> attach(IoEventLoop eventLoop, Listener listener);

	/**
	 * Changes what the socket is watched for. At first that is
	 * {@link Interest#DATAGRAMS}.
	 * @param interest what the listener is called for from now on
	 */
	void watch(Interest interest);

	/**
	 * Receives the datagrams that are there, without waiting.
	 * @param buffer an empty direct buffer; datagram i is written at the index i * stride
	 * @param stride the distance of two datagrams in bytes, larger than the longest
	 * datagram
	 * @return how many were received, 0 to {@link #BURST}
	 * @throws IOException if the socket reports an error
	 */
	int receive(ByteBuf buffer, int stride) throws IOException;

	/**
	 * Returns the length of a datagram of the last {@link #receive}.
	 * @param index its index, from 0
	 * @return its length in bytes; more than the server's limit if it was truncated
	 */
	int length(int index);

	/**
	 * Returns the sender of a datagram of the last {@link #receive}.
	 * @param index its index, from 0
	 * @return the sender
	 */
	Peer sender(int index);

	/**
	 * Returns when and how a datagram of the last {@link #receive} has come. Called only
	 * if the settings ask for arrivals.
	 * @param index its index, from 0
	 * @return the arrival
	 */
	Arrival arrival(int index);

	/**
	 * Sends as many datagrams as the socket has room for, without waiting.
	 * @param queue the datagrams
	 * @param from the index of the first
	 * @param to the index after the last, more than {@code from}
	 * @return how many were sent; 0 if the socket has no room now
	 * @throws IOException if the kernel refuses the first of them
	 */
	int send(OutboundDatagram[] queue, int from, int to) throws IOException;

	/**
	 * Returns how many datagrams the kernel has dropped because the receive buffer was
	 * full.
	 * @return the number since the socket was opened, or taken over from another process
	 */
	long kernelDrops();

	/**
	 * Closes the socket. Called on the event loop; on any thread if the event loop has
	 * ended, or if the socket was never attached.
	 */
	void close();

	/**
	 * What a socket is watched for.
	 */
	enum Interest {

		/** Datagrams to receive. */
		DATAGRAMS,

		/** Room to send. */
		ROOM,

		/** Nothing, for now. */
		NOTHING

	}

	/**
	 * Is told what the socket is ready for. The event loop calls it without a guard, and
	 * would end on an error: so its methods must not throw.
	 */
	interface Listener {

		/**
		 * There are datagrams to receive.
		 */
		void readable();

		/**
		 * There is room to send.
		 */
		void writable();

	}

}
