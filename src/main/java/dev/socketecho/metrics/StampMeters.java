package dev.socketecho.metrics;

import java.util.Map;
import java.util.function.IntSupplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Gauges of the sessions of servers with {@code mode: stamp}. A stateless server has no
 * gauge.
 */
public final class StampMeters implements MeterBinder {

	private final Map<String, IntSupplier> sessions;

	/**
	 * Creates an instance.
	 * @param sessions returns how many sessions there are, for each stateful server, by
	 * the server's name
	 */
	public StampMeters(Map<String, IntSupplier> sessions) {
		this.sessions = Map.copyOf(sessions);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.sessions.forEach((server, count) -> new Meters(registry, Tags.of("server", server, "transport", "udp"))
			.gauge(EchoMeter.STAMP_SESSIONS, count, IntSupplier::getAsInt));
	}

}
