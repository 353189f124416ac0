package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.transport.ProbeRecorder;
import dev.socketecho.transport.SocketError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The messages of one probe as meters, all of them there, at zero, from the start.
 */
public final class MicrometerProbeRecorder implements ProbeRecorder {

	private static final double NANOS_PER_SECOND = 1e9;

	private final MeterRegistry registry;

	private final Tags tags;

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

	private final Map<SocketError, Counter> errors = new EnumMap<>(SocketError.class);

	/**
	 * Registers the meters of a probe.
	 * @param registry where
	 * @param probe the probe's name
	 */
	public MicrometerProbeRecorder(MeterRegistry registry, String probe) {
		this.registry = registry;
		this.tags = Tags.of("probe", probe);
		Gauge.builder(ProbeMeter.UP.meterName(), this.up, AtomicInteger::get)
			.description(ProbeMeter.UP.description())
			.tags(this.tags)
			.strongReference(true)
			.register(registry);
		Gauge.builder(ProbeMeter.JITTER.meterName(), this.jitterNanos, (nanos) -> nanos.get() / NANOS_PER_SECOND)
			.description(ProbeMeter.JITTER.description())
			.baseUnit(ProbeMeter.JITTER.unit())
			.tags(this.tags)
			.strongReference(true)
			.register(registry);
		this.roundTrips = timer(ProbeMeter.RTT);
		this.connects = timer(ProbeMeter.CONNECT);
		this.sent = counter(ProbeMeter.SENT, Tags.empty());
		this.received = counter(ProbeMeter.RECEIVED, Tags.empty());
		this.lost = counter(ProbeMeter.LOST, Tags.empty());
		this.duplicated = counter(ProbeMeter.DUPLICATED, Tags.empty());
		this.reordered = counter(ProbeMeter.REORDERED, Tags.empty());
		this.corrupted = counter(ProbeMeter.CORRUPTED, Tags.empty());
		for (SocketError error : SocketError.values()) {
			this.errors.put(error, counter(ProbeMeter.ERRORS, Tags.of("error", error.tag())));
		}
	}

	@Override
	public void up(boolean up) {
		this.up.set(up ? 1 : 0);
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
		Counter counter = this.errors.get(error);
		if (counter != null) {
			counter.increment();
		}
	}

	private Timer timer(ProbeMeter meter) {
		return Timer.builder(meter.meterName())
			.description(meter.description())
			.serviceLevelObjectives(RoundTripBuckets.all())
			.tags(this.tags)
			.register(this.registry);
	}

	private Counter counter(ProbeMeter meter, Tags more) {
		return Counter.builder(meter.meterName())
			.description(meter.description())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

}
