package dev.socketecho.telemetry;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;

/**
 * A log for what a peer can cause as often as it likes. At most one WARN a second is
 * logged; it has the number of those that were left out since the last one. Thread-safe.
 */
public final class RateLimitedLog {

	private static final long INTERVAL_NANOS = 1_000_000_000L;

	private final Log log;

	private final LongSupplier nanoTime;

	private final AtomicLong next;

	private final LongAdder suppressed = new LongAdder();

	/**
	 * Creates a log.
	 * @param log where to log to
	 * @param nanoTime the time in ns, such as {@link System#nanoTime()}
	 */
	public RateLimitedLog(Log log, LongSupplier nanoTime) {
		this.log = log;
		this.nanoTime = nanoTime;
		this.next = new AtomicLong(nanoTime.getAsLong());
	}

	/**
	 * Logs a message, or counts it if one was logged less than a second ago.
	 * @param message the message
	 */
	public void warn(String message) {
		warn(() -> message);
	}

	/**
	 * Logs a message, or counts it if one was logged less than a second ago.
	 * @param message makes the message; not called if it is only counted
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
