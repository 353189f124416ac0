package dev.socketecho.config;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Converts sizes and times of properties to the units of settings. The constraints of the
 * properties keep the results within the range of an {@code int}.
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
	 * Returns whole seconds, rounded up: {@code SO_LINGER} of 0 s resets connections,
	 * which is not what half a second means.
	 */
	static @Nullable Integer wholeSecondsIfAny(@Nullable Duration time) {
		return (time != null) ? Math.toIntExact(time.plusSeconds(1).minusNanos(1).toSeconds()) : null;
	}

}
