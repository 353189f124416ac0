package dev.socketecho.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import dev.socketecho.app.Scrape;
import dev.socketecho.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;

/**
 * Runs honest and hostile clients against the packaged service, which has a heap of 64
 * MB, and changes its clock meanwhile. At the end it checks that the honest ones have
 * lost nothing, that the counters add up, and that the service holds no more resources
 * than before. Servers whose names begin with {@code calm-} are for honest clients only,
 * so that their counters can be compared with the number of bytes sent. Servers whose
 * names begin with {@code faulty-} commit faults; their clients check that these are the
 * ones that were set, and no others.
 * <p>
 * System properties: {@code soak.minutes} (10), {@code soak.transport} ({@code auto}),
 * {@code soak.jar}, {@code soak.options}, {@code soak.seed} (1), {@code soak.log}.
 */
public final class Soak {

	private static final Duration PAUSE = Duration.ofSeconds(5);

	/** Less than any jump of the clock. */
	private static final Duration BRIEF = Duration.ofHours(1);

	private final SoakSettings settings;

	private final Verdict verdict = new Verdict();

	private final X509Bundle briefCertificate;

	private Soak(SoakSettings settings) {
		this.settings = settings;
		this.briefCertificate = TestCertificates.INSTANCE.valid(BRIEF, settings.duration().plus(BRIEF));
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
			new HttpPhase(soak.settings, soak.verdict).run();
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
		Path build = Objects.requireNonNull(this.settings.log().toAbsolutePath().getParent());
		WallClock clock = WallClock.compile(build, directory);
		try (Outward outward = new Outward(this.briefCertificate)) {
			List<String> properties = new ArrayList<>(Roster.properties(directory));
			properties.addAll(outward.properties());
			Map<String, String> environment = (clock != null) ? clock.environment() : Map.of();
			try (Subject subject = Subject.start(this.settings, 0, this.settings.log(), properties, environment)) {
				mixed(subject, outward, (clock != null) ? new ClockJumps(subject, clock, this.briefCertificate) : null);
			}
		}
	}

	private void mixed(Subject subject, Outward outward, @Nullable ClockJumps jumps) throws Exception {
		warmUp(subject);
		Thread.sleep(PAUSE);
		Scrape before = subject.actuator().scrape();
		ProcessFigures baseline = subject.figures();
		Durations durations = new Durations();
		Crowd crowd = new Crowd(subject, this.settings.seed());
		HostileUdp udpFlood = new HostileUdp("datagram");
		HostileUdp faultyFlood = new HostileUdp(Faulty.FLOODED);
		Roster.admit(crowd, subject, udpFlood);
		Faulty.admit(crowd, subject, faultyFlood);
		crowd.start();
		outward.begin();
		Watch.Early early = watch(subject, durations, jumps);
		outward.checkPace(this.verdict);
		crowd.stop();
		this.verdict.check(subject.isAlive(), "the process lives", "%s", subject.isAlive());
		clients(crowd);
		Counters counters = new Counters(Aftermath.awaitEnd(subject));
		counters(counters, crowd, udpFlood, faultyFlood);
		durations.observe(counters.scrape());
		durations.check(this.verdict, counters, Roster.ECHOING);
		outward.checkCounters(this.verdict, counters, Objects.requireNonNull(crowd.honest().get(HonestEcho.SERVER)));
		if (jumps != null) {
			jumps.checkCounters(this.verdict, counters);
		}
		Aftermath aftermath = new Aftermath(subject, this.verdict);
		aftermath.resources(before, baseline, early);
		if (jumps != null) {
			jumps.checkMaximum(this.verdict);
		}
		aftermath.log();
		this.verdict.check(subject.actuator().get("health/readiness").statusCode() == 200, "still ready", "");
		int exit = subject.terminate();
		this.verdict.check(exit == 143, "exit code after SIGTERM", "%d", exit);
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
		for (Honest client : Faulty.honest(subject)) {
			if (!client.server().equals(Faulty.DATAGRAM)) {
				client.session(new Tally(), random);
			}
		}
		new HonestHttp(subject).session(new Tally(), random);
	}

	private Watch.Early watch(Subject subject, Durations durations, @Nullable ClockJumps jumps)
			throws IOException, InterruptedException {
		Watch watch = new Watch(subject, durations);
		Watch.Early early;
		if (jumps == null) {
			early = watch.watch(this.settings.duration());
			this.verdict.note("clock jumps", "not run: no C compiler (cc)");
		}
		else {
			Thread jumping = Thread.ofPlatform().daemon().start(() -> jumps.run(this.settings.duration()));
			early = watch.watch(this.settings.duration());
			jumping.join();
			jumps.check(this.verdict);
		}
		this.verdict.note("most descriptors", "%d", watch.descriptors());
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

	private void counters(Counters counters, Crowd crowd, HostileUdp udpFlood, HostileUdp faultyFlood) {
		Roster.ECHOING.forEach((server) -> counters.checkTcp(this.verdict, server, true));
		counters.checkTcp(this.verdict, "collect", false);
		Roster.ECHOING.stream()
			.filter((server) -> server.startsWith("calm-"))
			.forEach((server) -> counters.checkCalm(this.verdict, server, crowd.honest()));
		counters.checkCalm(this.verdict, "calm-datagram", crowd.honest());
		counters.checkFlooded(this.verdict, "datagram", udpFlood.sent());
		Faulty.TCP.forEach((server) -> counters.checkTcp(this.verdict, server, true));
		counters.checkFlooded(this.verdict, Faulty.FLOODED, faultyFlood.sent());
		FaultyUdp.check(this.verdict, counters, Objects.requireNonNull(crowd.honest().get(Faulty.DATAGRAM)));
		counters.checkIdleTimeouts(this.verdict);
	}

}
