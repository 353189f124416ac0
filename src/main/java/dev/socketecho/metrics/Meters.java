package dev.socketecho.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of one server, client or probe: those of the catalogue, under its tags. They
 * exist, at zero, from when they are made here: a counter that appears with its first
 * event hides that event from {@code increase()}.
 */
final class Meters {

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
	 * Makes a counter for each of a tag's values.
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
	 * Makes a counter of what counts by itself; the registry does not keep it alive.
	 */
	<T> void functionCounter(EchoMeter meter, Tags more, T counted, ToDoubleFunction<T> count) {
		FunctionCounter.builder(meter.meterName(), counted, count)
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

	<T> void gauge(EchoMeter meter, T gauged, ToDoubleFunction<T> value) {
		Gauge.builder(meter.meterName(), gauged, value)
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags)
			.strongReference(true)
			.register(this.registry);
	}

	/**
	 * Makes a timer without a histogram.
	 */
	Timer timer(EchoMeter meter) {
		return timerBuilder(meter).register(this.registry);
	}

	/**
	 * Makes a timer with a histogram fit for round trips.
	 */
	Timer roundTripTimer(EchoMeter meter) {
		return timerBuilder(meter).serviceLevelObjectives(RoundTripBuckets.all()).register(this.registry);
	}

	private Timer.Builder timerBuilder(EchoMeter meter) {
		return Timer.builder(meter.meterName()).description(meter.description()).tags(this.tags);
	}

	/**
	 * One counter for each of a tag's values.
	 */
	record TaggedCounters<E extends Enum<E>>(Map<E, Counter> counters) {

		void increment(E value) {
			Counter counter = this.counters.get(value);
			if (counter == null) {
				throw new IllegalArgumentException("no counter for " + value);
			}
			counter.increment();
		}

	}

}
