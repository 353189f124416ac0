package dev.socketecho.metrics;

import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gauges of one-way delays show the last round, or nothing.
 */
class OneWayMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final MicrometerProbeRecorder recorder = new MicrometerProbeRecorder(this.registry, "p", true);

	@Test
	void gaugesShowTheLastRound() {
		assertThat(gauges()).containsOnly(Double.NaN);
		this.recorder.oneWayDelays(1_000_000_000, -2_000_000_000, 500_000_000);
		this.recorder.up(true);
		assertThat(gauges()).containsExactly(1.0, -2.0, 0.5);
	}

	@Test
	void gaugesShowNothingAfterARoundWithoutAnswer() {
		this.recorder.oneWayDelays(1, 2, 3);
		this.recorder.up(true);
		this.recorder.up(false);
		assertThat(gauges()).containsOnly(Double.NaN);
		this.recorder.oneWayDelays(1_000_000_000, 0, 0);
		this.recorder.up(true);
		assertThat(gauges()).containsExactly(1.0, 0.0, 0.0);
	}

	private List<Double> gauges() {
		return List.of(gauge(EchoMeter.PROBE_FORWARD_DELAY), gauge(EchoMeter.PROBE_BACKWARD_DELAY),
				gauge(EchoMeter.PROBE_REFLECTOR));
	}

	private double gauge(EchoMeter meter) {
		return this.registry.get(meter.meterName()).gauge().value();
	}

}
