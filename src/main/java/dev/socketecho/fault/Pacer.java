package dev.socketecho.fault;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many bytes pass in a second. A pause is made up for by 10 ms' worth, and as
 * much passes in one piece: at most 20 ms' worth pass at once. Thread-safe: connections
 * of several event loops may share one.
 */
final class Pacer {

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
		this.piece = (int) Math.clamp((long) (PIECE_NANOS / this.nanosPerByte), 1, Integer.MAX_VALUE);
		this.free = new AtomicLong(nanoTime);
	}

	/**
	 * The most bytes that may be asked for at once, 1 or more.
	 */
	int piece() {
		return this.piece;
	}

	/**
	 * Asks for bytes to pass.
	 * @param bytes how many; more than a piece only where they cannot be cut
	 * @param nanoTime the time, in ns
	 * @return 0 if they pass now; if not, in how many ns to ask again
	 */
	long take(int bytes, long nanoTime) {
		while (true) {
			long next = this.free.get();
			long wait = next - nanoTime;
			if (wait > 0) {
				return wait;
			}
			long from = Math.max(next, nanoTime - PIECE_NANOS);
			if (this.free.compareAndSet(next, from + Math.round(bytes * this.nanosPerByte))) {
				return 0;
			}
		}
	}

}
