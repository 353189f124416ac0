package dev.socketecho.metrics;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * The buckets of round-trip times, from 50 µs (loopback) to 5 s (the default reply
 * timeout).
 */
final class RoundTripBuckets {

	private static final long[] MICROS = { 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000,
			250_000, 500_000, 1_000_000, 2_500_000, 5_000_000 };

	private RoundTripBuckets() {
	}

	static Duration[] all() {
		return LongStream.of(MICROS).mapToObj((micros) -> Duration.ofNanos(micros * 1_000)).toArray(Duration[]::new);
	}

}
