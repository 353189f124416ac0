package dev.socketecho.transport;

import java.io.IOException;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;

/**
 * The way out of one socket: gathers answers, and sends them together. Holds as many as
 * one burst and no more; what comes while it is full and the socket takes nothing is
 * dropped. Confined to the socket's event loop.
 */
final class DatagramOutput {

	private final DatagramIo io;

	private final DatagramRecorder recorder;

	private final DatagramDrops drops;

	private final OutboundDatagram[] queue = Stream.generate(OutboundDatagram::new)
		.limit(DatagramIo.BURST)
		.toArray(OutboundDatagram[]::new);

	/** The first that waits. */
	private int first;

	/** The first that has not been recorded as sent. */
	private int unrecorded;

	/** The first free place. */
	private int end;

	private boolean blocked;

	DatagramOutput(DatagramIo io, DatagramRecorder recorder, DatagramDrops drops) {
		this.io = io;
		this.recorder = recorder;
		this.drops = drops;
	}

	/**
	 * Queues a datagram; takes over the caller's reference to the content.
	 */
	void add(ByteBuf content, DatagramPeer peer, int port) {
		if (this.end == this.queue.length && (this.blocked || !flush())) {
			content.release();
			this.drops.dropped(DropReason.SEND_FAILED, peer);
			return;
		}
		this.queue[this.end++].set(content.isDirect() || !content.isReadable() ? content : direct(content), peer, port);
	}

	/**
	 * Whether the socket had no room the last time.
	 */
	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * Sends what is queued.
	 * @return whether the queue is empty; if not, the socket has no room for now
	 */
	boolean flush() {
		record();
		while (this.first < this.end) {
			int sent;
			try {
				sent = this.io.send(this.queue, this.first, this.end);
			}
			catch (IOException ex) {
				this.drops.refused(this.queue[this.first].peer(), ex);
				sent = 1;
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
	 * Records what is about to be sent: once the system call runs, the peer can have it
	 * and look at the counters.
	 */
	private void record() {
		long bytes = 0;
		for (int i = this.unrecorded; i < this.end; i++) {
			bytes += this.queue[i].content().readableBytes();
		}
		if (this.end > this.unrecorded) {
			this.recorder.sent(bytes, this.end - this.unrecorded);
			this.unrecorded = this.end;
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

	private static ByteBuf direct(ByteBuf content) {
		try {
			return content.alloc().directBuffer(content.readableBytes()).writeBytes(content);
		}
		finally {
			content.release();
		}
	}

}
