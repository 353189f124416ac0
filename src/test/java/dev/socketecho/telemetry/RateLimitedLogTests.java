package dev.socketecho.telemetry;

import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests of {@link RateLimitedLog}, with a clock of their own.
 */
class RateLimitedLogTests {

	private static final long SECOND = 1_000_000_000L;

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND / 2);

	private final Log log = mock(Log.class);

	private final RateLimitedLog limited = new RateLimitedLog(this.log, this.clock::get);

	@Test
	void logsTheFirstAtOnce() {
		this.limited.warn("first");
		then(this.log).should().warn("first");
	}

	@Test
	void logsOneInOneSecondAndSaysHowManyWereNotLogged() {
		this.limited.warn("first");
		this.limited.warn("second");
		this.clock.addAndGet(SECOND - 1);
		this.limited.warn("third");
		this.clock.addAndGet(1);
		this.limited.warn("fourth");
		this.clock.addAndGet(SECOND);
		this.limited.warn("fifth");
		then(this.log).should().warn("first");
		then(this.log).should().warn("fourth (and 2 more before)");
		then(this.log).should().warn("fifth");
		Mockito.verifyNoMoreInteractions(this.log);
	}

	@Test
	void logsAgainAfterQuietHour() {
		this.limited.warn("first");
		this.clock.addAndGet(3600 * SECOND);
		this.limited.warn("second");
		then(this.log).should().warn("second");
	}

}
