package dev.socketecho.metrics;

import java.util.ArrayList;
import java.util.List;

import dev.socketecho.telemetry.TrafficCounter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link TrafficCounts}.
 */
class TrafficCountsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final TrafficCounts counts = new TrafficCounts();

	TrafficCountsTests() {
		this.counts.register(new Meters(this.registry, Tags.empty()), EchoMeter.RECEIVED_BYTES,
				EchoMeter.RECEIVED_MESSAGES, EchoMeter.SENT_BYTES, EchoMeter.SENT_MESSAGES);
	}

	@Test
	void addsUpWhatThreadsHaveCountedThatAreGone() throws InterruptedException {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			threads.add(new FastThreadLocalThread(this::countThousand));
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join(10_000);
		}
		assertCounts(4_000, 8_000, 12_000, 16_000);
		countThousand();
		assertCounts(5_000, 10_000, 15_000, 20_000);
	}

	private void countThousand() {
		TrafficCounter counter = this.counts.ofEventLoop();
		for (int i = 0; i < 1000; i++) {
			counter.bytesReceived(1);
			counter.messagesReceived(2);
			counter.sent(3, 4);
		}
	}

	private void assertCounts(long receivedBytes, long receivedMessages, long sentBytes, long sentMessages) {
		assertThat(count(EchoMeter.RECEIVED_BYTES)).isEqualTo(receivedBytes);
		assertThat(count(EchoMeter.RECEIVED_MESSAGES)).isEqualTo(receivedMessages);
		assertThat(count(EchoMeter.SENT_BYTES)).isEqualTo(sentBytes);
		assertThat(count(EchoMeter.SENT_MESSAGES)).isEqualTo(sentMessages);
	}

	private double count(EchoMeter meter) {
		return this.registry.get(meter.meterName()).functionCounter().count();
	}

}
