package dev.socketecho.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.telemetry.SocketError;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The load runs of one client as meters. All of them exist, at zero, from the start. A
 * run records many messages at a time, since a timer that records each would cost as much
 * as the message.
 */
public final class MicrometerLoadRecorder implements LoadRecorder {

	private final LongAdder sent = new LongAdder();

	private final LongAdder received = new LongAdder();

	private final LongAdder nanos = new LongAdder();

	private final LongAdder lost = new LongAdder();

	private final Map<SocketError, LongAdder> errors = new EnumMap<>(SocketError.class);

	/**
	 * Registers the meters of a client's load runs.
	 * @param registry the registry that they are for
	 * @param client the client's name
	 */
	public MicrometerLoadRecorder(MeterRegistry registry, String client) {
		Meters meters = new Meters(registry, Tags.of("client", client));
		meters.functionCounter(EchoMeter.LOAD_SENT, Tags.empty(), this.sent, LongAdder::sum);
		meters.functionCounter(EchoMeter.LOAD_RECEIVED, Tags.empty(), this.received, LongAdder::sum);
		meters.functionCounter(EchoMeter.LOAD_LOST, Tags.empty(), this.lost, LongAdder::sum);
		meters.functionTimer(EchoMeter.LOAD_RTT, this, (load) -> load.received.sum(), (load) -> load.nanos.sum());
		for (SocketError error : SocketError.values()) {
			LongAdder times = new LongAdder();
			this.errors.put(error, times);
			meters.functionCounter(EchoMeter.LOAD_ERRORS, Tags.of("error", error.tag()), times, LongAdder::sum);
		}
	}

	@Override
	public void sent(long messages) {
		this.sent.add(messages);
	}

	@Override
	public void received(long messages, long nanos) {
		this.nanos.add(nanos);
		this.received.add(messages);
	}

	@Override
	public void lost(long messages) {
		this.lost.add(messages);
	}

	@Override
	public void errors(SocketError error, long times) {
		LongAdder count = this.errors.get(error);
		if (count != null) {
			count.add(times);
		}
	}

}
