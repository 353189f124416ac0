package dev.socketecho.telemetry;

import java.util.function.LongSupplier;

/**
 * Records the traffic of one UDP server. A datagram is received once it is read from the
 * socket. It counts as sent just before it is handed to the socket, so before the peer
 * can see it. An answer that the kernel refuses counts both as sent and as dropped.
 * <p>
 * Called on event loops, by several at a time: implementations do not block.
 */
public interface UdpServerRecorder {

	/**
	 * Datagrams were read, dropped ones included.
	 * @param bytes how many bytes of payload
	 * @param datagrams how many datagrams these bytes are
	 */
	void received(long bytes, long datagrams);

	/**
	 * Answers are handed to the socket.
	 * @param bytes how many bytes of payload
	 * @param datagrams how many datagrams these bytes are
	 */
	void sent(long bytes, long datagrams);

	/**
	 * A datagram is not answered.
	 * @param reason why; never {@link DropReason#KERNEL_BUFFER}
	 */
	void dropped(DropReason reason);

	/**
	 * The socket has failed to receive or to send.
	 * @param error how
	 */
	void error(SocketError error);

	/**
	 * Takes the source of the kernel's count: the datagrams that found no room in the
	 * receive buffer. Called once, when the server is created and before it is bound.
	 * @param drops counts up from 0; any thread may read it at any time
	 */
	void kernelDrops(LongSupplier drops);

}
