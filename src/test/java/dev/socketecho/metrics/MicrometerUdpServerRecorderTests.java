package dev.socketecho.metrics;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.UdpServerRecorder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests {@link MicrometerUdpServerRecorder}.
 */
class MicrometerUdpServerRecorderTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final UdpServerRecorder recorder = new MicrometerUdpServerRecorder(this.registry, "test");

	@Test
	void kernelDropsOutliveTheGarbageCollector() {
		AtomicLong drops = new AtomicLong();
		// No one else holds the supplier.
		this.recorder.kernelDrops(() -> drops.get());
		WeakReference<Object> probe = new WeakReference<>(new Object());
		Awaitility.await().until(() -> {
			System.gc();
			return probe.refersTo(null);
		});
		drops.set(42);
		assertThat(this.registry.get("echo.dropped.datagrams")
			.tags("server", "test", "transport", "udp", "reason", "kernel_buffer")
			.functionCounter()
			.count()).isEqualTo(42);
	}

	@Test
	void droppedDatagramsAreCountedByReason() {
		this.recorder.dropped(DropReason.RATE_LIMITED);
		assertThat(this.registry.get("echo.dropped.datagrams").tags("reason", "rate_limited").counter().count())
			.isEqualTo(1);
		assertThat(this.registry.get("echo.dropped.datagrams").tags("reason", "denied").counter().count()).isZero();
	}

	@Test
	void kernelDropsAreNotRecordedOneByOne() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.recorder.dropped(DropReason.KERNEL_BUFFER));
	}

}
