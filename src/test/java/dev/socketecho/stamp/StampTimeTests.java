package dev.socketecho.stamp;

import java.time.Instant;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of {@link StampTime} and {@link ErrorEstimate}.
 */
class StampTimeTests {

	private static final long YEARS_60 = 60L * 365 * 86400 * 1_000_000_000;

	@ParameterizedTest
	@CsvSource({ "1900-01-01T00:00:00Z,0", "1970-01-01T00:00:00Z,83aa7e8000000000",
			"1970-01-01T00:00:00.5Z,83aa7e8080000000", "2036-02-07T06:28:15.999999999Z,fffffffffffffffb",
			"2036-02-07T06:28:16Z,0" })
	void timestampIsThatOfNtp(Instant time, String timestamp) {
		long nanos = time.getEpochSecond() * 1_000_000_000 + time.getNano();
		assertThat(Long.toHexString(StampTime.toNtp(nanos))).isEqualTo(timestamp);
	}

	@Test
	void readsEachTimeThatItWrites() {
		Random random = new Random(18);
		for (int i = 0; i < 10_000; i++) {
			// 1970 to 2116: past the wrap-around of 2036
			long nanos = random.nextLong(146L * 365 * 86400 * 1_000_000_000);
			long near = nanos + random.nextLong(-YEARS_60, YEARS_60);
			assertThat(StampTime.toNanos(StampTime.toNtp(nanos), false, near)).as("%d near %d", nanos, near)
				.isEqualTo(nanos);
			long ptp = ((nanos / 1_000_000_000) << 32) | (nanos % 1_000_000_000);
			assertThat(StampTime.toNanos(ptp, true, near)).as("PTP %d near %d", nanos, near).isEqualTo(nanos);
		}
	}

	@Test
	void nowIsTheWallClocksTime() {
		assertThat(StampTime.now() / 1_000_000).isCloseTo(System.currentTimeMillis(), within(60_000L));
	}

	@Test
	void errorEstimateSaysWhetherTheClockIsSynchronised() {
		assertThat(ErrorEstimate.of(false)).isEqualTo(1);
		assertThat(ErrorEstimate.isSynchronized(ErrorEstimate.of(false))).isFalse();
		assertThat(ErrorEstimate.isSynchronized(ErrorEstimate.of(true))).isTrue();
		assertThat(ErrorEstimate.isPtp(ErrorEstimate.of(true))).isFalse();
		assertThat(ErrorEstimate.isPtp(0x4001)).isTrue();
	}

	@Test
	void errorIsMultiplierTimesScale() {
		// RFC 4656, 4.1.2
		assertThat(ErrorEstimate.seconds(ErrorEstimate.of(true))).isCloseTo(0.001, within(0.0001));
		assertThat(ErrorEstimate.seconds((32 << 8) | 3)).isEqualTo(3);
		assertThat(ErrorEstimate.seconds(0xff00)).isZero();
	}

}
