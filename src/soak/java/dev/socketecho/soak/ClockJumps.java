package dev.socketecho.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.pkitesting.X509Bundle;

/**
 * Sets the service's wall clock forwards and backwards by hours while all clients run.
 */
final class ClockJumps {

	/**
	 * How far ahead the clock is, in hours and the length of the soak: a certificate that
	 * is valid throughout is not after a jump, whenever that is. The last jump is back to
	 * where it was.
	 */
	private static final int[] HOURS = { -6, 6, -9, 9, -3, 12, 0 };

	private static final Duration MOST_PAUSE = Duration.ofSeconds(10);

	/** A maximum is of the last three minutes. */
	private static final Duration MAXIMA = Duration.ofMinutes(4);

	private final Subject subject;

	private final ClockJump jump;

	private final List<String> failures = new ArrayList<>();

	private int seen;

	private double max;

	private long ended;

	/**
	 * Creates an instance.
	 * @param subject whose clock is set
	 * @param clock its clock
	 * @param certificate that is valid throughout by the right time, and for less than
	 * the jumps besides
	 */
	ClockJumps(Subject subject, WallClock clock, X509Bundle certificate) {
		this.subject = subject;
		this.jump = new ClockJump(subject, clock, certificate, this.failures);
	}

	/**
	 * Makes all of the jumps.
	 * @param duration over which they are spread
	 */
	void run(Duration duration) {
		long start = System.nanoTime();
		this.subject.log().provoked().restart();
		try {
			this.jump.checkCertificate("before: ", true);
			for (int i = 0; i < HOURS.length; i++) {
				long due = start + duration.toNanos() * (i + 1) / (HOURS.length + 1);
				Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
				String name = "%+d h: ".formatted(HOURS[i]);
				Duration ahead = Duration.ofHours(HOURS[i]).plus(duration.multipliedBy(Integer.signum(HOURS[i])));
				this.seen += this.jump.make(name, ahead) ? 1 : 0;
				this.jump.checkCertificate(name, HOURS[i] == 0);
			}
		}
		catch (Exception ex) {
			this.failures.add(ex.toString());
		}
		this.ended = System.nanoTime();
		this.max = max();
	}

	/**
	 * The results of the jumps, taken while all clients are still connected.
	 */
	void check(Verdict verdict) {
		verdict.check(this.seen == HOURS.length, "clock jumps, to hours ahead: " + Arrays.toString(HOURS), "%d of %d",
				this.seen, HOURS.length);
		verdict.equal("clock jumps: things that went wrong", 0, this.failures.size());
		this.failures.forEach((failure) -> verdict.note("clock jump", "%s", failure));
		this.subject.log()
			.provoked()
			.check(verdict, "clock jumps: warnings for which there is always a reason", MOST_PAUSE);
	}

	/**
	 * The service's counters.
	 */
	void checkCounters(Verdict verdict, Counters counters) {
		ClockJump.SERVERS.forEach((server) -> counters.checkTcp(verdict, server, true));
		refused(verdict, counters, "certificate_expired", IntStream.of(HOURS).filter((hours) -> hours > 0).count());
		refused(verdict, counters, "certificate_untrusted", IntStream.of(HOURS).filter((hours) -> hours < 0).count());
	}

	private static void refused(Verdict verdict, Counters counters, String error, long expected) {
		String label = "error=" + error;
		verdict.equal("clock jumps: " + error, expected,
				counters.labelled("echo_errors_total", "server=" + ClockJump.MUTUAL, label));
		long rounds = counters.labelled("echo_probe_errors_total", "probe=" + Outward.BRIEF, label);
		verdict.check(rounds >= expected, "clock jumps: " + error + ", rounds of a probe", "%d (at least %d)", rounds,
				expected);
	}

	/**
	 * Checks that a maximum from before the clock was set back expires in time.
	 */
	void checkMaximum(Verdict verdict) throws InterruptedException {
		double now = max();
		while (now > 0 && System.nanoTime() - this.ended < MAXIMA.toNanos()) {
			Thread.sleep(Duration.ofSeconds(1));
			now = max();
		}
		verdict.check(this.max > 0 && now == 0, "clock jumps: a maximum, and 4 minutes later", "%.3f s, %.3f s",
				this.max, now);
	}

	private double max() {
		return this.subject.actuator().scrape().value("echo_connection_duration_seconds_max", ClockJump.LONE, "");
	}

}
