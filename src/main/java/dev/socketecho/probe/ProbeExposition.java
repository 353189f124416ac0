package dev.socketecho.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.telemetry.SocketError;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The answer of {@link ProbeHandler}: the result of one round in the text formats that
 * Prometheus reads.
 *
 * @param result the result
 * @param duration how long the round took
 */
record ProbeExposition(ProbeResult result, Duration duration) {

	private static final ExpositionFormats FORMATS = ExpositionFormats.init();

	Mono<ServerResponse> response(@Nullable String accept) {
		ExpositionFormatWriter writer = FORMATS.findWriter(accept);
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		try {
			writer.write(body, snapshots());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return ServerResponse.ok()
			.contentType(MediaType.parseMediaType(writer.getContentType()))
			.bodyValue(body.toByteArray());
	}

	private MetricSnapshots snapshots() {
		List<MetricSnapshot> all = new ArrayList<>();
		all.add(gauge("probe_success", "Whether the target echoed the message", this.result.isUp() ? 1 : 0,
				Labels.EMPTY));
		all.add(seconds("probe_duration_seconds", "How long the probe took", this.duration));
		Duration connect = this.result.connect();
		if (connect != null) {
			all.add(seconds("probe_echo_connect_seconds", "How long the connection took, with the lookup of the host",
					connect));
		}
		Duration roundTrip = this.result.meanRoundTrip();
		if (roundTrip != null) {
			all.add(seconds("probe_echo_rtt_seconds", "Time from sending the message to its reply", roundTrip));
		}
		SocketError error = this.result.error();
		if (error != null) {
			all.add(gauge("probe_echo_failure", "Why the probe failed", 1, Labels.of("error", error.tag())));
		}
		return new MetricSnapshots(all);
	}

	private static MetricSnapshot seconds(String name, String help, Duration duration) {
		return gauge(name, help, duration.toNanos() / 1e9, Labels.EMPTY);
	}

	private static MetricSnapshot gauge(String name, String help, double value, Labels labels) {
		return GaugeSnapshot.builder()
			.name(name)
			.help(help)
			.dataPoint(GaugeDataPointSnapshot.builder().value(value).labels(labels).build())
			.build();
	}

}
