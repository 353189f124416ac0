package dev.socketecho.soak;

import java.time.Duration;
import java.util.List;

import dev.socketecho.app.Scrape;

/**
 * What the service says about how long things took. Nothing takes longer than the soak,
 * or less than no time.
 */
final class Durations {

	private final long began = System.nanoTime();

	private double longest;

	private String longestOf = "none";

	private double least;

	/**
	 * Checks the maxima, which are kept for some minutes, and the totals.
	 */
	void observe(Scrape scrape) {
		scrape.samples().forEach((series, value) -> {
			String name = series.replaceFirst("\\{.*", "");
			boolean single = name.endsWith("_seconds_max") || name.endsWith("_jitter_seconds");
			if (!name.startsWith("echo_") || !(single || name.endsWith("_seconds_sum"))) {
				return;
			}
			this.least = Math.min(this.least, value);
			if (single && value > this.longest) {
				this.longest = value;
				this.longestOf = name;
			}
		});
	}

	/**
	 * Compares them with how long the soak has taken. A time that is less than 0 is not
	 * recorded by a timer, hence the counts.
	 */
	void check(Verdict verdict, Counters counters, List<String> servers) {
		double seconds = Duration.ofNanos(System.nanoTime() - this.began).toMillis() / 1e3;
		verdict.check(this.least >= 0, "durations: the least of any meter", "%.1f s", this.least);
		verdict.check(this.longest > 0 && this.longest <= seconds, "durations: the longest of any meter",
				"%.1f s, %s (at most %.1f)", this.longest, this.longestOf, seconds);
		for (String server : servers) {
			long closed = counters.sum("echo_connections_closed_total", server);
			long timed = counters.sum("echo_connection_duration_seconds_count", server);
			if (timed != closed) {
				verdict.equal(server + ": connections with a duration", closed, timed);
			}
			double sum = counters.scrape().value("echo_connection_duration_seconds_sum", server, "");
			if (server.startsWith("calm-")) {
				verdict.atMost(server + ": durations in all", "s", Roster.CALM_CLIENTS * seconds, sum);
			}
		}
	}

}
