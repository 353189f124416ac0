package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.socketecho.transport.CloseReason;
import dev.socketecho.transport.ServerRecorder;
import dev.socketecho.transport.SocketError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The traffic of one server as meters. All of them exist, at zero, from the start: a
 * counter that appears with its first event hides that event from {@code increase()}.
 */
public final class MicrometerServerRecorder implements ServerRecorder {

	private static final Set<CloseReason> REJECTIONS = EnumSet.of(CloseReason.MAX_CONNECTIONS,
			CloseReason.MAX_CONNECTIONS_PER_SOURCE, CloseReason.ACCEPT_RATE, CloseReason.DENIED);

	private final MeterRegistry registry;

	private final Tags tags;

	private final AtomicInteger active = new AtomicInteger();

	private final Counter opened;

	private final Map<CloseReason, Counter> closed;

	private final Map<CloseReason, Counter> rejected;

	private final Map<SocketError, Counter> errors;

	private final Timer duration;

	private final Timer tlsHandshake;

	private final Counter receivedBytes;

	private final Counter receivedMessages;

	private final Counter sentBytes;

	private final Counter sentMessages;

	/**
	 * Registers the meters of a server.
	 * @param registry where
	 * @param server the server's name
	 * @param transport {@code tcp} or {@code udp}
	 */
	public MicrometerServerRecorder(MeterRegistry registry, String server, String transport) {
		this.registry = registry;
		this.tags = Tags.of("server", server, "transport", transport);
		Gauge.builder(ServerMeter.CONNECTIONS_ACTIVE.meterName(), this.active, AtomicInteger::get)
			.description(ServerMeter.CONNECTIONS_ACTIVE.description())
			.tags(this.tags)
			.strongReference(true)
			.register(registry);
		this.opened = counter(ServerMeter.CONNECTIONS_OPENED, Tags.empty());
		this.closed = counters(ServerMeter.CONNECTIONS_CLOSED, "reason",
				EnumSet.complementOf(EnumSet.copyOf(REJECTIONS)), CloseReason.class, CloseReason::tag);
		this.rejected = counters(ServerMeter.CONNECTIONS_REJECTED, "reason", REJECTIONS, CloseReason.class,
				CloseReason::tag);
		this.errors = counters(ServerMeter.ERRORS, "error", EnumSet.allOf(SocketError.class), SocketError.class,
				SocketError::tag);
		this.duration = timer(ServerMeter.CONNECTION_DURATION);
		this.tlsHandshake = timer(ServerMeter.TLS_HANDSHAKE);
		this.receivedBytes = counter(ServerMeter.RECEIVED_BYTES, Tags.empty());
		this.receivedMessages = counter(ServerMeter.RECEIVED_MESSAGES, Tags.empty());
		this.sentBytes = counter(ServerMeter.SENT_BYTES, Tags.empty());
		this.sentMessages = counter(ServerMeter.SENT_MESSAGES, Tags.empty());
	}

	@Override
	public void connectionOpened() {
		this.opened.increment();
		this.active.incrementAndGet();
	}

	@Override
	public void connectionClosed(CloseReason reason, Duration open) {
		this.active.decrementAndGet();
		increment(this.closed, reason);
		this.duration.record(open);
	}

	@Override
	public void connectionRejected(CloseReason reason) {
		increment(this.rejected, reason);
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
	public void tlsHandshake(Duration taken) {
		this.tlsHandshake.record(taken);
	}

	@Override
	public void error(SocketError error) {
		increment(this.errors, error);
	}

	private static <E extends Enum<E>> void increment(Map<E, Counter> counters, E key) {
		Counter counter = counters.get(key);
		if (counter == null) {
			throw new IllegalArgumentException("no counter for " + key);
		}
		counter.increment();
	}

	private <E extends Enum<E>> Map<E, Counter> counters(ServerMeter meter, String tag, Set<E> values, Class<E> type,
			Function<E, String> tagValue) {
		Map<E, Counter> counters = new EnumMap<>(type);
		for (E value : values) {
			counters.put(value, counter(meter, Tags.of(tag, tagValue.apply(value))));
		}
		return counters;
	}

	private Timer timer(ServerMeter meter) {
		return Timer.builder(meter.meterName())
			.description(meter.description())
			.tags(this.tags)
			.register(this.registry);
	}

	private Counter counter(ServerMeter meter, Tags more) {
		return Counter.builder(meter.meterName())
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

}
