package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.transport.ClientRecorder;
import dev.socketecho.transport.CloseReason;
import dev.socketecho.transport.SocketError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The traffic of one client as meters, all of them there, at zero, from the start.
 */
public final class MicrometerClientRecorder implements ClientRecorder {

	private final MeterRegistry registry;

	private final Tags tags;

	private final AtomicInteger active = new AtomicInteger();

	private final Counter opened;

	private final Counter sentBytes;

	private final Counter receivedBytes;

	private final Counter sentMessages;

	private final Counter receivedMessages;

	private final Timer roundTrips;

	private final Map<SocketError, Counter> errors = new EnumMap<>(SocketError.class);

	/**
	 * Registers the meters of a client.
	 * @param registry where
	 * @param client the client's name
	 * @param transport {@code tcp} or {@code udp}
	 */
	public MicrometerClientRecorder(MeterRegistry registry, String client, String transport) {
		this.registry = registry;
		this.tags = Tags.of("client", client, "transport", transport);
		Gauge.builder(ClientMeter.CONNECTIONS_ACTIVE.meterName(), this.active, AtomicInteger::get)
			.description(ClientMeter.CONNECTIONS_ACTIVE.description())
			.tags(this.tags)
			.strongReference(true)
			.register(registry);
		this.opened = counter(ClientMeter.CONNECTIONS_OPENED, Tags.empty());
		this.sentBytes = counter(ClientMeter.SENT_BYTES, Tags.empty());
		this.receivedBytes = counter(ClientMeter.RECEIVED_BYTES, Tags.empty());
		this.sentMessages = counter(ClientMeter.SENT_MESSAGES, Tags.empty());
		this.receivedMessages = counter(ClientMeter.RECEIVED_MESSAGES, Tags.empty());
		this.roundTrips = Timer.builder(ClientMeter.RTT.meterName())
			.description(ClientMeter.RTT.description())
			.serviceLevelObjectives(RoundTripBuckets.all())
			.tags(this.tags)
			.register(registry);
		for (SocketError error : SocketError.values()) {
			this.errors.put(error, counter(ClientMeter.ERRORS, Tags.of("error", error.tag())));
		}
	}

	@Override
	public void connectionOpened() {
		this.opened.increment();
		this.active.incrementAndGet();
	}

	@Override
	public void connectionClosed(CloseReason reason, Duration open) {
		this.active.decrementAndGet();
	}

	@Override
	public void bytesReceived(long bytes) {
		this.receivedBytes.increment(bytes);
	}

	@Override
	public void messagesReceived(long messages) {
		this.receivedMessages.increment(messages);
	}

	@Override
	public void sent(long bytes, long messages) {
		this.sentBytes.increment(bytes);
		this.sentMessages.increment(messages);
	}

	@Override
	public void error(SocketError error) {
		Counter counter = this.errors.get(error);
		if (counter != null) {
			counter.increment();
		}
	}

	@Override
	public void roundTrip(Duration roundTrip) {
		this.roundTrips.record(roundTrip);
	}

	private Counter counter(ClientMeter meter, Tags more) {
		return Counter.builder(meter.meterName())
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

}
