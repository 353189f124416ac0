package dev.socketecho.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

import dev.socketecho.app.Scrape;

/**
 * Reads the process's figures every few seconds and prints them.
 */
final class Watch {

	private static final Duration SAMPLES = Duration.ofSeconds(5);

	private final Subject subject;

	private final Durations durations;

	private long descriptors;

	Watch(Subject subject, Durations durations) {
		this.subject = subject;
		this.durations = durations;
	}

	/**
	 * Watches until the time is over or the process has ended.
	 * @return the most of its memory in the first half of that time: how soon a JVM has
	 * compiled what it will compile depends on what else the machine does
	 */
	Early watch(Duration duration) throws IOException, InterruptedException {
		long start = System.nanoTime();
		long half = duration.toNanos() / 2;
		Early early = new Early(0, 0);
		for (long passed = 0; passed < duration.toNanos()
				&& this.subject.isAlive(); passed = System.nanoTime() - start) {
			Thread.sleep(SAMPLES);
			ProcessFigures figures = this.subject.figures();
			Scrape scrape = this.subject.actuator().scrape();
			this.durations.observe(scrape);
			double direct = scrape.value(Aftermath.DIRECT);
			this.descriptors = Math.max(this.descriptors, figures.descriptors());
			if (early.residentBytes() == 0 || System.nanoTime() - start < half) {
				early = early.or(figures.residentBytes(), direct);
			}
			System.out.printf(Locale.ROOT,
					"%4d s: %d MB resident, %.1f MB direct, %d descriptors, %d threads, %.1f s CPU%n",
					(System.nanoTime() - start) / 1_000_000_000, figures.residentBytes() / Aftermath.MEGABYTE,
					direct / Aftermath.MEGABYTE, figures.descriptors(), figures.threads(),
					figures.cpu().toMillis() / 1e3);
		}
		return early;
	}

	/**
	 * The highest number of open descriptors.
	 */
	long descriptors() {
		return this.descriptors;
	}

	/**
	 * Memory of a process that had time to settle.
	 *
	 * @param residentBytes resident memory
	 * @param directBytes memory outside the heap that buffers take
	 */
	record Early(long residentBytes, double directBytes) {

		private Early or(long otherResidentBytes, double otherDirectBytes) {
			return new Early(Math.max(this.residentBytes, otherResidentBytes),
					Math.max(this.directBytes, otherDirectBytes));
		}

	}

}
