package dev.socketecho.transport.udp;

import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.udp.socket.OutboundDatagram;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The output of a {@link UdpServerSocket}: a queue of answers, which are sent together.
 * It has room for one burst. An answer is dropped if the queue is full and the socket has
 * no room. Confined to the socket's event loop.
 */
final class UdpOutput {

	private final UdpSocket socket;

	private final UdpServerRecorder recorder;

	private final UdpDrops drops;

	private final @Nullable Consumer<ByteBuf> finisher;

	private final OutboundDatagram[] queue = Stream.generate(OutboundDatagram::new)
		.limit(UdpSocket.BURST)
		.toArray(OutboundDatagram[]::new);

	/** The index of the first datagram that waits. */
	private int first;

	/** The index of the first datagram that is not recorded as sent. */
	private int unrecorded;

	/** The index of the first free place. */
	private int end;

	private boolean blocked;

	/**
	 * Creates an output.
	 * @param finisher writes into an answer what is known only when it leaves,
	 * {@code null} for nothing
	 */
	UdpOutput(UdpSocket socket, UdpServerRecorder recorder, UdpDrops drops, @Nullable Consumer<ByteBuf> finisher) {
		this.finisher = finisher;
		this.socket = socket;
		this.recorder = recorder;
		this.drops = drops;
	}

	/**
	 * Queues a datagram, after it has sent what is queued if there is no place.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port
	 */
	void add(ByteBuf content, Peer peer, int port) {
		add(content, peer, port, this.finisher);
	}

	/**
	 * Queues a datagram that {@link #finish} has finished.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port
	 */
	void addFinished(ByteBuf content, Peer peer, int port) {
		add(content, peer, port, null);
	}

	/**
	 * Finishes an answer that is not to be sent yet.
	 */
	void finish(ByteBuf content) {
		if (this.finisher != null) {
			this.finisher.accept(content);
		}
	}

	private void add(ByteBuf content, Peer peer, int port, @Nullable Consumer<ByteBuf> finisher) {
		if (this.end == this.queue.length && (this.blocked || !flush())) {
			this.drops.notSent(content, peer);
			return;
		}
		ByteBuf sendable;
		try {
			sendable = sendable(content);
		}
		catch (Throwable ex) {
			this.drops.refused(peer, ex);
			return;
		}
		this.queue[this.end++].set(sendable, peer, port, finisher);
	}

	/**
	 * Returns whether the socket had no room the last time.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Sends the datagrams that are queued. A datagram that the socket refuses is dropped.
	 * @return whether the queue is empty; if not, the socket has no room now
	 */
	boolean flush() {
		record();
		while (this.first < this.end) {
			int sent;
			try {
				sent = this.socket.send(this.queue, this.first, this.end);
			}
			catch (Throwable ex) {
				refuseFirst(ex);
				continue;
			}
			if (sent == 0) {
				this.blocked = true;
				return false;
			}
			for (int i = 0; i < sent; i++) {
				this.queue[this.first++].clear();
			}
		}
		reset();
		return true;
	}

	/**
	 * Removes the first datagram and reports it, in this order: if the report throws, the
	 * datagram must not be sent again, or that could repeat without end.
	 */
	private void refuseFirst(Throwable cause) {
		OutboundDatagram refused = this.queue[this.first++];
		Peer peer = refused.peer();
		refused.clear();
		this.drops.refused(peer, cause);
	}

	/**
	 * Records datagrams before they are sent: as soon as the system call runs, the peer
	 * may have its answer and look at the counters.
	 */
	private void record() {
		long bytes = 0;
		for (int i = this.unrecorded; i < this.end; i++) {
			bytes += this.queue[i].content().readableBytes();
		}
		int datagrams = this.end - this.unrecorded;
		if (datagrams > 0) {
			this.unrecorded = this.end;
			this.recorder.sent(bytes, datagrams);
		}
	}

	/**
	 * Drops the datagrams that are queued.
	 */
	void discard() {
		while (this.first < this.end) {
			OutboundDatagram datagram = this.queue[this.first++];
			this.drops.dropped(DropReason.SEND_FAILED, datagram.peer());
			datagram.clear();
		}
		reset();
	}

	private void reset() {
		this.first = 0;
		this.unrecorded = 0;
		this.end = 0;
		this.blocked = false;
	}

	/**
	 * Returns the content, or a copy if the content is on the heap or in several pieces:
	 * the system call needs one piece of memory outside the heap.
	 */
	private static ByteBuf sendable(ByteBuf content) {
		if (!content.isReadable() || (content.isDirect() && content.nioBufferCount() == 1)) {
			return content;
		}
		try {
			return content.alloc().directBuffer(content.readableBytes()).writeBytes(content);
		}
		finally {
			content.release();
		}
	}

}
