package dev.socketecho.web;

import java.util.HashMap;
import java.util.Map;

import dev.socketecho.metrics.TrafficFigures;

/**
 * Makes rates of counts that are read again and again. Used on one thread.
 */
final class Rates {

	private static final double NANOS_PER_SECOND = 1e9;

	/** After so long without a reading, rates would hide what is going on now. */
	private static final double MOST_SECONDS = 5;

	private final Map<String, Reading> before = new HashMap<>();

	/**
	 * Adds what was counted, and the rates since the reading before if there was one a
	 * short time ago.
	 * @param entry where to add
	 * @param figures what was counted so far
	 * @param nanos when it was read
	 */
	void add(Map<String, Object> entry, TrafficFigures figures, long nanos) {
		entry.put("receivedBytes", figures.receivedBytes());
		entry.put("receivedMessages", figures.receivedMessages());
		entry.put("sentBytes", figures.sentBytes());
		entry.put("sentMessages", figures.sentMessages());
		entry.put("errors", figures.errors());
		Reading old = this.before.put((String) entry.get(StatusReport.Section.KEY), new Reading(figures, nanos));
		double seconds = (old != null) ? (nanos - old.nanos) / NANOS_PER_SECOND : 0;
		if (old == null || seconds <= 0 || seconds > MOST_SECONDS) {
			return;
		}
		TrafficFigures last = old.figures;
		entry.put("rates",
				Map.of("receivedBytes", rate(last.receivedBytes(), figures.receivedBytes(), seconds),
						"receivedMessages", rate(last.receivedMessages(), figures.receivedMessages(), seconds),
						"sentBytes", rate(last.sentBytes(), figures.sentBytes(), seconds), "sentMessages",
						rate(last.sentMessages(), figures.sentMessages(), seconds)));
	}

	private static long rate(long before, long now, double seconds) {
		return Math.round((now - before) / seconds);
	}

	private record Reading(TrafficFigures figures, long nanos) {
	}

}
