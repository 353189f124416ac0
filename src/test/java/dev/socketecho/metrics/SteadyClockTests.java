package dev.socketecho.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of {@link SteadyClock}.
 */
class SteadyClockTests {

	private static final long START = 1_700_000_000_000L;

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1);

	private final SteadyClock clock = new SteadyClock(START, this.nanoTime::get);

	@Test
	void startsWithTheWallClock() {
		assertThat(this.clock.wallTime()).isEqualTo(START);
		assertThat(new SteadyClock().wallTime()).isCloseTo(System.currentTimeMillis(),
				within(Duration.ofMinutes(1).toMillis()));
	}

	@Test
	void goesOnAsTimePasses() {
		this.nanoTime.addAndGet(Duration.ofMillis(1500).toNanos());
		assertThat(this.clock.wallTime()).isEqualTo(START + 1500);
		assertThat(this.clock.monotonicTime()).isEqualTo(this.nanoTime.get());
	}

	@Test
	void maximumGoesWhenTimeHasPassed() {
		MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(),
				this.clock);
		Timer timer = registry.timer("timer");
		timer.record(Duration.ofSeconds(2));
		this.nanoTime.addAndGet(Duration.ofSeconds(30).toNanos());
		assertThat(timer.max(TimeUnit.SECONDS)).isEqualTo(2);
		this.nanoTime.addAndGet(Duration.ofMinutes(3).toNanos());
		assertThat(timer.max(TimeUnit.SECONDS)).isZero();
	}

}
