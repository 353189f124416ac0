package dev.socketecho.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts that one thread writes, an event loop as a rule, and any thread reads. One
 * writer needs no atomic addition, which costs several times as much as a plain one. A
 * thread that learns of something that was counted before finds it counted.
 */
public abstract class SingleWriterCounts {

	private final AtomicLongArray counts;

	/**
	 * Creates counts, all 0.
	 * @param size how many
	 */
	protected SingleWriterCounts(int size) {
		this.counts = new AtomicLongArray(size);
	}

	/**
	 * Adds to a count. Called by the writer only.
	 * @param index the count's index
	 * @param amount how much
	 */
	protected final void add(int index, long amount) {
		this.counts.setRelease(index, this.counts.getPlain(index) + amount);
	}

	/**
	 * Sets a count. Called by the writer only.
	 * @param index the count's index
	 * @param value its new value
	 */
	protected final void set(int index, long value) {
		this.counts.setRelease(index, value);
	}

	/**
	 * Returns a count.
	 * @param index the count's index
	 * @return its value
	 */
	protected final long get(int index) {
		return this.counts.getAcquire(index);
	}

}
