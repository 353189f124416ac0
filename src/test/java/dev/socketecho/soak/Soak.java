package dev.socketecho.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

import dev.socketecho.app.Scrape;
import dev.socketecho.codec.Framing;
import dev.socketecho.soak.HonestTcp.Manner;
import dev.socketecho.testing.CertificateFiles;
import dev.socketecho.testing.TestCertificates;

import javax.net.ssl.SSLContext;

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

	private static final List<String> ECHOING = List.of("stream", "line", "message", "frames", "stx", "tls", "proxy",
			"limited", "idle", "calm-stream", "calm-line", "calm-frames", "calm-stx", "calm-tls", "calm-proxy");

	private static final Duration SAMPLES = Duration.ofSeconds(5);

	private static final int CALM_CLIENTS = 6;

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
		try (Subject subject = Subject.start(this.settings, 0, this.settings.log(), properties(directory))) {
			warmUp(subject);
			Thread.sleep(SAMPLES);
			Scrape before = subject.actuator().scrape();
			ProcessFigures baseline = subject.figures();
			Crowd crowd = new Crowd(subject, this.settings.seed());
			HostileUdp udpFlood = new HostileUdp();
			admit(crowd, subject, udpFlood);
			crowd.start();
			long early = watch(subject);
			crowd.stop();
			this.verdict.check(subject.isAlive(), "the process lives", "%s", subject.isAlive());
			clients(crowd);
			Counters counters = new Counters(awaitEnd(subject));
			ECHOING.forEach((server) -> counters.checkTcp(this.verdict, server, true));
			counters.checkTcp(this.verdict, "collect", false);
			ECHOING.stream()
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

	private static List<String> properties(Path directory) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		List<String> properties = new ArrayList<>(
				new CertificateFiles(directory).pem("soak", certificates.server, certificates.authority));
		for (String server : ECHOING) {
			properties.add("echo.tcp.servers." + server + ".port=0");
		}
		properties.addAll(List.of("echo.tcp.servers.collect.port=0", "echo.udp.servers.datagram.port=0",
				"echo.udp.servers.calm-datagram.port=0", "echo.tcp.servers.frames.framing=length-4",
				"echo.tcp.servers.frames.max-message-size=64KB", "echo.tcp.servers.stx.framing=stx-etx",
				"echo.tcp.servers.tls.framing=line", "echo.tcp.servers.tls.ssl.bundle=soak",
				"echo.tcp.servers.proxy.framing=line", "echo.tcp.servers.proxy.proxy-protocol=true",
				"echo.tcp.servers.limited.max-connections=50", "echo.tcp.servers.limited.max-accepts-per-second=400",
				"echo.tcp.servers.idle.idle-timeout=2s", "echo.tcp.servers.calm-line.framing=line",
				"echo.tcp.servers.calm-frames.framing=length-4", "echo.tcp.servers.calm-stx.framing=stx-etx",
				"echo.tcp.servers.calm-tls.framing=line", "echo.tcp.servers.calm-tls.ssl.bundle=soak",
				"echo.tcp.servers.calm-proxy.framing=line", "echo.tcp.servers.calm-proxy.proxy-protocol=true"));
		return properties;
	}

	private static void admit(Crowd crowd, Subject subject, HostileUdp udpFlood) throws Exception {
		honest(subject).forEach((client) -> crowd.add(client, client.server().startsWith("calm-") ? CALM_CLIENTS : 2));
		crowd.add(new HonestHttp(subject), 1);
		for (Hostile client : HostileTcp.values()) {
			crowd.add(client, 2);
		}
		crowd.add(HostileTcp.SLOW_WRITER, CALM_CLIENTS);
		crowd.add(HostileTcp.SLOW_READER, CALM_CLIENTS);
		crowd.add(HostileTcp.SILENT, CALM_CLIENTS);
		crowd.add(udpFlood, 1);
	}

	private static List<Honest> honest(Subject subject) throws Exception {
		List<Honest> clients = new ArrayList<>();
		SSLContext tls = TestCertificates.INSTANCE.clientContext(null);
		for (String prefix : List.of("", "calm-")) {
			clients.add(tcp(subject, prefix + "stream", Framing.NONE, Manner.ECHO));
			clients.add(tcp(subject, prefix + "line", Framing.LINE, Manner.ECHO));
			clients.add(tcp(subject, prefix + "frames", Framing.LENGTH_4, Manner.ECHO));
			clients.add(tcp(subject, prefix + "stx", Framing.STX_ETX, Manner.ECHO));
			clients.add(tcp(subject, prefix + "proxy", Framing.LINE, Manner.PROXY));
			clients.add(new HonestTcp(prefix + "tls", subject.port(prefix + "tls"), Framing.LINE, Manner.ECHO, tls));
		}
		clients.add(tcp(subject, "message", Framing.DELIMITER, Manner.ONE_MESSAGE));
		clients.add(tcp(subject, "collect", Framing.UNTIL_CLOSE, Manner.COLLECT));
		clients.add(new HonestUdp("calm-datagram", subject.port("calm-datagram")));
		return clients;
	}

	private static Honest tcp(Subject subject, String server, Framing framing, Manner manner) {
		return new HonestTcp(server, subject.port(server), framing, manner, null);
	}

	/**
	 * Lets the service load what it needs for each kind of client, beside the calm
	 * servers, whose counters start with the soak.
	 */
	private void warmUp(Subject subject) throws Exception {
		Random random = new Random(this.settings.seed());
		for (Honest client : honest(subject)) {
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
