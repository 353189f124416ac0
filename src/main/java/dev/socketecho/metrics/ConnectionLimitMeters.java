package dev.socketecho.metrics;

import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Gauges of the most connections that servers may have. An alert compares them with the
 * open connections. A server without a limit has no gauge.
 */
public final class ConnectionLimitMeters implements MeterBinder {

	private final Map<String, Integer> limits;

	/**
	 * Creates an instance.
	 * @param limits the limit of each TCP server that has one, by the server's name
	 */
	public ConnectionLimitMeters(Map<String, Integer> limits) {
		this.limits = Map.copyOf(limits);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.limits.forEach((server, limit) -> new Meters(registry, Tags.of("server", server, "transport", "tcp"))
			.gauge(EchoMeter.CONNECTIONS_LIMIT, limit, Integer::doubleValue));
	}

}
