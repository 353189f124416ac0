package dev.socketecho.metrics;

import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * How many connections servers may have, as gauges: an alert compares the open ones with
 * them. A server without a limit has none.
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
