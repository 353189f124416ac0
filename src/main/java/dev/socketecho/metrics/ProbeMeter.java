package dev.socketecho.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The meters of the probes, by Micrometer's names.
 */
enum ProbeMeter {

	UP("echo.probe.up", null, "Whether the last round was answered, 1 or 0"),

	RTT("echo.probe.rtt", null, "Time from sending a message to its reply"),

	CONNECT("echo.probe.connect", null, "Time to make a connection, with the lookup of the host"),

	JITTER("echo.probe.jitter", "seconds", "Smoothed difference between round trips (RFC 3550)"),

	SENT("echo.probe.sent", null, "Messages that were sent"),

	RECEIVED("echo.probe.received", null, "Replies that came in time, as they were sent"),

	LOST("echo.probe.lost", null, "Messages without a reply in time"),

	DUPLICATED("echo.probe.duplicated", null, "Replies that came again"),

	REORDERED("echo.probe.reordered", null, "Replies that came after one to a later message"),

	CORRUPTED("echo.probe.corrupted", null, "Replies that were not what was sent"),

	ERRORS("echo.probe.errors", null, "Rounds that failed, by class of error");

	private final String meterName;

	private final @Nullable String unit;

	private final String description;

	ProbeMeter(String meterName, @Nullable String unit, String description) {
		this.meterName = meterName;
		this.unit = unit;
		this.description = description;
	}

	String meterName() {
		return this.meterName;
	}

	@Nullable String unit() {
		return this.unit;
	}

	String description() {
		return this.description;
	}

}
