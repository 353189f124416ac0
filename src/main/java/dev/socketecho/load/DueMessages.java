package dev.socketecho.load;

import dev.socketecho.telemetry.SocketError;

/**
 * The messages of one connection that are due: those that wait to be sent, and those that
 * wait for their replies. {@link LoadConnection} and its subclasses tell what becomes of
 * them. Each is settled once, as received, corrupted or lost, and counts then. Confined
 * to the connection's event loop.
 */
final class DueMessages {

	private final LoadLoop loop;

	private final Window window;

	private final long timeoutNanos;

	/** The number of the next message that is handed to the socket. */
	private long next;

	private SocketError lastError = SocketError.OPERATION_ABORTED;

	/**
	 * Creates an instance without messages.
	 * @param most how many messages may be without a reply
	 * @param timeoutNanos how long a reply may take, in ns
	 */
	DueMessages(LoadLoop loop, int most, long timeoutNanos) {
		this.loop = loop;
		this.window = new Window(most);
		this.timeoutNanos = timeoutNanos;
	}

	boolean isFull() {
		return this.window.isFull();
	}

	/**
	 * How many messages are not settled.
	 */
	int open() {
		return this.window.open();
	}

	/**
	 * Whether a message was added and is not settled.
	 */
	boolean isOpen(long sequence) {
		return this.window.isOpen(sequence);
	}

	/**
	 * The number of the oldest message that is not settled, or of the next one.
	 */
	long oldest() {
		return this.window.head();
	}

	/**
	 * The number behind the last message.
	 */
	long end() {
		return this.window.tail();
	}

	/**
	 * The number of the next message that is handed to the socket.
	 */
	long next() {
		return Math.max(this.next, this.window.head());
	}

	/**
	 * How many messages wait to be sent.
	 */
	long waiting() {
		return this.window.tail() - next();
	}

	/**
	 * Adds a message. If there are too many, it is lost.
	 * @param time when it is due
	 */
	void add(long time) {
		if (this.window.isFull()) {
			lost(time, SocketError.OPERATION_ABORTED);
		}
		else {
			this.window.add(time);
		}
	}

	/**
	 * Adds a message that cannot be sent, as there is no connection.
	 * @param time when it is due
	 */
	void addLost(long time) {
		lost(time, this.lastError);
	}

	/**
	 * Messages are handed to the socket.
	 * @param count how many of those that wait
	 * @return the number of the first
	 */
	long handOver(int count, long now) {
		long first = next();
		this.next = first + count;
		for (long sequence = first; sequence < this.next; sequence++) {
			long time = this.window.time(sequence);
			if (this.loop.plan().isMeasured(time)) {
				this.loop.figures().sent();
				if (this.loop.plan().isOpenLoop()) {
					this.loop.figures().late(now - time);
				}
			}
		}
		return first;
	}

	/**
	 * A reply equals its message.
	 * @param sequence the number of a message that is not settled
	 */
	void received(long sequence, long now) {
		long time = this.window.settle(sequence);
		if (this.loop.plan().isMeasured(time)) {
			this.loop.figures().received(now - time);
		}
	}

	/**
	 * A reply differs from its message.
	 * @param sequence the number of a message that is not settled
	 */
	void corrupted(long sequence) {
		if (this.loop.plan().isMeasured(this.window.settle(sequence))) {
			this.loop.figures().corrupted();
		}
	}

	/**
	 * The socket has refused a message.
	 * @param sequence the number of a message that is not settled
	 */
	void refused(long sequence, SocketError why) {
		lost(this.window.settle(sequence), why);
	}

	private void lost(long time, SocketError why) {
		if (this.loop.plan().isMeasured(time)) {
			this.loop.figures().lost(why);
		}
		else {
			this.loop.figures().lostInWarmUp(why);
		}
	}

	private void loseOldest(SocketError why) {
		lost(this.window.settle(this.window.head()), why);
	}

	/**
	 * Whether each message that was handed to the socket is settled.
	 */
	boolean isAnswered() {
		return this.window.head() >= this.next;
	}

	/**
	 * Messages wait for a connection.
	 * @param why the error of those that wait too long
	 */
	void failed(SocketError why) {
		this.lastError = why;
	}

	/**
	 * The socket has failed: the messages that were handed to it are lost.
	 */
	void broken(SocketError why) {
		this.lastError = why;
		while (this.window.head() < this.next) {
			loseOldest(why);
		}
	}

	/**
	 * Gives up messages whose replies are late.
	 * @return whether there were messages of the socket among them
	 */
	boolean expire(long now) {
		boolean late = false;
		while (this.window.open() > 0 && now - this.window.time(this.window.head()) >= this.timeoutNanos) {
			boolean sent = this.window.head() < this.next;
			loseOldest(sent ? SocketError.REPLY_TIMED_OUT : this.lastError);
			late |= sent;
		}
		return late;
	}

	/**
	 * Gives up all messages.
	 */
	void abandon() {
		while (this.window.open() > 0) {
			loseOldest(SocketError.OPERATION_ABORTED);
		}
	}

}
