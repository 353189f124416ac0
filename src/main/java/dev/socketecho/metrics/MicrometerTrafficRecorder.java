package dev.socketecho.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.socketecho.metrics.Meters.TaggedCounters;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TrafficCounter;
import dev.socketecho.telemetry.TrafficRecorder;
import io.micrometer.core.instrument.Counter;

/**
 * The meters that the connections of a server and of a client have in common. Event loops
 * call it, several at a time; nothing blocks.
 */
abstract class MicrometerTrafficRecorder implements TrafficRecorder {

	/** Registers the meters of the subclass. */
	final Meters meters;

	private final AtomicInteger active = new AtomicInteger();

	private final Counter opened;

	private final TrafficCounts counts = new TrafficCounts();

	private final TaggedCounters<SocketError> errors;

	private final Consumer<SocketError> failures;

	/**
	 * Registers the meters.
	 * @param meters registers them, with the tags of the server or client
	 * @param names which constants of the catalogue they are
	 * @param failures is told of each error, on an event loop
	 */
	MicrometerTrafficRecorder(Meters meters, Names names, Consumer<SocketError> failures) {
		this.meters = meters;
		this.failures = failures;
		meters.gauge(names.active(), this.active, AtomicInteger::get);
		this.opened = meters.counter(names.opened());
		this.counts.register(meters, names.receivedBytes(), names.receivedMessages(), names.sentBytes(),
				names.sentMessages());
		this.errors = meters.counters(names.errors(), "error", EnumSet.allOf(SocketError.class), SocketError::tag);
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
	public TrafficCounter ofEventLoop() {
		return this.counts.ofEventLoop();
	}

	@Override
	public void bytesReceived(long bytes) {
		this.counts.ofEventLoop().bytesReceived(bytes);
	}

	@Override
	public void messagesReceived(long messages) {
		this.counts.ofEventLoop().messagesReceived(messages);
	}

	@Override
	public void sent(long bytes, long messages) {
		this.counts.ofEventLoop().sent(bytes, messages);
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
	public final TrafficFigures figures() {
		return this.counts.figures(refused(), this.errors.counts());
	}

	/**
	 * Returns how many connections were rejected, by reason.
	 */
	Map<String, Long> refused() {
		return Map.of();
	}

	/**
	 * The constants of the catalogue for servers, or for clients.
	 */
	record Names(EchoMeter active, EchoMeter opened, EchoMeter receivedBytes, EchoMeter receivedMessages,
			EchoMeter sentBytes, EchoMeter sentMessages, EchoMeter errors) {
	}

}
