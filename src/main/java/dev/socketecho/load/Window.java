package dev.socketecho.load;

import java.util.Arrays;

/**
 * The messages of one connection that are not settled, by their sequence numbers. It
 * keeps one number for each: when it was due. The array grows with the number of
 * messages, up to a limit. Confined to the connection's event loop.
 */
final class Window {

	/** The message is settled: answered, corrupted or lost. */
	private static final long SETTLED = Long.MIN_VALUE;

	private final int most;

	private long[] times = new long[16];

	private long head;

	private long tail;

	private int open;

	/**
	 * Creates an empty window.
	 * @param most how many messages it may span
	 */
	Window(int most) {
		this.most = most;
	}

	boolean isFull() {
		return this.tail - this.head >= this.most;
	}

	/**
	 * How many messages are not settled.
	 */
	int open() {
		return this.open;
	}

	/**
	 * The number of the oldest message that is not settled, or {@link #tail}.
	 */
	long head() {
		return this.head;
	}

	/**
	 * The number of the next message.
	 */
	long tail() {
		return this.tail;
	}

	/**
	 * Adds a message. The window is not full.
	 * @param time when it is due, in ns since the run's start; not before the last one
	 */
	void add(long time) {
		if (this.tail - this.head == this.times.length) {
			grow();
		}
		this.times[index(this.tail++)] = time;
		this.open++;
	}

	private void grow() {
		long[] grown = new long[2 * this.times.length];
		Arrays.fill(grown, SETTLED);
		for (long sequence = this.head; sequence < this.tail; sequence++) {
			grown[(int) sequence & (grown.length - 1)] = this.times[index(sequence)];
		}
		this.times = grown;
	}

	/**
	 * Whether a message was added and is not settled.
	 */
	boolean isOpen(long sequence) {
		return sequence >= this.head && sequence < this.tail && this.times[index(sequence)] != SETTLED;
	}

	/**
	 * When a message that is not settled was due.
	 */
	long time(long sequence) {
		return this.times[index(sequence)];
	}

	/**
	 * Settles a message.
	 * @param sequence the number of a message that is not settled
	 * @return when it was due
	 */
	long settle(long sequence) {
		long time = this.times[index(sequence)];
		this.times[index(sequence)] = SETTLED;
		this.open--;
		while (this.head < this.tail && this.times[index(this.head)] == SETTLED) {
			this.head++;
		}
		return time;
	}

	private int index(long sequence) {
		return (int) sequence & (this.times.length - 1);
	}

}
