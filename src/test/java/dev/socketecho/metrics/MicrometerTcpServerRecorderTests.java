package dev.socketecho.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link MicrometerTcpServerRecorder}.
 */
class MicrometerTcpServerRecorderTests {

	private static final Set<CloseReason> REJECTIONS = Set.of(CloseReason.MAX_CONNECTIONS,
			CloseReason.MAX_CONNECTIONS_PER_SOURCE, CloseReason.ACCEPT_RATE, CloseReason.DENIED);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final MicrometerTcpServerRecorder recorder = new MicrometerTcpServerRecorder(this.registry, "line");

	@Test
	void tagsEveryMeterWithServerAndTransport() {
		assertThat(this.registry.getMeters()).isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.getId().getTags()).contains(Tag.of("server", "line"),
					Tag.of("transport", "tcp")));
	}

	@Test
	void hasNoOtherTagsThanReasonAndError() {
		Map<String, Set<String>> tags = this.registry.getMeters()
			.stream()
			.map(Meter::getId)
			.collect(Collectors.groupingBy(Meter.Id::getName,
					Collectors.flatMapping(
							(id) -> id.getTags()
								.stream()
								.map(Tag::getKey)
								.filter((key) -> !key.equals("server") && !key.equals("transport")),
							Collectors.toSet())));
		assertThat(tags).containsOnly(Map.entry("echo.connections.active", Set.of()),
				Map.entry("echo.connections.opened", Set.of()), Map.entry("echo.connections.closed", Set.of("reason")),
				Map.entry("echo.connections.rejected", Set.of("reason")),
				Map.entry("echo.connection.duration", Set.of()), Map.entry("echo.received.bytes", Set.of()),
				Map.entry("echo.sent.bytes", Set.of()), Map.entry("echo.received.messages", Set.of()),
				Map.entry("echo.sent.messages", Set.of()), Map.entry("echo.tls.handshake", Set.of()),
				Map.entry("echo.errors", Set.of("error")));
	}

	@Test
	void countsOpenConnections() {
		this.recorder.connectionOpened();
		this.recorder.connectionOpened();
		this.recorder.connectionClosed(CloseReason.CLIENT_CLOSED, Duration.ofSeconds(3));
		assertThat(this.registry.get("echo.connections.active").gauge().value()).isEqualTo(1);
		assertThat(count("echo.connections.opened")).isEqualTo(2);
		assertThat(count("echo.connections.closed", "reason", "client_closed")).isEqualTo(1);
		assertThat(this.registry.get("echo.connection.duration").timer().count()).isEqualTo(1);
		assertThat(
				this.registry.get("echo.connection.duration").timer().totalTime(java.util.concurrent.TimeUnit.SECONDS))
			.isEqualTo(3);
	}

	@ParameterizedTest
	@EnumSource
	void countsEachReasonAsCloseOrAsRejection(CloseReason reason) {
		boolean rejection = REJECTIONS.contains(reason);
		String other = rejection ? "echo.connections.closed" : "echo.connections.rejected";
		String meter = rejection ? "echo.connections.rejected" : "echo.connections.closed";
		assertThat(count(meter, "reason", reason.tag())).isZero();
		if (rejection) {
			this.recorder.connectionRejected(reason);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.recorder.connectionClosed(reason, Duration.ZERO));
		}
		else {
			this.recorder.connectionClosed(reason, Duration.ZERO);
			assertThatIllegalArgumentException().isThrownBy(() -> this.recorder.connectionRejected(reason));
		}
		assertThat(count(meter, "reason", reason.tag())).isEqualTo(1);
		assertThat(this.registry.find(other).tag("reason", reason.tag()).counter()).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void countsEachError(SocketError error) {
		this.recorder.error(error);
		assertThat(count("echo.errors", "error", error.tag())).isEqualTo(1);
		assertThat(this.registry.get("echo.errors").counters().stream().mapToDouble((each) -> each.count()).sum())
			.isEqualTo(1);
	}

	@Test
	void countsTraffic() {
		this.recorder.bytesReceived(100);
		this.recorder.bytesReceived(11);
		this.recorder.messagesReceived(7);
		this.recorder.sent(200, 8);
		assertThat(count("echo.received.bytes")).isEqualTo(111);
		assertThat(count("echo.received.messages")).isEqualTo(7);
		assertThat(count("echo.sent.bytes")).isEqualTo(200);
		assertThat(count("echo.sent.messages")).isEqualTo(8);
	}

	@Test
	void timesTlsHandshakes() {
		this.recorder.tlsHandshake(Duration.ofSeconds(2));
		assertThat(this.registry.get("echo.tls.handshake").timer().count()).isEqualTo(1);
	}

	@Test
	void showsWhenCertificatesExpire() {
		AtomicReference<Instant> expiry = new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000));
		new TlsCertificateMeters(Map.of("line", expiry::get)).bindTo(this.registry);
		Gauge gauge = this.registry.get("echo.tls.certificate.expiry").tags("server", "line").gauge();
		assertThat(gauge.value()).isEqualTo(1_800_000_000);
		expiry.set(Instant.ofEpochSecond(1_900_000_000));
		assertThat(gauge.value()).isEqualTo(1_900_000_000);
	}

	@Test
	void keepsServersApart() {
		MicrometerTcpServerRecorder other = new MicrometerTcpServerRecorder(this.registry, "stream");
		other.bytesReceived(5);
		this.recorder.bytesReceived(3);
		assertThat(count("echo.received.bytes", "server", "stream")).isEqualTo(5);
		assertThat(count("echo.received.bytes", "server", "line")).isEqualTo(3);
	}

	@Test
	void showsThePrometheusNamesOfTheContractFromTheStart() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		new MicrometerTcpServerRecorder(prometheus, "line");
		List<String> samples = prometheus.scrape().lines().filter((line) -> !line.startsWith("#")).toList();
		String tags = "server=\"line\",transport=\"tcp\"";
		Stream<String> plain = Stream
			.of("echo_connections_active", "echo_connections_opened_total", "echo_received_bytes_total",
					"echo_sent_bytes_total", "echo_received_messages_total", "echo_sent_messages_total",
					"echo_connection_duration_seconds_count", "echo_connection_duration_seconds_sum",
					"echo_connection_duration_seconds_max", "echo_tls_handshake_seconds_count",
					"echo_tls_handshake_seconds_sum", "echo_tls_handshake_seconds_max")
			.map((name) -> name + "{" + tags + "}");
		Stream<String> reasons = Stream.of(CloseReason.values())
			.map((reason) -> "echo_connections_%s_total{reason=\"%s\",%s}"
				.formatted(REJECTIONS.contains(reason) ? "rejected" : "closed", reason.tag(), tags));
		Stream<String> errors = Stream.of(SocketError.values())
			.map((error) -> "echo_errors_total{error=\"%s\",%s}".formatted(error.tag(), tags));
		assertThat(samples).allSatisfy((sample) -> assertThat(sample).matches(".* 0(\\.0)?"));
		assertThat(samples).extracting((sample) -> sample.substring(0, sample.indexOf(' ')))
			.containsExactlyInAnyOrderElementsOf(Stream.of(plain, reasons, errors).flatMap((each) -> each).toList());
		prometheus.close();
	}

	private double count(String meter, String... tags) {
		return this.registry.get(meter).tags(tags).meter().measure().iterator().next().getValue();
	}

}
