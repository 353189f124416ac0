package dev.socketecho.transport.udp;

import java.util.stream.Stream;

import dev.socketecho.telemetry.DatagramRecorder;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.socket.OutboundDatagram;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;

/**
 * The way out of one socket: gathers answers, and sends them together. Holds as many as
 * one burst and no more; what comes while it is full and the socket takes nothing is
 * dropped. Confined to the socket's event loop.
 */
final class UdpOutput {

	private final UdpSocket io;

	private final DatagramRecorder recorder;

	private final UdpDrops drops;

	private final OutboundDatagram[] queue = Stream.generate(OutboundDatagram::new)
		.limit(UdpSocket.BURST)
		.toArray(OutboundDatagram[]::new);

	/** The first that waits. */
	private int first;

	/** The first that has not been recorded as sent. */
	private int unrecorded;

	/** The first free place. */
	private int end;

	private boolean blocked;

	UdpOutput(UdpSocket io, DatagramRecorder recorder, UdpDrops drops) {
		this.io = io;
		this.recorder = recorder;
		this.drops = drops;
	}

	/**
	 * Queues a datagram; takes over the caller's reference to the content.
	 */
	void add(ByteBuf content, Peer peer, int port) {
		if (this.end == this.queue.length && (this.blocked || !flush())) {
			content.release();
			this.drops.dropped(DropReason.SEND_FAILED, peer);
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
		this.queue[this.end++].set(sendable, peer, port);
	}

	/**
	 * Whether the socket had no room the last time.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Sends what is queued; what the socket refuses, whatever it throws, is dropped.
	 * @return whether the queue is empty; if not, the socket has no room for now
	 */
	boolean flush() {
		record();
		while (this.first < this.end) {
			int sent;
			try {
				sent = this.io.send(this.queue, this.first, this.end);
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
	 * It is gone before it is reported: what is reported may fail, and would be sent, and
	 * fail, without end.
	 */
	private void refuseFirst(Throwable cause) {
		OutboundDatagram refused = this.queue[this.first++];
		Peer peer = refused.peer();
		refused.clear();
		this.drops.refused(peer, cause);
	}

	/**
	 * Records what is about to be sent: once the system call runs, the peer can have it
	 * and look at the counters.
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
	 * Drops what is queued.
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
	 * The kernel takes one piece of memory outside the heap: a copy of what is anything
	 * else.
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
