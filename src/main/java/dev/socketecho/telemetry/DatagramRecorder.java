package dev.socketecho.telemetry;

import java.util.function.LongSupplier;

/**
 * What one UDP server tells of its traffic. What was received is what was read from the
 * socket; what was sent is what was handed to it, and is recorded before the peer can see
 * it. An answer that the socket refuses is recorded as dropped, too.
 * <p>
 * Called on event loops, by several at a time: implementations do not block.
 */
public interface DatagramRecorder {

	/**
	 * Datagrams were read, whatever becomes of them.
	 * @param bytes how many bytes of payload
	 * @param datagrams how many datagrams these are
	 */
	void received(long bytes, long datagrams);

	/**
	 * Answers are handed to the socket.
	 * @param bytes how many bytes of payload
	 * @param datagrams how many datagrams these are
	 */
	void sent(long bytes, long datagrams);

	/**
	 * A datagram is not answered.
	 * @param reason why; never {@link DropReason#KERNEL_BUFFER}
	 */
	void dropped(DropReason reason);

	/**
	 * Something went wrong.
	 * @param error what
	 */
	void error(SocketError error);

	/**
	 * Says where the kernel's count of datagrams that found no room can be read.
	 * @param drops counts up from 0; may be read by any thread at any time
	 */
	void kernelDrops(LongSupplier drops);

}
