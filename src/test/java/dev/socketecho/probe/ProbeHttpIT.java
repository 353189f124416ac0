package dev.socketecho.probe;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.testing.TestApplication;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The HTTP endpoints of clients and probes, in a running service.
 */
class ProbeHttpIT {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext peer;

	private static ConfigurableApplicationContext service;

	private static int streamPort;

	private static int linePort;

	@BeforeAll
	static void start() {
		peer = TestApplication.run();
		streamPort = TestApplication.port(peer, "stream");
		linePort = TestApplication.port(peer, "line");
		service = TestApplication.run("management.endpoint.echo.access=unrestricted",
				"echo.tcp.clients.backend.host=127.0.0.1", "echo.tcp.clients.backend.port=" + linePort,
				"echo.tcp.clients.backend.framing=line", "echo.tcp.clients.down.host=127.0.0.1",
				"echo.tcp.clients.down.port=1", "echo.probes.line.client=backend", "echo.probes.line.interval=20ms",
				"echo.probes.nothing.transport=tcp", "echo.probes.nothing.host=127.0.0.1", "echo.probes.nothing.port=1",
				"echo.probes.nothing.interval=20ms", "echo.probe-endpoint.allowed-targets=127.0.0.0/8,*.example.org");
	}

	@AfterAll
	static void stop() {
		service.close();
		peer.close();
	}

	@Test
	void clientsAreListed() throws Exception {
		assertThat(get("/actuator/echo").body()).contains("\"name\":\"backend\"", "\"transport\":\"tcp\"",
				"\"host\":\"127.0.0.1\"", "\"port\":" + linePort);
	}

	@Test
	void messagesAreSentThroughAClient() throws Exception {
		HttpResponse<String> response = post("/actuator/echo/backend", "{\"message\": \"hello\", \"count\": 3}");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body())
			.contains("\"sequence\":2", "\"bytes\":5", "\"reply\":\"hello\"", "\"sent\":3", "\"received\":3",
					"\"lost\":0", "\"minMicros\":")
			.doesNotContain("error");
	}

	@Test
	void messagesOfAMegabyteAreSent() throws Exception {
		String message = "x".repeat(1024 * 1024);
		HttpResponse<String> response = post("/actuator/echo/backend", "{\"message\": \"" + message + "\"}");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains(message);
		assertThat(post("/actuator/echo/backend", "{\"payloadSize\": 1048576, \"count\": 3}").body())
			.contains("\"received\":3");
		assertThat(post("/actuator/echo/backend", "{\"message\": \"" + message + "x\"}").statusCode()).isEqualTo(400);
	}

	@Test
	void failureIsReported() throws Exception {
		assertThat(post("/actuator/echo/down", "{\"message\": \"hello\"}").body())
			.contains("\"error\":\"connection_refused\"", "\"received\":0", "\"lost\":1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"message\": \"a\", \"count\": 0}", "{\"message\": \"a\", \"count\": 1001}",
			"{\"message\": \"a\", \"payloadSize\": 1}", "{\"payloadSize\": -1}", "{\"payloadSize\": 1048577}",
			"{\"message\": \"a\", \"count\": \"many\"}" })
	void invalidInputIsAProblem(String body) throws Exception {
		HttpResponse<String> response = post("/actuator/echo/backend", body);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
	}

	@Test
	void unknownClientIsAProblem() throws Exception {
		HttpResponse<String> response = post("/actuator/echo/nobody", "{\"message\": \"hello\"}");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).contains("nobody");
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
	}

	@Test
	void targetsAreProbed() throws Exception {
		for (String query : List.of("module=tcp_echo&target=127.0.0.1:" + streamPort,
				"module=tcp_line&target=127.0.0.1:" + linePort, "module=backend",
				"module=backend&target=127.0.0.1:" + linePort)) {
			HttpResponse<String> response = get("/probe?" + query);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
			assertThat(response.body())
				.contains("\nprobe_success 1.0", "\nprobe_duration_seconds ", "\nprobe_echo_rtt_seconds ",
						"\nprobe_echo_connect_seconds ")
				.doesNotContain("probe_echo_failure");
		}
	}

	@Test
	void failedProbeSaysWhy() throws Exception {
		for (String module : List.of("tcp_echo", "udp_echo")) {
			assertThat(get("/probe?module=" + module + "&target=127.0.0.1:1").body())
				.contains("\nprobe_success 0.0", "\nprobe_echo_failure{error=\"connection_refused\"} 1.0")
				.doesNotContain("probe_echo_rtt_seconds ");
		}
	}

	@Test
	void scrapeTimeoutIsHonoured() throws Exception {
		try (ServerSocket silent = new ServerSocket(0)) {
			HttpRequest request = request("/probe?module=tcp_echo&target=127.0.0.1:" + silent.getLocalPort())
				.header("X-Prometheus-Scrape-Timeout-Seconds", "0.6")
				.build();
			// By default it would be 5 seconds
			assertThat(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
				.succeedsWithin(Duration.ofSeconds(4))
				.extracting(HttpResponse::body, as(InstanceOfAssertFactories.STRING))
				.contains("\nprobe_success 0.0", "error=\"reply_timed_out\"");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "module=tcp_echo", "module=nonsense&target=127.0.0.1:7",
			"module=tcp_echo&target=127.0.0.1", "module=tcp_echo&target=127.0.0.1:0",
			"module=tcp_echo&target=127.0.0.1:65536", "module=tcp_echo&target=under%20score:7",
			"module=tcp_echo&target=:7", "module=tcp_echo&target=::1:7", "module=tcp_echo&target=host%2F..:7" })
	void badParameterIsABadRequest(String query) throws Exception {
		assertThat(get("/probe?" + query).statusCode()).isEqualTo(400);
	}

	@Test
	void refusalNamesTheParameterAndItsValue() throws Exception {
		assertThat(get("/probe?module=tcp_echo&target=under%20score:7").body()).contains("target: 'under score:7'");
		assertThat(get("/probe?module=nonsense&target=localhost:7").body()).contains("module: 'nonsense'");
		assertThat(get("/probe?module=tcp_echo&target=192.0.2.1:7").body()).contains("192.0.2.1:7", "allowed-targets");
	}

	@Test
	void badScrapeTimeoutIsABadRequest() throws Exception {
		HttpRequest request = request("/probe?module=backend").header("X-Prometheus-Scrape-Timeout-Seconds", "soon")
			.build();
		assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(400);
	}

	@Test
	void targetThatIsNotAllowedIsForbidden() throws Exception {
		for (String target : List.of("192.0.2.1:7", "example.com:7", "localhost:7", "[::1]:7")) {
			String encoded = target.replace("[", "%5B").replace("]", "%5D");
			assertThat(get("/probe?module=tcp_echo&target=" + encoded).statusCode()).as(target).isEqualTo(403);
		}
	}

	@Test
	void probesAreBoundedAndEndWithTheirCallers() throws Exception {
		List<Socket> callers = new ArrayList<>();
		try (ServerSocket silent = new ServerSocket(0, 1024)) {
			try {
				await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
					// One that looks for a place takes it for a moment
					do {
						callers.add(scrape(silent.getLocalPort()));
					}
					while (callers.size() < ProbeHandler.MAX_CONCURRENT);
					assertThat(get("/probe?module=backend").statusCode()).isEqualTo(503);
				});
			}
			finally {
				for (Socket caller : callers) {
					caller.close();
				}
			}
			// Their own time would be over after a minute
			await().untilAsserted(() -> assertThat(get("/probe?module=backend").statusCode()).isEqualTo(200));
		}
	}

	private static Socket scrape(int port) throws IOException {
		Socket socket = new Socket("localhost",
				Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port")));
		socket.getOutputStream().write("""
				GET /probe?module=tcp_echo&target=127.0.0.1:%d HTTP/1.1\r
				Host: localhost\r
				X-Prometheus-Scrape-Timeout-Seconds: 60\r
				\r
				""".formatted(port).getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	@Test
	void healthHasTheProbes() {
		await().untilAsserted(() -> assertThat(get("/actuator/health/echoProbes/line").body())
			.contains("\"status\":\"UP\"", "\"since\":", "\"rttMicros\":"));
		await().untilAsserted(() -> assertThat(get("/actuator/health/echoProbes/nothing").body())
			.contains("\"status\":\"DOWN\"", "\"error\":\"connection_refused\"", "\"since\":"));
	}

	@Test
	void targetThatIsDownLeavesTheServiceReady() throws Exception {
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
	}

	@Test
	void probesAreMetered() {
		await().untilAsserted(() -> assertThat(get("/actuator/prometheus").body()).contains(
				"echo_probe_up{probe=\"line\"} 1.0", "echo_probe_up{probe=\"nothing\"} 0.0",
				"echo_probe_rtt_seconds_bucket{probe=\"line\",le=\"5.0E-5\"}",
				"echo_probe_jitter_seconds{probe=\"line\"}", "echo_probe_sent_total{probe=\"line\"}",
				"echo_probe_received_total{probe=\"line\"}", "echo_probe_lost_total{probe=\"line\"} 0.0",
				"echo_probe_duplicated_total{probe=\"line\"} 0.0", "echo_probe_reordered_total{probe=\"line\"} 0.0",
				"echo_probe_corrupted_total{probe=\"line\"} 0.0",
				"echo_probe_errors_total{error=\"connection_refused\",probe=\"nothing\"}",
				"echo_client_connections_active{client=\"backend\",transport=\"tcp\"}",
				"echo_client_rtt_seconds_bucket{client=\"backend\",transport=\"tcp\",le=\"5.0\"}",
				"echo_client_errors_total{client=\"backend\",error=\"unknown\",transport=\"tcp\"} 0.0"));
	}

	private static HttpResponse<String> get(String path) throws Exception {
		return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
	}

	private static HttpResponse<String> post(String path, String body) throws Exception {
		return http.send(request(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(
				URI.create("http://localhost:" + service.getEnvironment().getProperty("local.server.port") + path));
	}

}
