package dev.socketecho.load;

import java.time.Duration;

/**
 * The limits of load runs, {@code echo.load.max-*}.
 *
 * @param duration longest {@code duration}, and longest {@code warmUp}
 * @param connections most connections
 * @param rate highest rate, in messages a second
 * @param outstanding most outstanding messages of one connection
 * @param outstandingBytes most bytes of outstanding messages of all connections
 */
public record LoadLimits(Duration duration, int connections, int rate, int outstanding, long outstandingBytes) {

	/** Eight bytes are kept for each message without a reply. */
	private static final long MOST_WAITING = 1 << 20;

	/**
	 * The defaults.
	 */
	public static final LoadLimits DEFAULTS = new LoadLimits(Duration.ofMinutes(10), 1000, 1_000_000, 1024,
			64 * 1024 * 1024);

	/**
	 * Checks what is asked for.
	 * @param asked the settings of a run
	 * @throws IllegalArgumentException if a setting is out of range; the message names
	 * it, its value and what is expected
	 */
	public void check(LoadSettings asked) {
		if (asked.rate() != null) {
			check("rate", asked.rate(), 1, this.rate);
		}
		check("connections", asked.connections(), 1, this.connections);
		check("outstanding", asked.outstanding(), 1, this.outstanding);
		long most = this.outstandingBytes / asked.connections() / asked.outstanding();
		check("payloadSize", asked.payloadSize(), 1, Math.max(1, most));
		check("duration", asked.duration(), Duration.ofMillis(1), this.duration);
		check("warmUp", asked.warmUp(), Duration.ZERO, this.duration);
	}

	/**
	 * How many messages of one connection may be without a reply when a rate is kept,
	 * since the schedule does not wait for replies.
	 * @param asked the settings of a run
	 * @return a number of messages, at least {@code outstanding}
	 */
	int backlog(LoadSettings asked) {
		long most = Math.min(MOST_WAITING, this.outstandingBytes / asked.payloadSize()) / asked.connections();
		return (int) Math.max(asked.outstanding(), most);
	}

	private static void check(String name, long value, long least, long most) {
		if (value < least || value > most) {
			throw new IllegalArgumentException("%s: %d (expected: %d to %d)".formatted(name, value, least, most));
		}
	}

	private static void check(String name, Duration value, Duration least, Duration most) {
		if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
			throw new IllegalArgumentException(
					"%s: %s (expected: %s to %s)".formatted(name, text(value), text(least), text(most)));
		}
	}

	/**
	 * A duration as it is written in configuration: {@code 10m}.
	 */
	static String text(Duration duration) {
		if (duration.abs().toDays() > 1_000 || duration.getNano() % 1_000_000 != 0) {
			return duration.toString();
		}
		long millis = duration.toMillis();
		if (millis % 60_000 == 0 && millis != 0) {
			return millis / 60_000 + "m";
		}
		return (millis % 1_000 == 0) ? millis / 1_000 + "s" : millis + "ms";
	}

}
