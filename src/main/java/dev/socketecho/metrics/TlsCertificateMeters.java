package dev.socketecho.metrics;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * When the servers' certificates expire, as gauges: an alert compares them with
 * {@code time()}.
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
		this.expiries.forEach((server, expiry) -> Gauge
			.builder(EchoMeter.TLS_CERTIFICATE_EXPIRY.meterName(), () -> seconds(expiry.get()))
			.description(EchoMeter.TLS_CERTIFICATE_EXPIRY.description())
			.baseUnit(EchoMeter.TLS_CERTIFICATE_EXPIRY.unit())
			.tags(Tags.of("server", server, "transport", "tcp"))
			.register(registry));
	}

	private static Number seconds(@Nullable Instant at) {
		return (at != null) ? at.getEpochSecond() : Double.NaN;
	}

}
