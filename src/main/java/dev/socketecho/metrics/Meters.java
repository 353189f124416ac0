package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Registers meters of the catalogue with the tags of one server, client or probe.
 * Recorders register all of theirs when they are created: a counter that appears with its
 * first event hides that event from Prometheus's {@code increase()}.
 */
final class Meters {

	/**
	 * The buckets of round-trip times, from 50 µs (loopback) to 5 s (the default reply
	 * timeout).
	 */
	private static final Duration[] ROUND_TRIPS = LongStream
		.of(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
				2_500_000, 5_000_000)
		.mapToObj((micros) -> Duration.ofNanos(micros * 1_000))
		.toArray(Duration[]::new);

	private final MeterRegistry registry;

	private final Tags tags;

	Meters(MeterRegistry registry, Tags tags) {
		this.registry = registry;
		this.tags = tags;
	}

	Counter counter(EchoMeter meter) {
		return counter(meter, Tags.empty());
	}

	/**
	 * Registers a counter for each value of a tag.
	 */
	<E extends Enum<E>> TaggedCounters<E> counters(EchoMeter meter, String tag, Set<E> values,
			Function<E, String> tagValue) {
		Map<E, Counter> counters = new EnumMap<>(values.iterator().next().getDeclaringClass());
		for (E value : values) {
			counters.put(value, counter(meter, Tags.of(tag, tagValue.apply(value))));
		}
		return new TaggedCounters<>(counters);
	}

	private Counter counter(EchoMeter meter, Tags more) {
		return Counter.builder(meter.meterName())
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

	/**
	 * Registers a counter that reads its count from an object. The registry does not keep
	 * the object alive.
	 */
	<T> FunctionCounter functionCounter(EchoMeter meter, Tags more, T counted, ToDoubleFunction<T> count) {
		return FunctionCounter.builder(meter.meterName(), counted, count)
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

	/**
	 * Registers a gauge that reads its value from an object. The registry keeps the
	 * object alive.
	 */
	<T> void gauge(EchoMeter meter, T gauged, ToDoubleFunction<T> value) {
		Gauge.builder(meter.meterName(), gauged, value)
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags)
			.strongReference(true)
			.register(this.registry);
	}

	/**
	 * Registers a timer without a histogram.
	 */
	Timer timer(EchoMeter meter) {
		return timerBuilder(meter).register(this.registry);
	}

	/**
	 * Registers a timer that reads its count and its sum from an object. The registry
	 * does not keep the object alive.
	 */
	<T> void functionTimer(EchoMeter meter, T timed, ToLongFunction<T> count, ToDoubleFunction<T> nanos) {
		FunctionTimer.builder(meter.meterName(), timed, count, nanos, TimeUnit.NANOSECONDS)
			.description(meter.description())
			.tags(this.tags)
			.register(this.registry);
	}

	/**
	 * Registers a timer with a histogram of round-trip times.
	 */
	Timer roundTripTimer(EchoMeter meter) {
		return timerBuilder(meter).serviceLevelObjectives(ROUND_TRIPS).register(this.registry);
	}

	private Timer.Builder timerBuilder(EchoMeter meter) {
		return Timer.builder(meter.meterName()).description(meter.description()).tags(this.tags);
	}

	/**
	 * One counter for each value of a tag.
	 */
	record TaggedCounters<E extends Enum<E>>(Map<E, Counter> counters) {

		/**
		 * Returns the counts that are not 0, by the lower-case name of the value, which
		 * is its tag.
		 */
		Map<String, Long> counts() {
			Map<String, Long> counts = new LinkedHashMap<>();
			this.counters.forEach((value, counter) -> {
				long count = (long) counter.count();
				if (count > 0) {
					counts.put(value.name().toLowerCase(Locale.ROOT), count);
				}
			});
			return counts;
		}

		void increment(E value) {
			Counter counter = this.counters.get(value);
			if (counter == null) {
				throw new IllegalArgumentException("no counter for " + value);
			}
			counter.increment();
		}

	}

}
