package dev.socketecho.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.socketecho.server.EchoServers;
import dev.socketecho.testing.TestApplication;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code /actuator/load} as its callers see it.
 */
class LoadEndpointIT {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext servers;

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() {
		servers = TestApplication.run("management.endpoint.faults.access=unrestricted");
		application = TestApplication.run("management.endpoint.load.access=unrestricted",
				"echo.tcp.clients.line.host=127.0.0.1",
				"echo.tcp.clients.line.port=" + TestApplication.port(servers, "line"),
				"echo.tcp.clients.line.framing=line", "echo.tcp.clients.idle.host=127.0.0.1",
				"echo.tcp.clients.idle.port=" + TestApplication.port(servers, "line"),
				"echo.tcp.clients.abc.host=127.0.0.1", "echo.tcp.clients.abc.port=7",
				"echo.tcp.clients.abc.framing=delimiter", "echo.tcp.clients.abc.delimiter=abc",
				"echo.udp.clients.udp.host=127.0.0.1",
				"echo.udp.clients.udp.port=" + servers.getBean(EchoServers.class).udp().getFirst().port(),
				"echo.load.max-duration=60s", "echo.load.max-connections=100", "echo.load.max-rate=50000");
	}

	@AfterAll
	static void stop() {
		application.close();
		servers.close();
	}

	@AfterEach
	void stopRuns() throws Exception {
		for (String client : List.of("line", "udp")) {
			assertThat(send("DELETE", client, null).statusCode()).isEqualTo(204);
		}
	}

	@Test
	void runIsAnsweredFollowedAndKept() throws Exception {
		HttpResponse<String> answer = post("line", """
				{"rate": 500, "connections": 3, "outstanding": 2, "payloadSize": 100, "duration": "400ms",
				"warmUp": "200ms"}""");
		assertThat(answer.statusCode()).isEqualTo(202);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
		JsonNode started = json(answer.body());
		assertThat(started.at("/client").asString()).isEqualTo("line");
		assertThat(started.at("/state").asString()).isEqualTo("warming_up");
		assertThat(started.at("/sent").asLong()).isZero();
		JsonNode report = ended("line");
		assertThat(report.at("/state").asString()).isEqualTo("finished");
		assertThat(report.at("/transport").asString()).isEqualTo("tcp");
		assertThat(report.at("/rateAsked").asLong()).isEqualTo(500);
		assertThat(report.at("/rateReached").asDouble()).isEqualTo(500);
		assertThat(report.at("/duration").asString()).isEqualTo("400ms");
		for (String figure : List.of("sent", "received")) {
			assertThat(report.at("/" + figure).asLong()).as(figure).isEqualTo(200);
		}
		assertThat(report.at("/bytes").asLong()).isEqualTo(20_000);
		assertThat(report.at("/lost").asLong() + report.at("/corrupted").asLong()).isZero();
		assertThat(report.at("/errors").isEmpty()).isTrue();
		assertThat(report.at("/scheduleLagMicros").asDouble()).isNotNegative();
		for (String times : List.of("latency", "connect")) {
			List<Double> ascending = Stream.of("min", "p50", "p75", "p90", "p99", "p999", "p9999", "max")
				.map((name) -> report.at("/%s/%sMicros".formatted(times, name)).asDouble())
				.toList();
			assertThat(ascending).isSorted().allSatisfy((micros) -> assertThat(micros).isPositive());
			assertThat(report.at("/%s/meanMicros".formatted(times)).asDouble()).isPositive();
		}
		assertThat(report.at("/histogram").size()).isBetween(1, 100);
		assertThat(json(send("GET", "", null).body()).at("/runs/0")).isEqualTo(report);
		assertThat(counter("echo.load.sent", "line")).isGreaterThanOrEqualTo(200);
		assertThat(counter("echo.load.received", "line")).isEqualTo(counter("echo.load.sent", "line"));
		assertThat(counter("echo.client.sent.messages", "line")).isZero();
	}

	@Test
	void followerGetsAnEventASecondUntilTheEnd() throws Exception {
		assertThat(post("udp", "{\"connections\": 1, \"outstanding\": 1, \"duration\": \"1500ms\", \"warmUp\": \"0s\"}")
			.statusCode()).isEqualTo(202);
		HttpResponse<String> events = http.send(request("udp").header("Accept", "text/event-stream").build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(events.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
		List<String> reports = List.of(events.body().split("\n\n"));
		assertThat(reports).hasSizeGreaterThan(1).allSatisfy((event) -> assertThat(event).startsWith("data:{"));
		assertThat(reports.getLast()).contains("\"state\":\"finished\"");
		assertThat(json(reports.getLast().substring("data:".length()))).isEqualTo(ended("udp"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "text/event-stream;q=0, application/json | application/json",
					"application/json, text/event-stream;q=0.5 | application/json",
					"text/event-stream;q=0.2, */* | application/vnd.spring-boot.actuator.v3+json",
					"application/json;q=0.5, text/event-stream | text/event-stream",
					"*/*;q=0.8, text/event-stream | text/event-stream",
					"text/html, text/event-stream;q=0.1 | text/event-stream",
					"application/json;q=0, text/event-stream;q=0.001 | text/event-stream" })
	void answerIsWhatTheCallerPrefers(String accept, String type) throws Exception {
		assertThat(post("line", "{\"duration\": \"1ms\", \"warmUp\": \"0s\"}").statusCode()).isEqualTo(202);
		ended("line");
		HttpResponse<String> answer = http.send(request("line").header("Accept", accept).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
	}

	@Test
	void oneRunAtATimeUntilItIsStopped() throws Exception {
		assertThat(post("line", "{\"warmUp\": \"0s\"}").statusCode()).isEqualTo(202);
		for (String client : List.of("line", "udp")) {
			HttpResponse<String> second = post(client, "{}");
			assertThat(second.statusCode()).isEqualTo(409);
			assertThat(second.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(json(second.body()).at("/detail").asString())
				.isEqualTo("A load run with client 'line' is under way already.");
		}
		await().until(() -> run("line").at("/received").asLong() > 0);
		assertThat(run("line").at("/rateAsked").isNull()).isTrue();
		assertThat(send("DELETE", "line", null).statusCode()).isEqualTo(204);
		JsonNode report = run("line");
		assertThat(report.at("/state").asString()).isEqualTo("stopped");
		assertThat(report.at("/sent").asLong()).isEqualTo(report.at("/received").asLong());
		await().until(() -> servers.getBean(MeterRegistry.class)
			.get("echo.connections.active")
			.tags("server", "line")
			.gauge()
			.value() == 0);
		assertThat(post("line", "{\"duration\": \"1ms\", \"warmUp\": \"0s\"}").statusCode()).isEqualTo(202);
	}

	/**
	 * Servers, clients and probes wait for the processor at the most: a run works on
	 * event loops of its own.
	 */
	@Test
	void runTakesNoTimeOfTheEventLoopsOfTheService() throws Exception {
		double before = eventLoopSeconds(application);
		double beforeOfServers = eventLoopSeconds(servers);
		assertThat(post("line", "{\"rate\": 10000, \"duration\": \"1s\", \"warmUp\": \"0s\"}").statusCode())
			.isEqualTo(202);
		assertThat(ended("line").at("/received").asLong()).isEqualTo(10_000);
		double used = eventLoopSeconds(application) - before;
		assertThat(used).as("CPU time, in s").isLessThan(0.05);
		assertThat(eventLoopSeconds(servers) - beforeOfServers).as("CPU time of the servers, in s").isGreaterThan(used);
	}

	private static double eventLoopSeconds(ConfigurableApplicationContext of) {
		return of.getBean(MeterRegistry.class)
			.get("echo.event.loop.cpu")
			.functionCounters()
			.stream()
			.mapToDouble(FunctionCounter::count)
			.sum();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { "{'rate': 50001} | rate: 50001 (expected: 1 to 50000)",
			"{'rate': 0} | rate: 0 (expected: 1 to 50000)",
			"{'rate': 1.5} | rate: 1.5 (expected: an integer up to 2147483647)",
			"{'rate': 99999999999} | rate: 99999999999 (expected: an integer up to 2147483647)",
			"{'connections': 101} | connections: 101 (expected: 1 to 100)",
			"{'connections': '8'} | connections: ?8? (expected: an integer up to 2147483647)",
			"{'outstanding': 1025} | outstanding: 1025 (expected: 1 to 1024)",
			"{'payloadSize': 0} | payloadSize: 0 (expected: 1 to 524288)",
			"{'payloadSize': 524289} | payloadSize: 524289 (expected: 1 to 524288)",
			"{'duration': '61s'} | duration: 61s (expected: 1ms to 1m)",
			"{'duration': '30'} | duration: ?30? (expected: a duration such as ?30s?)",
			"{'duration': 30} | duration: 30 (expected: a duration such as ?30s?)",
			"{'duration': '5 parsecs'} | duration: ?5 parsecs? (expected: a duration such as ?30s?)",
			"{'duration': 'PT9223372036854775807S'} | duration: PT2562047788015215H30M7S (expected: 1ms to 1m)",
			"{'duration': '1us'} | duration: PT0.000001S (expected: 1ms to 1m)",
			"{'warmUp': '-1s'} | warmUp: -1s (expected: 0s to 1m)",
			"{'raet': 5} | raet: there is no such property (expected: rate, connections, outstanding, payloadSize, duration, warmUp)",
			"{'rate': 5, 'rate': 6} | The body is not JSON: ", "[] | The body must be a JSON object.",
			"{'rate': 5} x | The body is not JSON: ", "\"\" | The body is not JSON: " })
	void mistakeIsNamedWithItsValueAndWhatIsExpected(String body, String detail) throws Exception {
		HttpResponse<String> answer = post("line", body.replace('\'', '"'));
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(json(answer.body()).at("/detail").asString()).startsWith(detail.replace('?', '"'));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "abc | {} | delimiter: 'abc' (expected: other than lower-case letters",
					"udp | {\"payloadSize\": 3} | payloadSize: 3 (expected: 4 to 65507)",
					"udp | {\"payloadSize\": 65508} | payloadSize: 65508 (expected: 4 to 65507)" })
	void clientThatCannotSendItIsNamed(String client, String body, String detail) throws Exception {
		HttpResponse<String> answer = post(client, body);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(json(answer.body()).at("/detail").asString()).startsWith(detail);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "GET", "DELETE" })
	void unknownClientIsNotFound(String method) throws Exception {
		assertThat(send(method, "none", method.equals("POST") ? "{}" : null).statusCode()).isEqualTo(404);
	}

	@Test
	void otherMethodsAreToldWhichAreAllowed() throws Exception {
		for (String method : List.of("PUT", "PATCH")) {
			HttpResponse<String> answer = send(method, "line", null);
			assertThat(answer.statusCode()).isEqualTo(405);
			assertThat(answer.headers().firstValue("Allow").orElse("").split(",")).containsExactlyInAnyOrder("GET",
					"POST", "DELETE");
		}
		assertThat(send("HEAD", "idle", null).statusCode()).isEqualTo(404);
		assertThat(send("OPTIONS", "idle", null).statusCode()).isEqualTo(200);
	}

	@Test
	void clientWithoutARunHasNone() throws Exception {
		assertThat(send("GET", "idle", null).statusCode()).isEqualTo(404);
		assertThat(send("DELETE", "idle", null).statusCode()).isEqualTo(204);
		HttpResponse<String> events = http.send(request("idle").header("Accept", "text/event-stream").build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(events.statusCode()).isEqualTo(404);
	}

	@Test
	void foreignPageStartsNothing() throws Exception {
		HttpRequest foreign = request("line").header("Origin", "http://stranger.example")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{}"))
			.build();
		assertThat(http.send(foreign, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(403);
		HttpRequest form = request("line").POST(HttpRequest.BodyPublishers.ofString("{}")).build();
		assertThat(http.send(form, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(415);
		assertThat(post("line", " ".repeat(20_000)).statusCode()).isEqualTo(413);
	}

	@Test
	void serviceThatStopsEndsTheRunAndItsConnections() throws Exception {
		CompletableFuture<String> events;
		try (ConfigurableApplicationContext other = TestApplication.run("management.endpoint.load.access=unrestricted",
				"echo.tcp.clients.stream.host=127.0.0.1",
				"echo.tcp.clients.stream.port=" + TestApplication.port(servers, "stream"))) {
			URI uri = URI.create("http://127.0.0.1:%s/actuator/load/stream".formatted(httpPort(other)));
			HttpRequest start = HttpRequest.newBuilder(uri)
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{}"))
				.build();
			assertThat(http.send(start, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(202);
			await().until(() -> active("stream") == 8);
			events = http
				.sendAsync(HttpRequest.newBuilder(uri).header("Accept", "text/event-stream").build(),
						HttpResponse.BodyHandlers.ofString())
				.thenApply(HttpResponse::body);
		}
		await().until(() -> active("stream") == 0);
		assertThat(Thread.getAllStackTraces().keySet()).noneMatch((thread) -> thread.getName().startsWith("load-"));
		assertThat(events.handle((body, _) -> true).get(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void runsAreStartedAndFollowedWhereTheEndpointIs() throws Exception {
		try (ConfigurableApplicationContext other = TestApplication.run("management.server.port=0",
				"management.endpoints.web.path-mapping.load=strain", "management.endpoint.load.access=unrestricted",
				"echo.tcp.clients.stream.host=127.0.0.1",
				"echo.tcp.clients.stream.port=" + TestApplication.port(servers, "stream"))) {
			String path = "http://127.0.0.1:%s/actuator/strain/stream";
			String management = path.formatted(other.getEnvironment().getRequiredProperty("local.management.port"));
			String body = "{\"rate\": 100, \"duration\": \"100ms\", \"warmUp\": \"0s\"}";
			assertThat(start(path.formatted(httpPort(other)), body)).isEqualTo(404);
			assertThat(start(management, body)).isEqualTo(202);
			HttpResponse<String> events = http.send(
					HttpRequest.newBuilder(URI.create(management)).header("Accept", "text/event-stream").build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(events.body()).contains("\"state\":\"finished\"").contains("\"received\":10,");
		}
	}

	private static int start(String url, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
	}

	private static String httpPort(ConfigurableApplicationContext of) {
		return of.getEnvironment().getRequiredProperty("local.server.port");
	}

	private static double active(String server) {
		return servers.getBean(MeterRegistry.class)
			.get("echo.connections.active")
			.tags("server", server)
			.gauge()
			.value();
	}

	/**
	 * A server that holds each 500th message back for a second, and all behind it. The
	 * schedule goes on meanwhile: the messages that were due in that second have waited,
	 * two thirds of all, for half a second on average. Without a schedule, nothing is
	 * sent in that second: one message of 500 has waited.
	 */
	@Test
	void scheduleShowsTheWaitingThatRunsWithoutOneHide() throws Exception {
		holdEachFiveHundredth();
		assertThat(post("line", "{\"rate\": 500, \"connections\": 1, \"duration\": \"3s\", \"warmUp\": \"0s\"}")
			.statusCode()).isEqualTo(202);
		JsonNode open = ended("line");
		assertThat(open.at("/received").asLong()).isEqualTo(1500);
		assertThat(open.at("/latency/p75Micros").asDouble()).isGreaterThan(500_000);
		holdEachFiveHundredth();
		assertThat(post("line", "{\"connections\": 1, \"outstanding\": 1, \"duration\": \"3s\", \"warmUp\": \"0s\"}")
			.statusCode()).isEqualTo(202);
		JsonNode closed = ended("line");
		assertThat(closed.at("/latency/maxMicros").asDouble()).isGreaterThan(990_000);
		assertThat(closed.at("/latency/p99Micros").asDouble()).isLessThan(500_000);
		assertThat(faults("DELETE", null).statusCode()).isEqualTo(204);
	}

	private static void holdEachFiveHundredth() throws Exception {
		assertThat(faults("POST",
				"{\"faults\":{\"hold\":{\"type\":\"delay\",\"unit\":\"message\",\"every\":500,\"delay\":\"1s\"}}}")
			.statusCode()).isEqualTo(200);
	}

	private static HttpResponse<String> faults(String method, String body) throws Exception {
		return http.send(HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%s/actuator/faults/tcp/line".formatted(httpPort(servers))))
			.header("Content-Type", "application/json")
			.method(method,
					(body != null) ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody())
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode ended(String client) {
		return await().atMost(Duration.ofSeconds(20))
			.until(() -> run(client), (report) -> Map.of("finished", 1, "stopped", 1, "failed", 1)
				.containsKey(report.at("/state").asString()));
	}

	private static JsonNode run(String client) throws Exception {
		return json(send("GET", client, null).body());
	}

	private static double counter(String name, String client) {
		return application.getBean(MeterRegistry.class)
			.get(name)
			.tags("client", client)
			.meter()
			.measure()
			.iterator()
			.next()
			.getValue();
	}

	private static HttpResponse<String> post(String client, String body) throws Exception {
		return send("POST", client, body);
	}

	private static HttpRequest.Builder request(String client) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/actuator/load%s".formatted(httpPort(application),
				client.isEmpty() ? "" : "/" + client)))
			.timeout(Duration.ofSeconds(20));
	}

	private static HttpResponse<String> send(String method, String client, String body) throws Exception {
		HttpRequest.Builder request = request(client).method(method,
				(body != null) ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
		if (body != null) {
			request.header("Content-Type", "application/json");
		}
		return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
