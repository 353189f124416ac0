package dev.socketecho.soak;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the service logs, counted. Payloads, which two of the default servers log, are
 * counted apart.
 */
final class SubjectLog {

	private static final Pattern LEVEL = Pattern
		.compile("^(\\d{4}-\\d\\d-\\d\\dT\\S+) +(TRACE|DEBUG|INFO|WARN|ERROR) ");

	private static final Pattern SECOND = Pattern.compile("^(\\S{19})\\S* +WARN .*? : (Server '\\S+' \\S+ \\S+)");

	/** What {@link HostileTcp#UNWELCOME} makes the service log all the time. */
	private static final String PROVOKED = "Server 'denied' turned a connection";

	private static final int KEPT = 20;

	private final List<String> bad = new ArrayList<>();

	private final Map<String, Integer> warningsBySecond = new TreeMap<>();

	private Duration ahead = Duration.ZERO;

	private final Pace provoked = new Pace();

	private long lines;

	private long payloads;

	private long warned;

	private long errors;

	private long bytes;

	synchronized void add(String line) {
		Matcher level = LEVEL.matcher(line);
		boolean begins = level.find();
		if (begins) {
			this.ahead = Duration.between(Instant.now(), OffsetDateTime.parse(level.group(1)).toInstant());
		}
		if (line.contains(PROVOKED)) {
			this.provoked.beat();
		}
		if (begins && line.contains(" : Read ") && line.contains(" bytes from socket ")) {
			this.payloads++;
			return;
		}
		this.lines++;
		this.bytes += line.length() + 1L;
		if (!begins || "ERROR".equals(level.group(2))) {
			this.errors++;
			if (this.bad.size() < KEPT) {
				this.bad.add(line);
			}
		}
		else if ("WARN".equals(level.group(2))) {
			this.warned++;
			Matcher second = SECOND.matcher(line);
			if (second.find()) {
				this.warningsBySecond.merge(second.group(1) + " " + second.group(2), 1, Integer::sum);
			}
		}
	}

	/**
	 * Lines at ERROR, and those that begin with no level: stack traces, the messages of a
	 * JVM that crashes.
	 */
	synchronized long errors() {
		return this.errors;
	}

	/**
	 * The first of {@link #errors()}.
	 */
	synchronized List<String> firstErrors() {
		return List.copyOf(this.bad);
	}

	/**
	 * By how much the time of the last line was ahead of this process's.
	 */
	synchronized Duration ahead() {
		return this.ahead;
	}

	/**
	 * How often the expected warning is logged.
	 */
	Pace provoked() {
		return this.provoked;
	}

	synchronized long warned() {
		return this.warned;
	}

	/**
	 * The most lines at WARN of one kind and server within one second of the log.
	 */
	synchronized int mostWarningsInASecond() {
		return this.warningsBySecond.values().stream().mapToInt(Integer::intValue).max().orElse(0);
	}

	synchronized long lines() {
		return this.lines;
	}

	synchronized long bytes() {
		return this.bytes;
	}

	synchronized long payloads() {
		return this.payloads;
	}

}
