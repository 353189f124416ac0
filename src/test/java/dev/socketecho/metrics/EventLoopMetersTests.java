package dev.socketecho.metrics;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link EventLoopMeters}.
 */
class EventLoopMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final EventLoops loops = new EventLoops(TransportType.NIO, 2, "test-io");

	@BeforeEach
	void bind() {
		new EventLoopMeters(this.loops.group()).bindTo(this.registry);
	}

	@AfterEach
	void close() {
		this.loops.close();
	}

	@Test
	void everyLoopHasMeters() {
		assertThat(this.registry.find("echo.event.loop.cpu").functionCounters())
			.extracting((meter) -> meter.getId().getTag("loop"))
			.containsExactlyInAnyOrder("0", "1");
		assertThat(this.registry.find("echo.event.loop.pending.tasks").gauges())
			.extracting((meter) -> meter.getId().getTag("loop"))
			.containsExactlyInAnyOrder("0", "1");
	}

	@Test
	void tasksBehindAnotherArePending() throws InterruptedException {
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		var loop = this.loops.group().iterator().next();
		loop.execute(() -> {
			started.countDown();
			awaitQuietly(release);
		});
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		for (int i = 0; i < 3; i++) {
			loop.execute(() -> {
			});
		}
		assertThat(pending()).isEqualTo(3);
		release.countDown();
		Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(pending()).isZero());
	}

	@Test
	void workOfALoopIsItsCpuTime() {
		double before = cpu("0");
		double other = cpu("1");
		this.loops.group().iterator().next().submit(() -> {
			long sum = 0;
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
			while (System.nanoTime() < end) {
				sum += end;
			}
			return sum;
		}).awaitUninterruptibly();
		assertThat(cpu("0")).isGreaterThan(before);
		assertThat(cpu("1") - other).isLessThan(cpu("0") - before);
	}

	private double pending() {
		return this.registry.get("echo.event.loop.pending.tasks").tag("loop", "0").gauge().value();
	}

	private double cpu(String loop) {
		return this.registry.get("echo.event.loop.cpu").tag("loop", loop).functionCounter().count();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
