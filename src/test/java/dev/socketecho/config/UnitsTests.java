package dev.socketecho.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UnitsTests {

	@ParameterizedTest
	@CsvSource({ "PT0S, 0", "PT0.000000001S, 1", "PT0.5S, 1", "PT1S, 1", "PT1.001S, 2", "PT18H12M15S, 65535" })
	void secondsAreRoundedUpSinceALingerOfZeroResets(Duration time, int seconds) {
		assertThat(Units.wholeSecondsIfAny(time)).isEqualTo(seconds);
	}

	@Test
	void whatIsNotSetStaysUnset() {
		assertThat(Units.wholeSecondsIfAny(null)).isNull();
		assertThat(Units.bytesIfAny(null)).isNull();
	}

}
