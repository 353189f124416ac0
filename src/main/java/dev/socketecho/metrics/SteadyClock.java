package dev.socketecho.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Clock;

/**
 * The clock of the meters. It starts at the time of the wall clock and then goes on by
 * the monotonic clock. Micrometer drops the maximum of a timer when it is some minutes
 * old: if the wall clock were set back by hours, the maximum would stay for hours; if it
 * were set forward, the maximum would be dropped at once. Thread-safe.
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
	 * Returns the time since the epoch, by the wall clock at the start.
	 * @return the time in ms
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
