package dev.socketecho.actuate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.socketecho.probe.EchoProbe;
import dev.socketecho.probe.ProbeResult;
import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one probe's target, a component of {@code echoProbes} in {@code
 * /actuator/health}: up if its last round had a right reply, unknown before the first
 * round has ended.
 */
public final class EchoProbeHealthIndicator extends AbstractHealthIndicator {

	private final EchoProbe probe;

	/**
	 * Creates an indicator.
	 * @param probe the probe
	 */
	public EchoProbeHealthIndicator(EchoProbe probe) {
		this.probe = probe;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("transport", this.probe.settings().target().transport())
			.withDetail("host", this.probe.settings().target().host())
			.withDetail("port", this.probe.settings().target().port());
		EchoProbe.Status status = this.probe.status();
		if (status == null) {
			builder.unknown();
			return;
		}
		ProbeResult result = status.result();
		builder.status(result.isUp() ? "UP" : "DOWN")
			.withDetail("since", status.since())
			.withDetail("sent", result.sent())
			.withDetail("received", result.roundTrips().size())
			.withDetail("lost", result.lost())
			.withDetail("corrupted", result.corrupted());
		SocketError error = result.error();
		if (error != null) {
			builder.withDetail("error", error.tag());
		}
		micros(builder, "connectMicros", result.connect());
		micros(builder, "rttMicros", result.meanRoundTrip());
	}

	private static void micros(Health.Builder builder, String name, @Nullable Duration time) {
		if (time != null) {
			builder.withDetail(name, TimeUnit.NANOSECONDS.toMicros(time.toNanos()));
		}
	}

}
