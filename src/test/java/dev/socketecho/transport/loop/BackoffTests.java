package dev.socketecho.transport.loop;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link Backoff}.
 */
class BackoffTests {

	private final Backoff backoff = new Backoff();

	@Test
	void firstAttemptIsAtOnce() {
		assertThat(this.backoff.delay()).isZero();
	}

	@Test
	void delaysDoubleUpToFiveSeconds() {
		for (int longest : new int[] { 100, 200, 400, 800, 1600, 3200, 5000, 5000 }) {
			this.backoff.failed();
			assertThat(this.backoff.delay()).isBetween(Duration.ofMillis(longest / 2), Duration.ofMillis(longest));
		}
	}

	@Test
	void staysAtFiveSecondsHoweverOftenItFails() {
		for (int i = 0; i < 10_000; i++) {
			this.backoff.failed();
		}
		assertThat(this.backoff.delay()).isBetween(Duration.ofMillis(2500), Duration.ofMillis(5000));
	}

	@Test
	void beginsAgainOnceItWorks() {
		this.backoff.failed();
		this.backoff.failed();
		this.backoff.reset();
		assertThat(this.backoff.delay()).isZero();
		this.backoff.failed();
		assertThat(this.backoff.delay()).isLessThanOrEqualTo(Duration.ofMillis(100));
	}

}
