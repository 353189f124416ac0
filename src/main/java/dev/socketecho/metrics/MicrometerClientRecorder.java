package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.metrics.Meters.TaggedCounters;
import dev.socketecho.transport.ClientRecorder;
import dev.socketecho.transport.CloseReason;
import dev.socketecho.transport.SocketError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The traffic of one client as meters, all of them there, at zero, from the start.
 */
public final class MicrometerClientRecorder implements ClientRecorder {

	private final AtomicInteger active = new AtomicInteger();

	private final Counter opened;

	private final Counter sentBytes;

	private final Counter receivedBytes;

	private final Counter sentMessages;

	private final Counter receivedMessages;

	private final Timer roundTrips;

	private final TaggedCounters<SocketError> errors;

	/**
	 * Registers the meters of a client.
	 * @param registry where
	 * @param client the client's name
	 * @param transport {@code tcp} or {@code udp}
	 */
	public MicrometerClientRecorder(MeterRegistry registry, String client, String transport) {
		Meters meters = new Meters(registry, Tags.of("client", client, "transport", transport));
		meters.gauge(EchoMeter.CLIENT_CONNECTIONS_ACTIVE, this.active, AtomicInteger::get);
		this.opened = meters.counter(EchoMeter.CLIENT_CONNECTIONS_OPENED);
		this.sentBytes = meters.counter(EchoMeter.CLIENT_SENT_BYTES);
		this.receivedBytes = meters.counter(EchoMeter.CLIENT_RECEIVED_BYTES);
		this.sentMessages = meters.counter(EchoMeter.CLIENT_SENT_MESSAGES);
		this.receivedMessages = meters.counter(EchoMeter.CLIENT_RECEIVED_MESSAGES);
		this.roundTrips = meters.roundTripTimer(EchoMeter.CLIENT_RTT);
		this.errors = meters.counters(EchoMeter.CLIENT_ERRORS, "error", EnumSet.allOf(SocketError.class),
				SocketError::tag);
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
		this.errors.increment(error);
	}

	@Override
	public void roundTrip(Duration roundTrip) {
		this.roundTrips.record(roundTrip);
	}

}
