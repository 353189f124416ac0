package dev.socketecho.telemetry;

import java.util.function.LongSupplier;

/**
 * Records the traffic of one UDP server. Received is what was read from the socket; sent
 * is what was handed to it, and is recorded before the peer can see it. An answer that
 * the kernel refuses is recorded both as sent and as dropped.
 * <p>
 * Called on event loops, by several at a time: implementations do not block.
 */
public interface DatagramRecorder {

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
	 * Receives the kernel's count of the datagrams that found no room in the receive
	 * buffer. Called once, when the server is bound.
	 * @param drops counts up from 0; any thread may read it at any time
	 */
	void kernelDrops(LongSupplier drops);

}
