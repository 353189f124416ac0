package dev.socketecho.actuate;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.socketecho.app.EchoClient;
import dev.socketecho.app.EchoService;
import dev.socketecho.app.EchoServiceTest;
import dev.socketecho.app.Scrape;
import dev.socketecho.metrics.SteadyClock;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the servers' metrics as Prometheus scrapes them: names, tags and counts are
 * what dashboards rely on.
 */
@EchoServiceTest
class PrometheusIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final EchoService service;

	private final MeterRegistry registry;

	@Autowired
	PrometheusIT(EchoService service, MeterRegistry registry) {
		this.service = service;
		this.registry = registry;
	}

	@Test
	void maximaGoByAClockThatNoOneSets() {
		assertThat(this.registry.config().clock()).isInstanceOf(SteadyClock.class);
	}

	@ParameterizedTest
	@CsvSource({ "echo_connections_active,gauge", "echo_connections_opened_total,counter",
			"echo_received_bytes_total,counter", "echo_sent_bytes_total,counter",
			"echo_received_messages_total,counter", "echo_sent_messages_total,counter",
			"echo_connection_duration_seconds,summary", "echo_connections_closed_total,counter",
			"echo_connections_rejected_total,counter", "echo_errors_total,counter" })
	void familyHasTheTypeThatItsNameSays(String family, String type) {
		assertThat(scrape().types()).containsEntry(family, type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "echo_connections_active", "echo_connections_opened_total", "echo_received_bytes_total",
			"echo_sent_bytes_total", "echo_received_messages_total", "echo_sent_messages_total",
			"echo_connection_duration_seconds_count", "echo_connection_duration_seconds_sum" })
	void seriesIsZeroBeforeTheFirstConnection(String name) {
		assertThat(scrape().value(name, "untouched", "")).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "client_closed", "reply_complete", "idle_timeout", "message_too_long", "connection_reset",
			"shutdown", "operator", "error" })
	void closeReasonIsZeroBeforeTheFirstConnection(String reason) {
		assertThat(scrape().value("echo_connections_closed_total", "untouched", reason(reason))).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_connections", "max_connections_per_source", "accept_rate", "denied" })
	void rejectionReasonIsZeroBeforeTheFirstConnection(String reason) {
		assertThat(scrape().value("echo_connections_rejected_total", "untouched", reason(reason))).isZero();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "connection_reset", "message_too_long", "too_many_open_files", "protocol_error", "unknown" })
	void errorIsZeroBeforeTheFirstConnection(String error) {
		assertThat(scrape().value("echo_errors_total", "untouched", "error=\"" + error + "\"")).isZero();
	}

	@Test
	void limitIsThatOfTheServersThatHaveOne() {
		assertThat(scrape().value("echo_connections_limit", "single", "")).isEqualTo(1);
		assertThat(scrape().samples().keySet()).filteredOn((series) -> series.startsWith("echo_connections_limit"))
			.hasSize(1);
	}

	@Test
	void firstEventLoopHasMeters() {
		assertThat(scrape().value("echo_event_loop_cpu_seconds_total{loop=\"0\"}")).isPositive();
		assertThat(scrape().value("echo_event_loop_pending_tasks{loop=\"0\"}")).isNotNegative();
	}

	@Test
	void tagsAreTheContractsAndNamesNoPeer() throws IOException {
		try (EchoClient client = this.service.connect("stream")) {
			client.exchange("tagged");
			Pattern label = Pattern.compile("(\\w+)=([^,}]*)");
			Set<String> names = new TreeSet<>();
			Set<String> values = new TreeSet<>();
			for (String series : scrape().samples().keySet()) {
				Matcher matcher = label.matcher(series);
				while (series.startsWith("echo_") && matcher.find()) {
					names.add(matcher.group(1));
					if (!matcher.group(1).equals("loop")) {
						values.add(matcher.group(2));
					}
				}
			}
			assertThat(names).containsExactly("error", "loop", "reason", "server", "transport");
			assertThat(values).contains("stream", "tcp").noneMatch((value) -> value.matches(".*\\d.*"));
		}
	}

	@Test
	void bytesAreCountedWhenTheirEchoHasBeenRead() throws IOException {
		try (EchoClient client = this.service.connect("stream")) {
			for (int size : new int[] { 1, 64, 4096, 100_000 }) {
				Scrape before = scrape();
				assertThat(client.exchange("x".repeat(size))).hasSize(size);
				Scrape after = scrape();
				assertThat(growth(before, after, "echo_received_bytes_total", "stream")).isEqualTo(size);
				assertThat(growth(before, after, "echo_sent_bytes_total", "stream")).isEqualTo(size);
			}
		}
	}

	@Test
	void messagesAreCountedOneByOneThoughTheyTravelTogether() throws IOException {
		try (EchoClient client = this.service.connect("line")) {
			Scrape before = scrape();
			client.exchange("a\nbc\r\n\nd\n");
			Scrape after = scrape();
			assertThat(growth(before, after, "echo_received_messages_total", "line")).isEqualTo(4);
			assertThat(growth(before, after, "echo_sent_messages_total", "line")).isEqualTo(4);
			assertThat(growth(before, after, "echo_received_bytes_total", "line")).isEqualTo(9);
			assertThat(growth(before, after, "echo_sent_bytes_total", "line")).isEqualTo(9);
		}
	}

	@Test
	void collectCountsWhatItReceivesAndSendsNothing() throws IOException {
		Scrape before = scrape();
		try (EchoClient client = this.service.connect("collect")) {
			client.send("gathered");
			client.halfClose();
			client.readToEnd();
		}
		Scrape after = scrape();
		assertThat(growth(before, after, "echo_received_bytes_total", "collect")).isEqualTo(8);
		assertThat(growth(before, after, "echo_received_messages_total", "collect")).isEqualTo(1);
		assertThat(growth(before, after, "echo_sent_bytes_total", "collect")).isZero();
		assertThat(growth(before, after, "echo_sent_messages_total", "collect")).isZero();
	}

	@Test
	void connectionIsActiveWhileOpenThenClosedByItsClient() throws IOException {
		Scrape before = scrape();
		double active = before.value("echo_connections_active", "line", "");
		try (EchoClient client = this.service.connect("line")) {
			client.exchange("up\n");
			Scrape open = scrape();
			assertThat(growth(before, open, "echo_connections_opened_total", "line")).isEqualTo(1);
			assertThat(open.value("echo_connections_active", "line", "")).isGreaterThan(active - 1).isPositive();
		}
		awaitClosed(before, "line", "client_closed");
	}

	@Test
	void closeAfterTheReplyIsCountedWithItsReason() throws IOException {
		Scrape before = scrape();
		try (EchoClient client = this.service.connect("message")) {
			client.send("one<EOF>");
			client.readToEnd();
		}
		awaitClosed(before, "message", "reply_complete");
	}

	@Test
	void messageOverTheLimitIsCountedAsErrorAndCloseReason() throws IOException {
		Scrape before = scrape();
		try (EchoClient client = this.service.connect("brief")) {
			client.send("12345678\n123456789\n");
			assertThat(client.readTextToEnd()).isEqualTo("12345678\n");
		}
		awaitClosed(before, "brief", "message_too_long");
		Scrape after = scrape();
		String error = "error=\"message_too_long\"";
		assertThat(after.value("echo_errors_total", "brief", error) - before.value("echo_errors_total", "brief", error))
			.isEqualTo(1);
		assertThat(growth(before, after, "echo_sent_bytes_total", "brief")).isEqualTo(9);
	}

	@Test
	void connectionOverTheLimitIsClosedAtOnceAndCountedAsRejectedOnly() throws IOException {
		Awaitility.await().atMost(TIMEOUT).until(() -> scrape().value("echo_connections_active", "single", "") == 0);
		try (EchoClient inside = this.service.connect("single")) {
			inside.exchange("in");
			Scrape before = scrape();
			try (EchoClient outside = this.service.connect("single")) {
				assertThat(isEnded(outside)).isTrue();
			}
			Scrape after = scrape();
			String reason = reason("max_connections");
			assertThat(after.value("echo_connections_rejected_total", "single", reason)
					- before.value("echo_connections_rejected_total", "single", reason))
				.isEqualTo(1);
			assertThat(growth(before, after, "echo_connections_opened_total", "single")).isZero();
			assertThat(inside.exchange("still here")).isEqualTo("still here");
		}
	}

	@Test
	void metricsEndpointShowsTheSameCounters() {
		assertThat(this.service.actuator().<String>json("metrics/echo.received.bytes", "$.baseUnit"))
			.isEqualTo("bytes");
		assertThat(this.service.actuator()
			.<Double>json("metrics/echo.received.bytes?tag=server:untouched", "$.measurements[0].value")).isZero();
		assertThat(this.service.actuator().get("metrics/echo.no.such.meter").statusCode()).isEqualTo(404);
	}

	/** A connection that is turned away ends with FIN or RST. */
	private static boolean isEnded(EchoClient client) throws IOException {
		try {
			return client.readSome(new byte[1]) < 0;
		}
		catch (SocketException ex) {
			return ex.getMessage().contains("reset");
		}
	}

	private void awaitClosed(Scrape before, String server, String reason) {
		String label = reason(reason);
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(scrape().value("echo_connections_closed_total", server, label))
				.isEqualTo(before.value("echo_connections_closed_total", server, label) + 1));
		assertThat(scrape().value("echo_connection_duration_seconds_count", server, ""))
			.isGreaterThan(before.value("echo_connection_duration_seconds_count", server, ""));
	}

	private static double growth(Scrape before, Scrape after, String name, String server) {
		return after.value(name, server, "") - before.value(name, server, "");
	}

	private static String reason(String reason) {
		return "reason=\"" + reason + "\"";
	}

	private Scrape scrape() {
		return this.service.actuator().scrape();
	}

}
