package dev.socketecho.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

import dev.socketecho.app.Scrape;

/**
 * Lets honest and hostile clients at the packaged service, which has a heap of 64 MB, and
 * sees at the end whether the honest ones have lost anything, the counters add up, and
 * everything is as it was before. Servers whose names begin with {@code calm-} are for
 * honest clients only, so that their counters can be compared with what was sent.
 * <p>
 * System properties: {@code soak.minutes} (10), {@code soak.transport} ({@code auto}),
 * {@code soak.jar}, {@code soak.options}, {@code soak.seed} (1), {@code soak.log}.
 */
public final class Soak {

	private static final Duration SAMPLES = Duration.ofSeconds(5);

	private static final int HTTP_CONNECTIONS = 3;

	private static final int MEGABYTE = 1 << 20;

	/** By which the direct memory that the allocator keeps may have grown. */
	private static final int GROWTH_MEGABYTES = 16;

	private static final String DIRECT = "jvm_buffer_memory_used_bytes{id=\"direct\"}";

	private double earlyDirect;

	private final SoakSettings settings;

	private final Verdict verdict = new Verdict();

	private Soak(SoakSettings settings) {
		this.settings = settings;
	}

	/**
	 * Runs the soak, prints the closing table and fails if anything is not as it should
	 * be.
	 * @param args none
	 * @throws Exception if the service does not start
	 */
	public static void main(String[] args) throws Exception {
		Soak soak = new Soak(SoakSettings.ofSystemProperties());
		Path directory = Files.createTempDirectory("soak");
		try {
			soak.mixed(directory);
			new DescriptorPhase(soak.settings, soak.verdict).run();
		}
		finally {
			soak.verdict.print();
			try (Stream<Path> files = Files.list(directory)) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
			Files.delete(directory);
		}
		if (soak.verdict.failed() > 0) {
			throw new IllegalStateException(soak.verdict.failed() + " checks failed");
		}
	}

	private void mixed(Path directory) throws Exception {
		try (Subject subject = Subject.start(this.settings, 0, this.settings.log(), Roster.properties(directory))) {
			warmUp(subject);
			Thread.sleep(SAMPLES);
			Scrape before = subject.actuator().scrape();
			ProcessFigures baseline = subject.figures();
			Crowd crowd = new Crowd(subject, this.settings.seed());
			HostileUdp udpFlood = new HostileUdp();
			Roster.admit(crowd, subject, udpFlood);
			crowd.start();
			long early = watch(subject);
			crowd.stop();
			this.verdict.check(subject.isAlive(), "the process lives", "%s", subject.isAlive());
			clients(crowd);
			Counters counters = new Counters(awaitEnd(subject));
			Roster.ECHOING.forEach((server) -> counters.checkTcp(this.verdict, server, true));
			counters.checkTcp(this.verdict, "collect", false);
			Roster.ECHOING.stream()
				.filter((server) -> server.startsWith("calm-"))
				.forEach((server) -> counters.checkCalm(this.verdict, server, crowd.honest()));
			counters.checkCalm(this.verdict, "calm-datagram", crowd.honest());
			counters.checkFlooded(this.verdict, "datagram", udpFlood.sent());
			resources(subject, before, baseline, early);
			log(subject);
			this.verdict.check(subject.actuator().get("health/readiness").statusCode() == 200, "still ready", "");
			int exit = subject.terminate();
			this.verdict.check(exit == 143, "exit code after SIGTERM", "%d", exit);
		}
	}

	/**
	 * Lets the service load what it needs for each kind of client, beside the calm
	 * servers, whose counters start with the soak.
	 */
	private void warmUp(Subject subject) throws Exception {
		Random random = new Random(this.settings.seed());
		for (Honest client : Roster.honest(subject)) {
			if (!client.server().startsWith("calm-")) {
				client.session(new Tally(), random);
			}
		}
		new HonestHttp(subject).session(new Tally(), random);
	}

	/**
	 * Watches the process until the time is over.
	 * @return its resident memory once it has settled, in bytes
	 */
	private long watch(Subject subject) throws IOException, InterruptedException {
		long start = System.nanoTime();
		long end = start + this.settings.duration().toNanos();
		long settled = start + Math.min(Duration.ofMinutes(2).toNanos(), this.settings.duration().toNanos() / 2);
		long early = 0;
		long descriptors = 0;
		double direct = 0;
		while (System.nanoTime() - end < 0 && subject.isAlive()) {
			Thread.sleep(SAMPLES);
			ProcessFigures figures = subject.figures();
			direct = subject.actuator().scrape().value(DIRECT);
			descriptors = Math.max(descriptors, figures.descriptors());
			if (early == 0 || System.nanoTime() - settled < 0) {
				early = Math.max(early, figures.residentBytes());
				this.earlyDirect = Math.max(this.earlyDirect, direct);
			}
			System.out.printf(Locale.ROOT,
					"%4d s: %d MB resident, %.1f MB direct, %d descriptors, %d threads, %.1f s CPU%n",
					(System.nanoTime() - start) / 1_000_000_000, figures.residentBytes() / MEGABYTE, direct / MEGABYTE,
					figures.descriptors(), figures.threads(), figures.cpu().toMillis() / 1e3);
		}
		this.verdict.note("most descriptors", "%d", descriptors);
		return early;
	}

	private void clients(Crowd crowd) {
		crowd.honest().forEach((server, tally) -> {
			this.verdict.check(tally.failures.sum() == 0 && tally.messages.sum() > 0, "honest clients of " + server,
					"%,d messages, %,d bytes, %d failures", tally.messages.sum(), tally.bytes.sum(),
					tally.failures.sum());
			this.verdict.note("latency of " + server, "mean %.1f ms, worst %.0f ms", tally.meanMillis(),
					tally.worstMillis());
		});
		crowd.hostile()
			.forEach((name, tally) -> this.verdict.check(tally.failures.sum() == 0 && tally.connections.sum() > 0,
					"attacks " + name, "%,d, %d of them with a wrong result", tally.connections.sum(),
					tally.failures.sum()));
		crowd.failures().forEach((failure) -> this.verdict.note("failure", "%s", failure));
	}

	/**
	 * Waits until the service has noticed that everybody has gone.
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

	private void resources(Subject subject, Scrape before, ProcessFigures baseline, long early) throws Exception {
		Thread.sleep(SAMPLES.multipliedBy(2));
		ProcessFigures start = subject.figures();
		Thread.sleep(SAMPLES);
		ProcessFigures end = subject.figures();
		this.verdict.atMost("CPU over 5 s of silence", "ms", 500, end.cpu().minus(start.cpu()).toMillis());
		this.verdict.atMost("descriptors, %d before".formatted(baseline.descriptors()), "",
				baseline.descriptors() + HTTP_CONNECTIONS, end.descriptors());
		Scrape after = awaitThreads(subject, before);
		this.verdict.atMost("live Java threads, %.0f before".formatted(before.value("jvm_threads_live_threads")), "",
				before.value("jvm_threads_live_threads") + HTTP_CONNECTIONS, after.value("jvm_threads_live_threads"));
		this.verdict.atMost(
				"direct memory, %.1f MB before, %.1f MB early on".formatted(before.value(DIRECT) / MEGABYTE,
						this.earlyDirect / MEGABYTE),
				"MB", this.earlyDirect / MEGABYTE + GROWTH_MEGABYTES, after.value(DIRECT) / MEGABYTE);
		this.verdict.atMost("resident memory, most was %d MB early on".formatted(early / MEGABYTE), "MB",
				early / (double) MEGABYTE + 32, end.residentBytes() / (double) MEGABYTE);
		this.verdict.note("CPU in all", "%.1f s", end.cpu().toMillis() / 1e3);
	}

	private void log(Subject subject) {
		SubjectLog log = subject.log();
		this.verdict.equal("lines at ERROR or of a stack trace", 0, log.errors());
		log.firstErrors().forEach((line) -> this.verdict.note("log", "%s", line));
		long seconds = this.settings.duration().toSeconds();
		this.verdict.atMost("log lines besides payloads, %,d bytes".formatted(log.bytes()), "", 100 + seconds * 5,
				log.lines());
		this.verdict.note("payloads logged", "%,d", log.payloads());
	}

}
