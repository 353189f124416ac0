package dev.socketecho.metrics;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of when the certificates of servers expire, in seconds since the epoch. An alert
 * compares them with Prometheus's {@code time()}.
 * <p>
 * Spring Boot's {@code ssl.chain.expiry} is no replacement: it is by bundle rather than
 * by server, and is the time that is left.
 */
public final class TlsCertificateMeters implements MeterBinder {

	private final Map<String, Supplier<@Nullable Instant>> expiries;

	/**
	 * Creates an instance.
	 * @param expiries the expiry of each server's certificate, by the server's name
	 */
	public TlsCertificateMeters(Map<String, Supplier<@Nullable Instant>> expiries) {
		this.expiries = Map.copyOf(expiries);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.expiries.forEach((server, expiry) -> new Meters(registry, Tags.of("server", server, "transport", "tcp"))
			.gauge(EchoMeter.TLS_CERTIFICATE_EXPIRY, expiry, (current) -> seconds(current.get())));
	}

	private static double seconds(@Nullable Instant at) {
		return (at != null) ? at.getEpochSecond() : Double.NaN;
	}

}
