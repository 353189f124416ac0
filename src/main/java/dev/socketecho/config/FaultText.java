package dev.socketecho.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import dev.socketecho.config.properties.FaultProperties;

import org.springframework.util.unit.DataSize;

/**
 * Properties of faults as a user would write them, for {@code /actuator/faults} and the
 * log.
 */
final class FaultText {

	private static final String[] SIZES = { "B", "KB", "MB", "GB", "TB" };

	private static final String[] TIMES = { "ns", "us", "ms", "s", "m", "h", "d" };

	/** How much of each unit the next one has. */
	private static final int[] TIME_STEPS = { 1000, 1000, 1000, 60, 60, 24 };

	private FaultText() {
	}

	/**
	 * Returns the properties that were set, by their names in the configuration.
	 * @param fault the fault
	 */
	static Map<String, Object> of(FaultProperties fault) {
		Map<String, Object> text = new LinkedHashMap<>();
		fault.asSet().forEach((name, value) -> text.put(name, text(value)));
		return text;
	}

	/**
	 * Returns the words that a property may be.
	 * @param type an enum, or the class of one of its constants
	 */
	static String words(Class<?> type) {
		return Arrays.stream(type.getEnumConstants()).map(FaultText::word).collect(Collectors.joining(", "));
	}

	private static String word(Object constant) {
		return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Object text(Object value) {
		return switch (value) {
			case Duration time -> time(time.toNanos());
			case DataSize size -> size(size.toBytes());
			case Enum<?> constant -> word(constant);
			case List<?> list -> list.stream().map(Object::toString).toList();
			default -> value;
		};
	}

	private static String size(long bytes) {
		int unit = 0;
		for (; bytes != 0 && bytes % 1024 == 0 && unit < SIZES.length - 1; bytes /= 1024) {
			unit++;
		}
		return bytes + SIZES[unit];
	}

	private static String time(long nanos) {
		if (nanos == 0) {
			return "0s";
		}
		int unit = 0;
		while (unit < TIME_STEPS.length && nanos % TIME_STEPS[unit] == 0) {
			nanos /= TIME_STEPS[unit++];
		}
		return nanos + TIMES[unit];
	}

}
