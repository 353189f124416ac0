package dev.socketecho.metrics;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.socketecho.metrics.Meters.TaggedCounters;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TrafficCounter;
import dev.socketecho.telemetry.UdpServerRecorder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The traffic of one UDP server as meters. All of them exist, at zero, from the start.
 */
public final class MicrometerUdpServerRecorder implements UdpServerRecorder {

	private final Meters meters;

	private final TrafficCounts counts = new TrafficCounts();

	private final TaggedCounters<DropReason> dropped;

	private final TaggedCounters<SocketError> errors;

	private final Consumer<SocketError> failures;

	/** The registry has a weak reference only, so this one keeps the supplier alive. */
	private volatile LongSupplier kernelDrops = () -> 0;

	/**
	 * Registers the meters of a server.
	 * @param registry the registry that they are for
	 * @param server the server's name
	 */
	public MicrometerUdpServerRecorder(MeterRegistry registry, String server) {
		this(registry, server, (_) -> {
		});
	}

	/**
	 * Registers the meters of a server.
	 * @param registry the registry that they are for
	 * @param server the server's name
	 * @param failures is told of each error, on an event loop: it must not block or throw
	 */
	public MicrometerUdpServerRecorder(MeterRegistry registry, String server, Consumer<SocketError> failures) {
		this.failures = failures;
		this.meters = new Meters(registry, Tags.of("server", server, "transport", "udp"));
		this.counts.register(this.meters, EchoMeter.RECEIVED_BYTES, EchoMeter.RECEIVED_MESSAGES, EchoMeter.SENT_BYTES,
				EchoMeter.SENT_MESSAGES);
		this.dropped = this.meters.counters(EchoMeter.DROPPED_DATAGRAMS, "reason",
				EnumSet.complementOf(EnumSet.of(DropReason.KERNEL_BUFFER)), DropReason::tag);
		this.errors = this.meters.counters(EchoMeter.ERRORS, "error", EnumSet.allOf(SocketError.class),
				SocketError::tag);
	}

	@Override
	public void received(long bytes, long datagrams) {
		TrafficCounter counter = this.counts.ofEventLoop();
		counter.bytesReceived(bytes);
		counter.messagesReceived(datagrams);
	}

	@Override
	public void sent(long bytes, long datagrams) {
		this.counts.ofEventLoop().sent(bytes, datagrams);
	}

	@Override
	public void dropped(DropReason reason) {
		this.dropped.increment(reason);
	}

	@Override
	public void error(SocketError error) {
		this.errors.increment(error);
		this.failures.accept(error);
	}

	/**
	 * Returns what was counted so far. Any thread.
	 * @return the figures
	 */
	public TrafficFigures figures() {
		Map<String, Long> refused = new LinkedHashMap<>(this.dropped.counts());
		long kernel = this.kernelDrops.getAsLong();
		if (kernel > 0) {
			refused.put(DropReason.KERNEL_BUFFER.tag(), kernel);
		}
		return this.counts.figures(refused, this.errors.counts());
	}

	@Override
	public void kernelDrops(LongSupplier drops) {
		this.kernelDrops = drops;
		this.meters.functionCounter(EchoMeter.DROPPED_DATAGRAMS, Tags.of("reason", DropReason.KERNEL_BUFFER.tag()),
				this.kernelDrops, LongSupplier::getAsLong);
	}

}
