package dev.socketecho.soak;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one kind of client at one server.
 */
final class Tally {

	final LongAdder connections = new LongAdder();

	final LongAdder messages = new LongAdder();

	final LongAdder bytes = new LongAdder();

	/** Failures that must not happen. */
	final LongAdder failures = new LongAdder();

	private final LongAdder nanos = new LongAdder();

	private final LongAdder timed = new LongAdder();

	private final AtomicLong worstNanos = new AtomicLong();

	void answered(long nanosTaken) {
		this.nanos.add(nanosTaken);
		this.timed.increment();
		this.worstNanos.accumulateAndGet(nanosTaken, Math::max);
	}

	double meanMillis() {
		return (this.timed.sum() > 0) ? this.nanos.sum() / 1e6 / this.timed.sum() : 0;
	}

	double worstMillis() {
		return this.worstNanos.get() / 1e6;
	}

}
