package dev.socketecho.actuate;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The share of the heap that one kind of work may take at a time. What is wanted while
 * nothing is taken is given, however large: else it could never be done. Thread-safe.
 */
final class HeapShare {

	/** The share is the heap's size divided by this. */
	static final int DIVISOR = 8;

	private final long limit;

	private final AtomicLong taken = new AtomicLong();

	/**
	 * Creates a share.
	 * @param maxHeap the heap's size, in bytes
	 */
	HeapShare(long maxHeap) {
		this.limit = maxHeap / DIVISOR;
	}

	/**
	 * Takes a part of it, which is to be given back.
	 * @param bytes how much
	 * @return whether there was room
	 */
	boolean tryTake(long bytes) {
		long before = this.taken.getAndAdd(bytes);
		if (before > 0 && before + bytes > this.limit) {
			giveBack(bytes);
			return false;
		}
		return true;
	}

	/**
	 * Gives a part back.
	 * @param bytes how much was taken
	 */
	void giveBack(long bytes) {
		this.taken.addAndGet(-bytes);
	}

}
