package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.metrics.Meters.TaggedCounters;
import dev.socketecho.transport.CloseReason;
import dev.socketecho.transport.ServerRecorder;
import dev.socketecho.transport.SocketError;
import io.micrometer.core.instrument.Counter;
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

	private final AtomicInteger active = new AtomicInteger();

	private final Counter opened;

	private final TaggedCounters<CloseReason> closed;

	private final TaggedCounters<CloseReason> rejected;

	private final TaggedCounters<SocketError> errors;

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
		Meters meters = new Meters(registry, Tags.of("server", server, "transport", transport));
		meters.gauge(EchoMeter.CONNECTIONS_ACTIVE, this.active, AtomicInteger::get);
		this.opened = meters.counter(EchoMeter.CONNECTIONS_OPENED);
		this.closed = meters.counters(EchoMeter.CONNECTIONS_CLOSED, "reason",
				EnumSet.complementOf(EnumSet.copyOf(REJECTIONS)), CloseReason::tag);
		this.rejected = meters.counters(EchoMeter.CONNECTIONS_REJECTED, "reason", REJECTIONS, CloseReason::tag);
		this.errors = meters.counters(EchoMeter.ERRORS, "error", EnumSet.allOf(SocketError.class), SocketError::tag);
		this.duration = meters.timer(EchoMeter.CONNECTION_DURATION);
		this.tlsHandshake = meters.timer(EchoMeter.TLS_HANDSHAKE);
		this.receivedBytes = meters.counter(EchoMeter.RECEIVED_BYTES);
		this.receivedMessages = meters.counter(EchoMeter.RECEIVED_MESSAGES);
		this.sentBytes = meters.counter(EchoMeter.SENT_BYTES);
		this.sentMessages = meters.counter(EchoMeter.SENT_MESSAGES);
	}

	@Override
	public void connectionOpened() {
		this.opened.increment();
		this.active.incrementAndGet();
	}

	@Override
	public void connectionClosed(CloseReason reason, Duration open) {
		this.active.decrementAndGet();
		this.closed.increment(reason);
		this.duration.record(open);
	}

	@Override
	public void connectionRejected(CloseReason reason) {
		this.rejected.increment(reason);
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
		this.errors.increment(error);
	}

}
