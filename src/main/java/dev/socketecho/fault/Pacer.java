package dev.socketecho.fault;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many bytes pass in a second. Whoever has bytes reserves the time for a piece of
 * them, behind the pieces that were reserved before: connections that share a pacer take
 * turns. A pause is made up for by 10 ms' worth, and as much is in one piece: at most 20
 * ms' worth pass at once. Thread-safe: connections of several event loops may share one.
 */
public final class Pacer {

	private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final double nanosPerByte;

	private final int piece;

	/** When the next byte may pass, in ns. */
	private final AtomicLong free;

	/**
	 * Creates an instance.
	 * @param bytesPerSecond the rate, 1 or more
	 * @param nanoTime the time, in ns
	 */
	Pacer(long bytesPerSecond, long nanoTime) {
		this.nanosPerByte = SECOND_NANOS / bytesPerSecond;
		this.piece = Math.clamp((long) (PIECE_NANOS / this.nanosPerByte), 1, Integer.MAX_VALUE);
		this.free = new AtomicLong(nanoTime);
	}

	/**
	 * The most bytes that may be reserved at once, 1 or more.
	 */
	int piece() {
		return this.piece;
	}

	/**
	 * Reserves the time for bytes.
	 * @param bytes how many; more than a piece only where they cannot be cut
	 * @param nanoTime now, in ns
	 * @return when they pass, in ns; now or before: at once
	 */
	long reserve(int bytes, long nanoTime) {
		long free;
		long from;
		do {
			free = this.free.get();
			from = (free - (nanoTime - PIECE_NANOS) > 0) ? free : nanoTime - PIECE_NANOS;
		}
		while (!this.free.compareAndSet(free, from + nanos(bytes)));
		return from;
	}

	/**
	 * Returns what was reserved: the bytes do not need it any more.
	 * @param bytes how many
	 */
	void giveBack(int bytes) {
		this.free.addAndGet(-nanos(bytes));
	}

	/**
	 * Takes the time for bytes, but only if they can pass at once.
	 * @param bytes how many
	 * @param nanoTime now, in ns
	 * @return 0 if they pass; if not, in how many ns to ask again
	 */
	public long take(int bytes, long nanoTime) {
		while (true) {
			long free = this.free.get();
			long wait = free - nanoTime;
			if (wait > 0) {
				return wait;
			}
			long from = Math.max(free, nanoTime - PIECE_NANOS);
			if (this.free.compareAndSet(free, from + nanos(bytes))) {
				return 0;
			}
		}
	}

	private long nanos(int bytes) {
		return Math.round(bytes * this.nanosPerByte);
	}

}
