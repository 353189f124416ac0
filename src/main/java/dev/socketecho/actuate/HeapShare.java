package dev.socketecho.actuate;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A share of the heap that one kind of work may take at a time. What is wanted while
 * nothing is taken is given, however large: else it could never be done. Thread-safe.
 */
final class HeapShare {

	private final long limit;

	private final AtomicLong taken = new AtomicLong();

	/**
	 * Creates a share.
	 * @param limit how large it is, in bytes
	 */
	HeapShare(long limit) {
		this.limit = limit;
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
