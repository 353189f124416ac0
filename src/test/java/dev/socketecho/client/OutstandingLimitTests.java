package dev.socketecho.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link OutstandingLimit}.
 */
class OutstandingLimitTests {

	private final OutstandingLimit limit = new OutstandingLimit();

	@Test
	void takesAsManyRequestsAsThereMayBe() {
		for (int i = 0; i < OutstandingLimit.REQUESTS; i++) {
			assertThat(this.limit.tryAcquire(0)).isTrue();
		}
		assertThat(this.limit.tryAcquire(0)).isFalse();
		assertThat(this.limit.requests()).isEqualTo(OutstandingLimit.REQUESTS);
		this.limit.release(0);
		assertThat(this.limit.tryAcquire(0)).isTrue();
	}

	@Test
	void takesNoMoreBytesThanThereMayBe() {
		int half = (int) (OutstandingLimit.BYTES / 2);
		assertThat(this.limit.tryAcquire(half)).isTrue();
		assertThat(this.limit.tryAcquire(half)).isTrue();
		assertThat(this.limit.tryAcquire(1)).isFalse();
		assertThat(this.limit.requests()).isEqualTo(2);
		this.limit.release(half);
		assertThat(this.limit.tryAcquire(half)).isTrue();
	}

	@Test
	void oneMessageMayBeLonger() {
		assertThat(this.limit.tryAcquire(Integer.MAX_VALUE)).isTrue();
		assertThat(this.limit.tryAcquire(1)).isFalse();
		this.limit.release(Integer.MAX_VALUE);
		assertThat(this.limit.requests()).isZero();
		assertThat(this.limit.tryAcquire(1)).isTrue();
	}

}
