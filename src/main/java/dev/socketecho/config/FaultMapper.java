package dev.socketecho.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.socketecho.config.properties.FaultProperties;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.server.FaultSetting;
import dev.socketecho.transport.address.SourceFilter;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Creates faults from properties that were found to be right. What was not set has its
 * default here.
 */
final class FaultMapper {

	private static final DataSize BURST = DataSize.ofKilobytes(64);

	private FaultMapper() {
	}

	/**
	 * Creates the faults of a server.
	 * @param properties by name
	 * @param datagrams whether it is a UDP server
	 */
	static List<FaultSetting> settings(Map<String, FaultProperties> properties, boolean datagrams) {
		return properties.entrySet().stream().map((entry) -> {
			FaultProperties set = entry.getValue();
			boolean enabled = !Boolean.FALSE.equals(set.enabled());
			return new FaultSetting(entry.getKey(), FaultText.of(set),
					enabled ? fault(entry.getKey(), set, datagrams) : null);
		}).toList();
	}

	private static Fault fault(String name, FaultProperties properties, boolean datagrams) {
		return new Fault(name, effect(properties, datagrams), or(properties.direction(), Fault.Direction.OUTBOUND),
				or(properties.unit(), datagrams ? Fault.Unit.MESSAGE : Fault.Unit.CONNECTION), selection(properties));
	}

	private static Fault.Selection selection(FaultProperties properties) {
		return new Fault.Selection(or(properties.probability(), 1.0), or(properties.first(), 0L),
				or(properties.every(), 1L), properties.lifetime(), new SourceFilter(properties.sources(), List.of()),
				properties.seed());
	}

	private static FaultEffect effect(FaultProperties properties, boolean datagrams) {
		return switch (properties.type()) {
			case DELAY -> new FaultEffect.Delay(lateness(properties));
			case BANDWIDTH -> new FaultEffect.Bandwidth(Objects.requireNonNull(properties.rate()).toBytes(),
					datagrams || properties.scope() == FaultProperties.Scope.SERVER,
					or(properties.burst(), BURST).toBytes());
			case STALL -> new FaultEffect.Stall(trigger(properties));
			case SLICE -> new FaultEffect.Slice(Units.bytes(Objects.requireNonNull(properties.size())),
					Units.bytes(or(properties.sizeVariation(), DataSize.ofBytes(0))), lateness(properties));
			case CORRUPT -> new FaultEffect.Corrupt(or(properties.bytes(), 1));
			case CLOSE -> new FaultEffect.Close(trigger(properties));
			case RESET -> new FaultEffect.Reset(trigger(properties));
			case SLOW_CLOSE -> new FaultEffect.SlowClose(trigger(properties), lateness(properties));
			case DROP -> new FaultEffect.Drop();
			case DUPLICATE -> new FaultEffect.Duplicate(or(properties.count(), 1));
			case REORDER -> new FaultEffect.Reorder(lateness(properties));
		};
	}

	private static Lateness lateness(FaultProperties properties) {
		return new Lateness(or(properties.delay(), Duration.ZERO), or(properties.jitter(), Duration.ZERO),
				or(properties.distribution(), Lateness.Distribution.UNIFORM));
	}

	private static FaultEffect.Trigger trigger(FaultProperties properties) {
		return new FaultEffect.Trigger(or(properties.afterBytes(), DataSize.ofBytes(0)).toBytes(),
				or(properties.after(), Duration.ZERO));
	}

	private static <T> T or(@Nullable T value, T otherwise) {
		return (value != null) ? value : otherwise;
	}

}
