package dev.socketecho.config;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Sizes and times of properties in the units of the settings. The properties' constraints
 * keep them within the range of an {@code int}.
 */
final class Units {

	private Units() {
	}

	static int bytes(DataSize size) {
		return Math.toIntExact(size.toBytes());
	}

	static @Nullable Integer bytesIfAny(@Nullable DataSize size) {
		return (size != null) ? bytes(size) : null;
	}

	/**
	 * Whole seconds, rounded up: 0 s of {@code SO_LINGER} is a reset, which nobody has
	 * asked for with half a second.
	 */
	static @Nullable Integer wholeSecondsIfAny(@Nullable Duration time) {
		return (time != null) ? Math.toIntExact(time.plusSeconds(1).minusNanos(1).toSeconds()) : null;
	}

}
