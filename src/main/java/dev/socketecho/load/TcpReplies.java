package dev.socketecho.load;

import java.lang.foreign.MemorySegment;

import dev.socketecho.codec.MessageFramer;
import io.netty.buffer.ByteBuf;

/**
 * Compares what a TCP connection receives with the messages that were sent, in their
 * order. {@link TcpLoadConnection} calls it for each read, on the event loop. Nothing is
 * copied.
 * <p>
 * A reply that differs in its terminator only is right. After one that differs otherwise,
 * the sequence numbers in the replies say where the next one belongs: a corrupted
 * terminator joins two replies, or splits one.
 */
final class TcpReplies {

	private final LoadMessage message;

	private final MessageFramer framer;

	private final EndOfMessage end;

	/** Whether frames can be compared as they were sent. */
	private final boolean onTheWire;

	private final Listener listener;

	/** The number of the first message of the connection. */
	private long start;

	/** The number of the message whose reply comes next. */
	private long expected;

	/** The number behind the last message that was sent. */
	private long sent;

	/** How many bytes of the reply have come, if it is no frame. */
	private int received;

	private boolean different;

	TcpReplies(LoadMessage message, MessageFramer framer, EndOfMessage end, boolean onTheWire, Listener listener) {
		this.message = message;
		this.framer = framer;
		this.end = end;
		this.onTheWire = onTheWire;
		this.listener = listener;
	}

	long expected() {
		return this.expected;
	}

	/**
	 * Whether nothing was sent on the connection.
	 */
	boolean isFresh() {
		return this.sent == this.start;
	}

	/**
	 * A new connection is open.
	 * @param next the number of the next message
	 */
	void reset(long next) {
		this.start = next;
		this.expected = next;
		this.sent = next;
		this.received = 0;
		this.different = false;
	}

	/**
	 * Messages are about to be sent.
	 * @param upTo the number behind the last one
	 */
	void sent(long upTo) {
		this.sent = upTo;
	}

	/**
	 * Compares what a read has brought.
	 * @param content complete frames, or bytes if there are none; its indexes do not move
	 * @param count how many frames
	 */
	void read(ByteBuf content, int count, long now) {
		MemorySegment bytes = MemorySegment.ofBuffer(content.nioBuffer());
		if (this.end == EndOfMessage.FRAME) {
			readFrames(content, bytes, count, now);
		}
		else {
			readBytes(bytes, now);
		}
	}

	private void readFrames(ByteBuf content, MemorySegment bytes, int count, long now) {
		int length = this.message.frameLength();
		int last = content.readableBytes();
		int at = 0;
		for (int frame = 0; frame < count; frame++) {
			if (this.expected >= this.sent) {
				this.listener.unexpected();
				return;
			}
			if (this.onTheWire && last - at >= length && this.message.equal(bytes, at, this.expected, 0, length)) {
				this.listener.echoed(this.expected++, now);
				at += length;
			}
			else {
				int start = content.readerIndex() + at;
				int next = (frame == count - 1) ? content.writerIndex() : this.framer.frameEnd(content, start);
				place(content.slice(start, next - start), now);
				at = next - content.readerIndex();
			}
		}
	}

	/**
	 * Finds the message of a frame that is not what was sent next.
	 */
	private void place(ByteBuf frame, long now) {
		long sequence = this.message.sequence(frame, this.expected);
		if (sequence >= this.sent || sequence < this.start || !this.message.isReply(frame, sequence)) {
			this.listener.differs(this.expected++);
			return;
		}
		if (sequence >= this.expected) {
			while (this.expected < sequence) {
				this.listener.differs(this.expected++);
			}
			this.listener.echoed(this.expected++, now);
		}
	}

	private void readBytes(MemorySegment bytes, long now) {
		long at = 0;
		while (at < bytes.byteSize()) {
			int missing = this.message.frameLength() - this.received;
			if (this.expected >= this.sent) {
				this.listener.unexpected();
				return;
			}
			if (missing == 0) {
				this.different = true;
				return;
			}
			int length = (int) Math.min(bytes.byteSize() - at, missing);
			this.different |= !this.message.equal(bytes, at, this.expected, this.received, length);
			this.received += length;
			at += length;
			if (length == missing && this.end == EndOfMessage.LENGTH) {
				complete(now);
			}
		}
	}

	private void complete(long now) {
		long sequence = this.expected++;
		if (this.different) {
			this.listener.differs(sequence);
		}
		else {
			this.listener.echoed(sequence, now);
		}
		this.received = 0;
		this.different = false;
	}

	/**
	 * The server has closed a connection that carries one message.
	 */
	void inputEnded(long now) {
		if (this.expected < this.sent && this.received > 0) {
			this.different |= this.received < this.message.frameLength();
			complete(now);
		}
	}

	/**
	 * Is told of the replies, each message's at most once.
	 */
	interface Listener {

		/**
		 * A reply equals its message.
		 */
		void echoed(long sequence, long now);

		/**
		 * A message's reply differs from it, or there is another one in its place.
		 */
		void differs(long sequence);

		/**
		 * The server has sent something that answers no message.
		 */
		void unexpected();

	}

}
