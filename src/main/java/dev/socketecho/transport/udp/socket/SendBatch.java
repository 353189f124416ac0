package dev.socketecho.transport.udp.socket;

import java.lang.foreign.Arena;

import io.netty.buffer.ByteBuf;

/**
 * The datagrams of one call of {@code sendmmsg(2)}, for {@link NativeUdpSocket}. Each is
 * a message of its own. With segmentation, neighbours of one length that go to one peer
 * are one message: the kernel takes it through most of its network stack in one piece,
 * and cuts it into datagrams at the end (UDP_SEGMENT, udp(7), Linux 4.18). The last of
 * them may be shorter. Not thread-safe.
 */
final class SendBatch {

	/** The longest payload of a message, in bytes: what an IPv4 packet has room for. */
	private static final int MAX_BYTES = 65507;

	private static final int EIO = 5;

	private static final int EINVAL = 22;

	private static final int EMSGSIZE = 90;

	private final MessageVector vector;

	/** How many datagrams each message has. */
	private final int[] datagrams = new int[UdpSocket.BURST];

	private final boolean segmentation;

	/** The longest datagram that may share a message, in bytes. */
	private int longestSegment = MAX_BYTES;

	private int messages;

	/** The length of the first datagram of the last message, in bytes. */
	private int segment;

	/** The payload of the last message, in bytes. */
	private int bytes;

	/**
	 * Creates an empty batch.
	 * @param arena where to allocate its memory
	 * @param ipv6 whether the socket is of the IPv6 family
	 * @param segmentation whether datagrams may share a message
	 */
	SendBatch(Arena arena, boolean ipv6, boolean segmentation) {
		this.vector = new MessageVector(arena, UdpSocket.BURST, ipv6, false);
		this.segmentation = segmentation;
	}

	/**
	 * Sends as many datagrams as the socket has room for, without waiting. If the kernel
	 * cannot cut the first message, because its datagrams are longer than the path's MTU
	 * for example, they are sent as they are, and datagrams of that length share no
	 * message any more.
	 * @param queue the datagrams
	 * @param from the index of the first
	 * @param to the index after the last, at most {@link UdpSocket#BURST} more
	 * @return how many datagrams were sent, or the negative error number
	 */
	int send(MultiMessageCalls calls, int fd, OutboundDatagram[] queue, int from, int to) {
		fill(queue, from, to);
		int result = calls.send(fd, this.vector.address(), this.messages);
		if (this.datagrams[0] > 1 && (result == -EINVAL || result == -EMSGSIZE || result == -EIO)) {
			this.longestSegment = queue[from].content().readableBytes() - 1;
			fill(queue, from, to);
			result = calls.send(fd, this.vector.address(), this.messages);
		}
		return this.segmentation ? datagrams(result) : result;
	}

	private int datagrams(int result) {
		int sent = Math.min(result, 0);
		for (int i = 0; i < result; i++) {
			sent += this.datagrams[i];
		}
		return sent;
	}

	private void fill(OutboundDatagram[] queue, int from, int to) {
		this.messages = 0;
		for (int i = from; i < to; i++) {
			OutboundDatagram datagram = queue[i];
			ByteBuf content = datagram.finished();
			int length = content.readableBytes();
			this.vector.payload(i - from,
					(length > 0) ? NativeUdpSocket.address(content, content.readerIndex(), length) : 0, length);
			if (this.segmentation && i > from && fits(datagram, length, queue[i - 1])) {
				this.datagrams[this.messages - 1]++;
				this.bytes += length;
			}
			else {
				endMessage(i - from);
				this.vector.address(this.messages, datagram.peer(), datagram.port());
				this.datagrams[this.messages++] = 1;
				this.segment = length;
				this.bytes = length;
			}
		}
		endMessage(to - from);
	}

	/**
	 * Whether a datagram may share the last message.
	 */
	private boolean fits(OutboundDatagram datagram, int length, OutboundDatagram last) {
		return datagram.peer() == last.peer() && datagram.port() == last.port() && length > 0 && length <= this.segment
				&& this.segment <= this.longestSegment && this.bytes + length <= MAX_BYTES
				&& this.bytes == this.datagrams[this.messages - 1] * this.segment;
	}

	/**
	 * Says which payloads the last message has.
	 * @param end the index after its last payload
	 */
	private void endMessage(int end) {
		if (this.segmentation && this.messages > 0) {
			int count = this.datagrams[this.messages - 1];
			this.vector.payloads(this.messages - 1, end - count, count, this.segment);
		}
	}

}
