package dev.socketecho.transport.udp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.transport.address.IpBits;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link SourceRateLimiter}.
 */
class SourceRateLimiterTests {

	private static final IpBits SOURCE = IpBits.ofV4(0xc0000201);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // about to wrap

	@Test
	void letsOneSecondsWorthThroughAtOnce() {
		SourceRateLimiter limiter = limiter(10);
		assertThat(taken(limiter, SOURCE, 100)).isEqualTo(10);
	}

	@Test
	void refillsWithTime() {
		SourceRateLimiter limiter = limiter(10);
		taken(limiter, SOURCE, 100);
		this.clock.addAndGet(Duration.ofMillis(300).toNanos());
		assertThat(taken(limiter, SOURCE, 100)).isEqualTo(3);
		this.clock.addAndGet(Duration.ofHours(1).toNanos());
		assertThat(taken(limiter, SOURCE, 100)).isEqualTo(10);
	}

	@Test
	void keepsSourcesApart() {
		SourceRateLimiter limiter = limiter(10);
		taken(limiter, SOURCE, 100);
		assertThat(taken(limiter, IpBits.ofV4(0xc0000202), 100)).isEqualTo(10);
	}

	@Test
	void millionSourcesTakeNoMemoryAndHideNoOffender() {
		SourceRateLimiter limiter = limiter(10);
		taken(limiter, SOURCE, 100);
		int capacity = limiter.capacity();
		for (int i = 0; i < 1_000_000; i++) {
			assertThat(limiter.take(IpBits.ofV4(0x0a000000 + i))).isTrue();
		}
		assertThat(limiter.capacity()).isEqualTo(capacity).isLessThan(1_000_000);
		assertThat(limiter.take(SOURCE)).isFalse();
	}

	private SourceRateLimiter limiter(int perSecond) {
		return new SourceRateLimiter(perSecond, this.clock::get, 42);
	}

	private static int taken(SourceRateLimiter limiter, IpBits source, int attempts) {
		int taken = 0;
		for (int i = 0; i < attempts; i++) {
			taken += limiter.take(source) ? 1 : 0;
		}
		return taken;
	}

}
