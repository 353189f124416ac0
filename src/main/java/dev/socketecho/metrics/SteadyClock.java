package dev.socketecho.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Clock;

/**
 * The meters' clock: the wall clock as it was at the start, and from then on as much
 * later as time has passed. Micrometer drops the maximum of a timer by the wall clock
 * once it is some minutes old: one that is set back by hours would keep it for hours, one
 * that is set forwards would drop it at once. Thread-safe.
 */
public final class SteadyClock implements Clock {

	private final long startMillis;

	private final long startNanos;

	private final LongSupplier nanoTime;

	/**
	 * Creates a clock that starts now.
	 */
	public SteadyClock() {
		this(System.currentTimeMillis(), System::nanoTime);
	}

	SteadyClock(long startMillis, LongSupplier nanoTime) {
		this.startMillis = startMillis;
		this.startNanos = nanoTime.getAsLong();
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns the time by the wall clock of the start.
	 * @return the time, in ms since the epoch
	 */
	@Override
	public long wallTime() {
		return this.startMillis + TimeUnit.NANOSECONDS.toMillis(monotonicTime() - this.startNanos);
	}

	@Override
	public long monotonicTime() {
		return this.nanoTime.getAsLong();
	}

}
