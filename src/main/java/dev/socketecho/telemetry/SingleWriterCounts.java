package dev.socketecho.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts that one thread writes, an event loop as a rule, and any thread reads. One
 * writer needs no atomic addition, which costs several times as much as a plain one. A
 * thread that learns of something that was counted before finds it counted.
 */
public abstract class SingleWriterCounts {

	private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

	private final long[] counts;

	/**
	 * Creates counts, all 0.
	 * @param size how many
	 */
	protected SingleWriterCounts(int size) {
		this.counts = new long[size];
	}

	/**
	 * Adds to a count. Called by the writer only.
	 * @param index the count's index
	 * @param amount how much
	 */
	protected final void add(int index, long amount) {
		COUNTS.setRelease(this.counts, index, this.counts[index] + amount);
	}

	/**
	 * Sets a count. Called by the writer only.
	 * @param index the count's index
	 * @param value its new value
	 */
	protected final void set(int index, long value) {
		COUNTS.setRelease(this.counts, index, value);
	}

	/**
	 * Returns a count.
	 * @param index the count's index
	 * @return its value
	 */
	protected final long get(int index) {
		return (long) COUNTS.getAcquire(this.counts, index);
	}

}
