package dev.socketecho.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.socketecho.transport.DatagramRecorder;
import dev.socketecho.transport.DropReason;
import dev.socketecho.transport.SocketError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The traffic of one UDP server as meters. All of them exist, at zero, from the start.
 */
public final class MicrometerDatagramRecorder implements DatagramRecorder {

	private final MeterRegistry registry;

	private final Tags tags;

	private final Counter receivedBytes;

	private final Counter receivedMessages;

	private final Counter sentBytes;

	private final Counter sentMessages;

	private final Map<DropReason, Counter> dropped = new EnumMap<>(DropReason.class);

	private final Map<SocketError, Counter> errors = new EnumMap<>(SocketError.class);

	/** Held here, since the registry holds it weakly only. */
	private LongSupplier kernelDrops = () -> 0;

	/**
	 * Registers the meters of a server.
	 * @param registry where
	 * @param server the server's name
	 */
	public MicrometerDatagramRecorder(MeterRegistry registry, String server) {
		this.registry = registry;
		this.tags = Tags.of("server", server, "transport", "udp");
		this.receivedBytes = counter(ServerMeter.RECEIVED_BYTES, Tags.empty());
		this.receivedMessages = counter(ServerMeter.RECEIVED_MESSAGES, Tags.empty());
		this.sentBytes = counter(ServerMeter.SENT_BYTES, Tags.empty());
		this.sentMessages = counter(ServerMeter.SENT_MESSAGES, Tags.empty());
		for (DropReason reason : DropReason.values()) {
			if (reason != DropReason.KERNEL_BUFFER) {
				this.dropped.put(reason, counter(ServerMeter.DROPPED_DATAGRAMS, Tags.of("reason", reason.tag())));
			}
		}
		for (SocketError error : SocketError.values()) {
			this.errors.put(error, counter(ServerMeter.ERRORS, Tags.of("error", error.tag())));
		}
	}

	@Override
	public void received(long bytes, long datagrams) {
		this.receivedBytes.increment(bytes);
		this.receivedMessages.increment(datagrams);
	}

	@Override
	public void sent(long bytes, long datagrams) {
		this.sentBytes.increment(bytes);
		this.sentMessages.increment(datagrams);
	}

	@Override
	public void dropped(DropReason reason) {
		increment(this.dropped, reason);
	}

	@Override
	public void error(SocketError error) {
		increment(this.errors, error);
	}

	@Override
	public void kernelDrops(LongSupplier drops) {
		this.kernelDrops = drops;
		ServerMeter meter = ServerMeter.DROPPED_DATAGRAMS;
		FunctionCounter.builder(meter.meterName(), this.kernelDrops, LongSupplier::getAsLong)
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and("reason", DropReason.KERNEL_BUFFER.tag()))
			.register(this.registry);
	}

	private static <E extends Enum<E>> void increment(Map<E, Counter> counters, E key) {
		Counter counter = counters.get(key);
		if (counter == null) {
			throw new IllegalArgumentException("no counter for " + key);
		}
		counter.increment();
	}

	private Counter counter(ServerMeter meter, Tags more) {
		return Counter.builder(meter.meterName())
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(this.tags.and(more))
			.register(this.registry);
	}

}
