package dev.socketecho.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogRateLimiterTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);

	private final LogRateLimiter rate = new LogRateLimiter(3, this.now::get);

	@Test
	void admitsSoManyASecond() {
		assertThat(admitted(10)).isEqualTo(3);
		this.now.addAndGet(LogRateLimiter.SECOND - 1);
		assertThat(admitted(10)).isZero();
		this.now.addAndGet(1);
		assertThat(admitted(10)).isEqualTo(3);
	}

	@Test
	void whatOneSecondLeavesIsNotForTheNext() {
		assertThat(admitted(1)).isEqualTo(1);
		this.now.addAndGet(10 * LogRateLimiter.SECOND);
		assertThat(admitted(10)).isEqualTo(3);
	}

	@Test
	void admitsSoManyFromAllThreadsTogether() {
		assertThat(IntStream.range(0, 10_000).parallel().filter((_) -> this.rate.admits()).count()).isEqualTo(3);
	}

	@Test
	void countsTheOthersUntilTheyAreTaken() {
		assertThat(this.rate.takeRefused()).isZero();
		assertThat(this.rate.countRefused()).isTrue();
		assertThat(this.rate.countRefused()).isFalse();
		assertThat(this.rate.takeRefused()).isEqualTo(2);
		assertThat(this.rate.countRefused()).isTrue();
	}

	private long admitted(int asked) {
		return IntStream.range(0, asked).filter((_) -> this.rate.admits()).count();
	}

}
