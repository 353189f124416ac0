package dev.socketecho.metrics;

import io.micrometer.core.instrument.Counter;

/**
 * The meters that only a probe with {@code protocol: stamp} has. The gauges are NaN
 * before the first answer, and after a round without any: an old delay would look like
 * one of now. {@link MicrometerProbeRecorder} uses them.
 */
final class OneWayMeters {

	private static final double NANOS_PER_SECOND = 1e9;

	private final Counter lostForward;

	private final Counter lostBackward;

	private volatile double forward = Double.NaN;

	private volatile double backward = Double.NaN;

	private volatile double reflector = Double.NaN;

	OneWayMeters(Meters meters) {
		this.lostForward = meters.counter(EchoMeter.PROBE_LOST_FORWARD);
		this.lostBackward = meters.counter(EchoMeter.PROBE_LOST_BACKWARD);
		meters.gauge(EchoMeter.PROBE_FORWARD_DELAY, this, (of) -> of.forward);
		meters.gauge(EchoMeter.PROBE_BACKWARD_DELAY, this, (of) -> of.backward);
		meters.gauge(EchoMeter.PROBE_REFLECTOR, this, (of) -> of.reflector);
	}

	void delays(long forwardNanos, long backwardNanos, long reflectorNanos) {
		this.forward = forwardNanos / NANOS_PER_SECOND;
		this.backward = backwardNanos / NANOS_PER_SECOND;
		this.reflector = reflectorNanos / NANOS_PER_SECOND;
	}

	/**
	 * The last round has had no answer.
	 */
	void noDelays() {
		this.forward = Double.NaN;
		this.backward = Double.NaN;
		this.reflector = Double.NaN;
	}

	void lost(int forward, int backward) {
		this.lostForward.increment(forward);
		this.lostBackward.increment(backward);
	}

}
