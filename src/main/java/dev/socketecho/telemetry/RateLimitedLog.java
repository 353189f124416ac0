package dev.socketecho.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;

/**
 * A log for what a peer can repeat at will: one WARN a second at most, which says how
 * many went before it unlogged. Thread-safe.
 */
public final class RateLimitedLog {

	private static final long INTERVAL_NANOS = 1_000_000_000L;

	private final Log log;

	private final LongSupplier nanoTime;

	private final AtomicLong next;

	private final LongAdder suppressed = new LongAdder();

	public RateLimitedLog(Log log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
		this.next = new AtomicLong(nanoTime.getAsLong());
	}

	/**
	 * Logs the message, or counts it.
	 */
	public void warn(String message) {
		warn(() -> message);
	}

	/**
	 * Logs the message, or counts it; then it is not even made.
	 */
	public void warn(Supplier<String> message) {
		long now = this.nanoTime.getAsLong();
		long due = this.next.get();
		if (now - due < 0 || !this.next.compareAndSet(due, now + INTERVAL_NANOS)) {
			this.suppressed.increment();
			return;
		}
		long before = this.suppressed.sumThenReset();
		String text = message.get();
		this.log.warn((before > 0) ? text + " (and " + before + " more before)" : text);
	}

}
