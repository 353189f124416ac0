package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.metrics.Meters.TaggedCounters;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one probe as meters. All of them exist, at zero, from the start; those
 * of each direction only with {@code protocol: stamp}.
 */
public final class MicrometerProbeRecorder implements ProbeRecorder {

	private static final double NANOS_PER_SECOND = 1e9;

	private final AtomicInteger up = new AtomicInteger();

	private final AtomicLong jitterNanos = new AtomicLong();

	private final Timer roundTrips;

	private final Timer connects;

	private final Counter sent;

	private final Counter received;

	private final Counter lost;

	private final Counter duplicated;

	private final Counter reordered;

	private final Counter corrupted;

	private final TaggedCounters<SocketError> errors;

	private final @Nullable OneWayMeters oneWay;

	/**
	 * Registers the meters of a probe.
	 * @param registry the registry that they are for
	 * @param probe the probe's name
	 * @param oneWay whether it measures each direction by itself
	 */
	public MicrometerProbeRecorder(MeterRegistry registry, String probe, boolean oneWay) {
		Meters meters = new Meters(registry, Tags.of("probe", probe));
		meters.gauge(EchoMeter.PROBE_UP, this.up, AtomicInteger::get);
		meters.gauge(EchoMeter.PROBE_JITTER, this.jitterNanos, (nanos) -> nanos.get() / NANOS_PER_SECOND);
		this.roundTrips = meters.roundTripTimer(EchoMeter.PROBE_RTT);
		this.connects = meters.roundTripTimer(EchoMeter.PROBE_CONNECT);
		this.sent = meters.counter(EchoMeter.PROBE_SENT);
		this.received = meters.counter(EchoMeter.PROBE_RECEIVED);
		this.lost = meters.counter(EchoMeter.PROBE_LOST);
		this.duplicated = meters.counter(EchoMeter.PROBE_DUPLICATED);
		this.reordered = meters.counter(EchoMeter.PROBE_REORDERED);
		this.corrupted = meters.counter(EchoMeter.PROBE_CORRUPTED);
		this.errors = meters.counters(EchoMeter.PROBE_ERRORS, "error", EnumSet.allOf(SocketError.class),
				SocketError::tag);
		this.oneWay = oneWay ? new OneWayMeters(meters) : null;
	}

	@Override
	public void oneWayDelays(long forwardNanos, long backwardNanos, long reflectorNanos) {
		if (this.oneWay != null) {
			this.oneWay.delays(forwardNanos, backwardNanos, reflectorNanos);
		}
	}

	@Override
	public void lostOneWay(int forward, int backward) {
		if (this.oneWay != null) {
			this.oneWay.lost(forward, backward);
		}
	}

	@Override
	public void up(boolean up) {
		this.up.set(up ? 1 : 0);
		if (!up && this.oneWay != null) {
			this.oneWay.noDelays();
		}
	}

	@Override
	public void connected(Duration duration) {
		this.connects.record(duration);
	}

	@Override
	public void sent() {
		this.sent.increment();
	}

	@Override
	public void received(Duration roundTrip, Duration jitter) {
		this.received.increment();
		this.roundTrips.record(roundTrip);
		this.jitterNanos.set(jitter.toNanos());
	}

	@Override
	public void lost() {
		this.lost.increment();
	}

	@Override
	public void duplicated() {
		this.duplicated.increment();
	}

	@Override
	public void reordered() {
		this.reordered.increment();
	}

	@Override
	public void corrupted() {
		this.corrupted.increment();
	}

	@Override
	public void error(SocketError error) {
		this.errors.increment(error);
	}

}
