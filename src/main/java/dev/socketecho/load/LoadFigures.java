package dev.socketecho.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.telemetry.SocketError;
import org.HdrHistogram.Histogram;

/**
 * The figures of one event loop of a run, or the sum of several. Times are in ns, with
 * three significant digits; longer ones than an hour count as an hour. Confined to one
 * thread.
 */
final class LoadFigures {

	private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

	private static final int SIGNIFICANT_DIGITS = 3;

	private final LoadRecorder recorder;

	private final Histogram latency = histogram();

	private final Histogram lag = histogram();

	private final Histogram connects = histogram();

	private final Map<SocketError, Long> errors = new EnumMap<>(SocketError.class);

	/** Why messages of the warm-up were lost, which count in no figure. */
	private final Map<SocketError, Long> warmUpErrors = new EnumMap<>(SocketError.class);

	private long sent;

	private long received;

	private long lost;

	private long corrupted;

	/** What {@link #report} has not yet told the recorder. */
	private long newlySent;

	private long newlyReceived;

	private long newNanos;

	LoadFigures(LoadRecorder recorder) {
		this.recorder = recorder;
	}

	private static Histogram histogram() {
		return new Histogram(LONGEST, SIGNIFICANT_DIGITS);
	}

	private static long bounded(long nanos) {
		return Math.clamp(nanos, 0, LONGEST);
	}

	void sent() {
		this.sent++;
		this.newlySent++;
	}

	/**
	 * A message was handed to its socket.
	 * @param nanos how long after it was due
	 */
	void late(long nanos) {
		this.lag.recordValue(bounded(nanos));
	}

	void received(long nanos) {
		this.received++;
		this.newlyReceived++;
		this.newNanos += nanos;
		this.latency.recordValue(bounded(nanos));
	}

	void lost(SocketError why) {
		this.lost++;
		this.recorder.lost(1);
		error(why);
	}

	void lostInWarmUp(SocketError why) {
		this.warmUpErrors.merge(why, 1L, Long::sum);
	}

	void corrupted() {
		this.corrupted++;
		error(SocketError.CORRUPTED_REPLY);
	}

	void error(SocketError error) {
		this.errors.merge(error, 1L, Long::sum);
		this.recorder.errors(error, 1);
	}

	void connected(long nanos) {
		this.connects.recordValue(bounded(nanos));
	}

	/**
	 * Tells the recorder of what was sent and received, many messages at a time.
	 */
	void report() {
		if (this.newlySent > 0) {
			this.recorder.sent(this.newlySent);
			this.newlySent = 0;
		}
		if (this.newlyReceived > 0) {
			this.recorder.received(this.newlyReceived, this.newNanos);
			this.newlyReceived = 0;
			this.newNanos = 0;
		}
	}

	/**
	 * Copies the figures, for another thread.
	 */
	LoadFigures copy() {
		LoadFigures copy = new LoadFigures(LoadRecorder.none());
		copy.add(this);
		return copy;
	}

	void add(LoadFigures other) {
		this.sent += other.sent;
		this.received += other.received;
		this.lost += other.lost;
		this.corrupted += other.corrupted;
		other.errors.forEach((error, times) -> this.errors.merge(error, times, Long::sum));
		other.warmUpErrors.forEach((error, times) -> this.warmUpErrors.merge(error, times, Long::sum));
		this.latency.add(other.latency);
		this.lag.add(other.lag);
		this.connects.add(other.connects);
	}

	/**
	 * Finds out whether the run has failed: it sent no message that counts, because those
	 * of the warm-up got no replies, or because there was no connection. If so, the
	 * errors of the warm-up count. Called once, at the end.
	 * @return whether it has failed
	 */
	boolean explainFailure() {
		if (this.sent + this.received + this.lost + this.corrupted > 0) {
			return false;
		}
		this.warmUpErrors.forEach((error, times) -> this.errors.merge(error, times, Long::sum));
		return !this.errors.isEmpty();
	}

	long messagesSent() {
		return this.sent;
	}

	long messagesReceived() {
		return this.received;
	}

	long messagesLost() {
		return this.lost;
	}

	long messagesCorrupted() {
		return this.corrupted;
	}

	Map<SocketError, Long> errors() {
		return this.errors;
	}

	Histogram latency() {
		return this.latency;
	}

	Histogram lag() {
		return this.lag;
	}

	Histogram connects() {
		return this.connects;
	}

}
