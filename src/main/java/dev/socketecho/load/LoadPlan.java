package dev.socketecho.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * When the messages of a run are sent. All times are in ns since the run's first message
 * could be sent. Any thread may stop it; all event loops of the run read it.
 */
final class LoadPlan {

	private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final @Nullable Integer rate;

	private final long warmUp;

	private volatile long started;

	private volatile boolean begun;

	private volatile long sendUntil;

	private volatile long waitUntil = Long.MAX_VALUE;

	LoadPlan(LoadSettings settings) {
		this.rate = settings.rate();
		this.warmUp = settings.warmUp().toNanos();
		this.sendUntil = this.warmUp + settings.duration().toNanos();
	}

	/**
	 * Starts the time. Called once, before the event loops send.
	 */
	void start() {
		this.started = System.nanoTime();
		this.begun = true;
	}

	boolean isStarted() {
		return this.begun;
	}

	/**
	 * The time; 0 before the start.
	 */
	long now() {
		return this.begun ? System.nanoTime() - this.started : 0;
	}

	/**
	 * Whether there is a schedule, which does not wait for replies.
	 */
	boolean isOpenLoop() {
		return this.rate != null;
	}

	/**
	 * When a message is due, if there is a schedule.
	 * @param message its number among those of all connections, from 0
	 */
	long due(long message) {
		int perSecond = (this.rate != null) ? this.rate : 1;
		return message / perSecond * NANOS_PER_SECOND + message % perSecond * NANOS_PER_SECOND / perSecond;
	}

	/**
	 * Whether a message that is due at a time is sent.
	 */
	boolean isSent(long time) {
		return time < this.sendUntil;
	}

	/**
	 * Whether a message that was due at a time counts.
	 */
	boolean isMeasured(long time) {
		return time >= this.warmUp;
	}

	/**
	 * Whether the run no longer waits for replies.
	 */
	boolean isOver(long now) {
		return now >= this.waitUntil;
	}

	/**
	 * Stops sending.
	 * @param wait how long the run may wait for replies from now on
	 * @return whether it was sending
	 */
	boolean stop(Duration wait) {
		long now = now();
		boolean sending = isSent(now);
		this.sendUntil = Math.min(this.sendUntil, now);
		this.waitUntil = Math.min(this.waitUntil, now + wait.toNanos());
		return sending;
	}

	/**
	 * How long messages that count have been sent so far, in ns.
	 */
	long measured(long now) {
		return Math.max(0, Math.min(now, this.sendUntil) - this.warmUp);
	}

}
