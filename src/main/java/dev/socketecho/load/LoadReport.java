package dev.socketecho.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is and what it has measured, without its warm-up. Once it has ended,
 * {@code received}, {@code lost} and {@code corrupted} are together the number of
 * messages that were due.
 *
 * @param client the client's name
 * @param transport {@code tcp} or {@code udp}
 * @param state the state, in lower case
 * @param rateAsked the rate in messages a second, {@code null} if none was asked for
 * @param rateReached replies a second that came in time and were right
 * @param connections how many connections
 * @param outstanding how many messages each connection keeps under way without a rate
 * @param payloadSize the length of a message, in bytes
 * @param duration how long messages are sent that count
 * @param warmUp how long messages are sent before
 * @param elapsedSeconds how much of {@code duration} is over, in seconds
 * @param sent messages that were handed to a socket
 * @param received replies that came in time and equal their messages
 * @param lost messages without a reply in time, and those that could not be sent
 * @param corrupted replies that differ from their messages
 * @param errors how often what went wrong, by the names of socket errors
 * @param bytes bytes of the messages that were received
 * @param latency how long replies took, {@code null} if there are none
 * @param histogram the same, as counts
 * @param connect how long connecting took, before the warm-up too; {@code null} if no
 * connection was made
 * @param scheduleLagMicros 99 of 100 messages of the schedule were handed to a socket at
 * most so much later than due, in µs; {@code null} without a rate
 */
public record LoadReport(String client, String transport, String state, @Nullable Integer rateAsked, double rateReached,
		int connections, int outstanding, int payloadSize, String duration, String warmUp, double elapsedSeconds,
		long sent, long received, long lost, long corrupted, Map<String, Long> errors, long bytes,
		@Nullable Times latency, List<Bucket> histogram, @Nullable Times connect, @Nullable Double scheduleLagMicros) {

	private static final double NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	/** A tenth of a power of ten, so that there are at most 97 buckets up to an hour. */
	private static final double BUCKET_BASE = Math.pow(10, 0.1);

	/**
	 * Returns whether the run has ended.
	 * @return whether the figures are final
	 */
	public boolean hasEnded() {
		return Arrays.stream(LoadState.values()).anyMatch((each) -> each.isEnd() && each.value().equals(this.state));
	}

	static LoadReport of(String client, String transport, LoadState state, LoadSettings settings, long measuredNanos,
			LoadFigures figures) {
		Map<String, Long> errors = new LinkedHashMap<>();
		figures.errors().forEach((error, times) -> errors.put(error.tag(), times));
		double seconds = measuredNanos / NANOS_PER_SECOND;
		return new LoadReport(client, transport, state.value(), settings.rate(),
				(measuredNanos > 0) ? figures.messagesReceived() / seconds : 0, settings.connections(),
				settings.outstanding(), settings.payloadSize(), LoadLimits.text(settings.duration()),
				LoadLimits.text(settings.warmUp()), seconds, figures.messagesSent(), figures.messagesReceived(),
				figures.messagesLost(), figures.messagesCorrupted(), errors,
				figures.messagesReceived() * settings.payloadSize(), Times.of(figures.latency()),
				buckets(figures.latency()), Times.of(figures.connects()),
				(figures.lag().getTotalCount() > 0) ? micros(figures.lag().getValueAtPercentile(99)) : null);
	}

	private static List<Bucket> buckets(Histogram histogram) {
		List<Bucket> buckets = new ArrayList<>();
		for (HistogramIterationValue step : histogram.logarithmicBucketValues((long) NANOS_PER_MICRO, BUCKET_BASE)) {
			if (step.getCountAddedInThisIterationStep() > 0 || !buckets.isEmpty()) {
				buckets.add(new Bucket(micros(step.getValueIteratedTo()), step.getCountAddedInThisIterationStep()));
			}
		}
		return buckets;
	}

	private static double micros(long nanos) {
		return nanos / NANOS_PER_MICRO;
	}

	/**
	 * What a histogram shows of times. Values have three significant digits.
	 *
	 * @param minMicros the shortest, in µs
	 * @param meanMicros the mean, in µs
	 * @param p50Micros the median, in µs
	 * @param p75Micros 75 of 100 are at most so long, in µs
	 * @param p90Micros 90 of 100 are at most so long, in µs
	 * @param p99Micros 99 of 100 are at most so long, in µs
	 * @param p999Micros 999 of 1,000 are at most so long, in µs
	 * @param p9999Micros 9,999 of 10,000 are at most so long, in µs
	 * @param maxMicros the longest, in µs
	 */
	public record Times(double minMicros, double meanMicros, double p50Micros, double p75Micros, double p90Micros,
			double p99Micros, double p999Micros, double p9999Micros, double maxMicros) {

		static @Nullable Times of(Histogram times) {
			if (times.getTotalCount() == 0) {
				return null;
			}
			return new Times(micros(times.getMinValue()), times.getMean() / NANOS_PER_MICRO, at(times, 50),
					at(times, 75), at(times, 90), at(times, 99), at(times, 99.9), at(times, 99.99),
					micros(times.getMaxValue()));
		}

		private static double at(Histogram times, double percentile) {
			return micros(times.getValueAtPercentile(percentile));
		}

	}

	/**
	 * How many replies took how long.
	 *
	 * @param toMicros longer than the bucket before, and at most so long, in µs
	 * @param count how many replies
	 */
	public record Bucket(double toMicros, long count) {
	}

}
