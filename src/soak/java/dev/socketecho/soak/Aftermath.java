package dev.socketecho.soak;

import java.time.Duration;

import dev.socketecho.app.Scrape;

/**
 * What the service still holds when all clients have closed.
 */
final class Aftermath {

	static final int MEGABYTE = 1 << 20;

	/** Memory outside the heap that the allocator keeps. */
	static final String DIRECT = "jvm_buffer_memory_used_bytes{id=\"direct\"}";

	private static final Duration SAMPLES = Duration.ofSeconds(5);

	private static final int HTTP_CONNECTIONS = 3;

	/** Of which a probe may have a connection at the moment. */
	private static final int PROBES = 3;

	/** By which the direct memory that the allocator keeps may have grown. */
	private static final int GROWTH_MEGABYTES = 16;

	/** By which its resident memory may have grown in the second half. */
	private static final int RESIDENT_GROWTH_MEGABYTES = 24;

	private final Subject subject;

	private final Verdict verdict;

	Aftermath(Subject subject, Verdict verdict) {
		this.subject = subject;
		this.verdict = verdict;
	}

	/**
	 * Waits until the service has no connection of a client.
	 */
	static Scrape awaitEnd(Subject subject) throws InterruptedException {
		long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
		Scrape scrape = subject.actuator().scrape();
		while (new Counters(scrape).active() > 0 && System.nanoTime() - deadline < 0) {
			Thread.sleep(Duration.ofMillis(500));
			scrape = subject.actuator().scrape();
		}
		return scrape;
	}

	/**
	 * Waits until the threads that HTTP has used have gone, as they do after a minute.
	 */
	private static Scrape awaitThreads(Subject subject, Scrape before) throws InterruptedException {
		long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
		String threads = "jvm_threads_live_threads";
		Scrape scrape = subject.actuator().scrape();
		while (scrape.value(threads) > before.value(threads) && System.nanoTime() - deadline < 0) {
			Thread.sleep(SAMPLES);
			scrape = subject.actuator().scrape();
		}
		return scrape;
	}

	/**
	 * Compares the figures with those from before the soak.
	 * @param before the crowd came
	 * @param baseline the process before the crowd came
	 * @param early in the first half of the time that the crowd was there
	 */
	void resources(Scrape before, ProcessFigures baseline, Watch.Early early) throws Exception {
		Thread.sleep(SAMPLES.multipliedBy(2));
		ProcessFigures start = this.subject.figures();
		Thread.sleep(SAMPLES);
		ProcessFigures end = this.subject.figures();
		this.verdict.atMost("CPU over 5 s of silence", "ms", 500, end.cpu().minus(start.cpu()).toMillis());
		this.verdict.atMost("descriptors, %d before".formatted(baseline.descriptors()), "",
				baseline.descriptors() + HTTP_CONNECTIONS + PROBES, end.descriptors());
		Scrape after = awaitThreads(this.subject, before);
		this.verdict.atMost("live Java threads, %.0f before".formatted(before.value("jvm_threads_live_threads")), "",
				before.value("jvm_threads_live_threads") + HTTP_CONNECTIONS, after.value("jvm_threads_live_threads"));
		this.verdict.atMost(
				"direct memory, %.1f MB before, %.1f MB in the first half".formatted(before.value(DIRECT) / MEGABYTE,
						early.directBytes() / MEGABYTE),
				"MB", early.directBytes() / MEGABYTE + GROWTH_MEGABYTES, after.value(DIRECT) / MEGABYTE);
		this.verdict.atMost(
				"resident memory, most was %d MB in the first half".formatted(early.residentBytes() / MEGABYTE), "MB",
				early.residentBytes() / (double) MEGABYTE + RESIDENT_GROWTH_MEGABYTES,
				end.residentBytes() / (double) MEGABYTE);
		this.verdict.note("CPU in all", "%.1f s", end.cpu().toMillis() / 1e3);
	}

	/**
	 * Checks that the log has no errors, and not too many lines for the time that the
	 * service has run. That is longer than the soak: the last connections and threads
	 * take some minutes to end, and the service goes on to log.
	 */
	void log() {
		SubjectLog log = this.subject.log();
		this.verdict.equal("lines at ERROR or of a stack trace", 0, log.errors());
		log.firstErrors().forEach((line) -> this.verdict.note("log", "%s", line));
		this.verdict.atMost("log lines besides payloads, %,d bytes".formatted(log.bytes()), "",
				100 + this.subject.age().toSeconds() * 5, log.lines());
		this.verdict.note("payloads logged", "%,d", log.payloads());
	}

}
