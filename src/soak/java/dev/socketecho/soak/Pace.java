package dev.socketecho.soak;

import java.time.Duration;

/**
 * How often something happens, measured with the monotonic clock.
 */
final class Pace {

	private long began = System.nanoTime();

	private long last = this.began;

	private long longest;

	private long beats;

	/**
	 * Starts again.
	 */
	synchronized void restart() {
		this.began = System.nanoTime();
		this.last = this.began;
		this.longest = 0;
		this.beats = 0;
	}

	synchronized void beat() {
		this.longest = longestPause().toNanos();
		this.last = System.nanoTime();
		this.beats++;
	}

	/**
	 * The longest time without a beat, up to now.
	 */
	synchronized Duration longestPause() {
		return Duration.ofNanos(Math.max(this.longest, System.nanoTime() - this.last));
	}

	/**
	 * Checks that it has never paused, and has not happened more often than once a second.
	 */
	synchronized void check(Verdict verdict, String what, Duration mostPause) {
		double seconds = (System.nanoTime() - this.began) / 1e9;
		Duration pause = longestPause();
		verdict.check(pause.compareTo(mostPause) <= 0 && this.beats <= seconds + 2, what,
				"%d in %.0f s, longest pause %.1f s (at most one a second, %d s)", this.beats, seconds,
				pause.toMillis() / 1e3, mostPause.toSeconds());
	}

}
