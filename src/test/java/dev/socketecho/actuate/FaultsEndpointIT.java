package dev.socketecho.actuate;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.socketecho.app.Logs;
import dev.socketecho.server.EchoServers;
import dev.socketecho.testing.TestApplication;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code /actuator/faults} on a management port of its own, as its callers see it.
 */
@ExtendWith(OutputCaptureExtension.class)
class FaultsEndpointIT {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() {
		application = TestApplication.run("management.server.port=0", "management.endpoint.faults.access=unrestricted",
				"echo.tcp.servers.set.port=0", "echo.tcp.servers.set.framing=line",
				"echo.tcp.servers.set.faults.slow.type=delay", "echo.tcp.servers.set.faults.slow.delay=90s",
				"echo.tcp.servers.set.faults.slow.probability=0.5",
				"echo.tcp.servers.set.faults.slow.sources=10.0.0.0/8,::1", "echo.tcp.servers.set.faults.off.type=reset",
				"echo.tcp.servers.set.faults.off.after-bytes=2048B", "echo.tcp.servers.set.faults.off.enabled=false");
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void removeFaults() throws Exception {
		for (String server : List.of("tcp/line", "tcp/stream", "udp/datagram")) {
			assertThat(send("DELETE", "faults/" + server, null, null).statusCode()).isEqualTo(204);
		}
	}

	@Test
	void faultsOfTheConfigurationAreListedAsTheyWereSet() throws Exception {
		assertThat(faults("tcp", "set").toString()).isEqualTo("""
				[{"name":"off","type":"reset","enabled":false,"after-bytes":"2KB","injected":0},\
				{"name":"slow","type":"delay","probability":0.5,"delay":"90s","sources":["10.0.0.0/8","::1"],\
				"injected":0}]""");
		assertThat(faults("udp", "datagram").toString()).isEqualTo("[]");
	}

	@Test
	void setIsReplacedWholeAndAnswered() throws Exception {
		assertThat(post("tcp/line", "{\"faults\":{\"a\":{\"type\":\"stall\"},\"b\":{\"type\":\"slice\",\"size\":7}}}")
			.statusCode()).isEqualTo(200);
		HttpResponse<String> answer = post("tcp/line",
				"""
						{"faults": {"y": {"type": "slow-close", "after-bytes": "10KB", "delay": "1500ms", "direction": "inbound",
						"every": 3, "for": "2m", "sources": ["127.0.0.0/8"], "seed": -7, "probability": 0.25}}}""");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(answer.body()).isEqualTo("""
				{"servers":[{"transport":"tcp","server":"line","faults":[{"name":"y","type":"slow-close",\
				"direction":"inbound","probability":0.25,"delay":"1500ms","after-bytes":"10KB","every":3,"for":"2m",\
				"sources":["127.0.0.0/8"],"seed":-7,"injected":0}]}]}""");
		assertThat(faults("tcp", "line")).isEqualTo(json(answer.body()).at("/servers/0/faults"));
		assertThat(post("tcp/line", "{\"faults\":{}}").statusCode()).isEqualTo(200);
		assertThat(faults("tcp", "line")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"tcp/line | {'y':{'type':'dealy'}} | faults.y.type: 'dealy' (expected: delay, bandwidth, stall, slice, ",
			"tcp/line | {'y':{'type':'drop'}} | faults.y.type: 'drop' (is not for TCP (expected: one of [delay, ",
			"udp/datagram | {'y':{'type':'reset'}} | faults.y.type: 'reset' (is not for UDP (expected: one of [delay, ",
			"tcp/line | {'y':{'delay':'1s'}} | faults.y.type: is required",
			"tcp/line | {'y':{}} | faults.y.type: is required", "tcp/line | {'y':7} | faults.y.type: is required",
			"tcp/line | {'y':{'type':null}} | faults.y.type: ",
			"tcp/line | {'y':{'sources':[]}} | faults.y.type: is required",
			"tcp/line | {'y':{'type':[]}} | faults.y.type: ",
			"tcp/line | {'y':{'type':'delay','delay':null}} | faults.y.delay: '' (has no value)",
			"tcp/line | {'y':{'type':'delay','dealy':'1s'}} | faults.y.dealy: '1s' (there is no such property)",
			"tcp/line | {'y':{'type':'delay','lifetime':'1s'}} | faults.y.lifetime: '1s' (there is no such property)",
			"tcp/line | {'y':{'type':'delay','a b':'1s'}} | faults.y.a b: there is no such property",
			"tcp/line | {'y':{'type':'delay','delay':{'a':1}}} | faults.y.delay: must be a text, a number or a boolean",
			"tcp/line | {'y':{'type':'delay','delay':'-1s'}} | faults.y.delay: '-1s' (must be ",
			"tcp/line | {'y':{'type':'delay','delay':'25h'}} | faults.y.delay: '25h' (must be ",
			"tcp/line | {'y':{'type':'delay','delay':'soon'}} | faults.y.delay: 'soon' (",
			"tcp/line | {'y':{'type':'delay','delay':'9223372036854775807h'}} | faults.y.delay: '9223372036854775807h' (",
			"tcp/line | {'y':{'type':'delay','for':'0s'}} | faults.y.for: '0s' (must be ",
			"tcp/line | {'y':{'type':'delay','bytes':3}} | faults.y.bytes: '3' (means nothing to the type 'delay')",
			"tcp/line | {'y':{'type':'stall','delay':'3s'}} | faults.y.delay: '3s' (means nothing to the type 'stall')",
			"tcp/line | {'y':{'type':'slice','size':'8B','size-variation':'8B'}} | faults.y.size-variation: '8B' (must be less than size)",
			"tcp/line | {'y':{'type':'slice'}} | faults.y.size: is required",
			"tcp/line | {'y':{'type':'slice','size':'0B'}} | faults.y.size: '0B' (must be 1 to ",
			"tcp/line | {'y':{'type':'bandwidth'}} | faults.y.rate: is required",
			"tcp/line | {'y':{'type':'bandwidth','rate':'1KB','burst':'1KB'}} | faults.y.burst: '1KB' (is for UDP",
			"tcp/line | {'y':{'type':'bandwidth','rate':'1KB','scope':'all'}} | faults.y.scope: 'all' (expected: connection, server)",
			"udp/datagram | {'y':{'type':'bandwidth','rate':'1KB','scope':'connection'}} | faults.y.scope: 'connection' (must be 'server' on UDP",
			"tcp/line | {'y':{'type':'reset','after-bytes':'9223372036854775807TB'}} | faults.y.after-bytes: '9223372036854775807TB' (",
			"tcp/line | {'y':{'type':'reset','after-bytes':'-1B'}} | faults.y.after-bytes: '-1B' (must be 0 to ",
			"tcp/stream | {'y':{'type':'delay','unit':'message'}} | faults.y.unit: 'message' (must be 'connection' with the framing 'none'",
			"udp/datagram | {'y':{'type':'drop','unit':'message'}} | faults.y.unit: 'message' (is for TCP",
			"tcp/line | {'y':{'type':'delay','probability':1.5}} | faults.y.probability: '1.5' (must be less than or equal to 1)",
			"tcp/line | {'y':{'type':'delay','probability':-0.1}} | faults.y.probability: '-0.1' (must be ",
			"tcp/line | {'y':{'type':'delay','probability':'NaN'}} | faults.y.probability: 'NaN' (must be ",
			"tcp/line | {'y':{'type':'delay','first':0}} | faults.y.first: '0' (must be ",
			"tcp/line | {'y':{'type':'delay','every':'x'}} | faults.y.every: 'x' (",
			"tcp/line | {'y':{'type':'delay','sources':['10.0.0.1/8']}} | faults.y.sources[0]: '10.0.0.1/8' ('10.0.0.1/8' must be an IP address",
			"tcp/line | {'y':{'type':'delay','seed':9223372036854775808}} | faults.y.seed: '9223372036854775808' (",
			"udp/datagram | {'y':{'type':'duplicate','count':101}} | faults.y.count: '101' (must be ",
			"tcp/line | {'Y':{'type':'delay'}} | faults.Y: the fault's name must be 1 to 32 of",
			"tcp/line | {'a.b':{'type':'delay'}} | faults.a.b: the fault's name must be 1 to 32 of",
			"tcp/line | {'':{'type':'delay'}} | faults.: the fault's name must be 1 to 32 of" })
	void invalidSetChangesNothingAndIsExplained(String server, String faults, String detail) throws Exception {
		assertThat(post(server, "{\"faults\":{\"before\":{\"type\":\"corrupt\"}}}").statusCode()).isEqualTo(200);
		HttpResponse<String> answer = post(server, "{\"faults\":" + faults.replace('\'', '"') + "}");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(json(answer.body()).get("detail").asString()).startsWith(detail);
		assertThat(faults(server.split("/")[0], server.split("/")[1]).findValuesAsString("name"))
			.containsExactly("before");
	}

	@Test
	void noMoreThanSixteenFaults() throws Exception {
		String most = IntStream.range(0, 16)
			.mapToObj((i) -> "\"f%d\":{\"type\":\"corrupt\"}".formatted(i))
			.reduce((a, b) -> a + "," + b)
			.orElseThrow();
		assertThat(post("tcp/line", "{\"faults\":{" + most + "}}").statusCode()).isEqualTo(200);
		HttpResponse<String> answer = post("tcp/line", "{\"faults\":{" + most + ",\"g\":{\"type\":\"corrupt\"}}}");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("there are 17 faults (expected: at most 16)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "7", "null", "{}", "{\"faults\":7}", "{\"faults\":null}",
			"{\"faults\":{},\"more\":1}", "{\"faults\":{}}x", "{\"faults\":{},\"faults\":{}}",
			"{\"faults\":{\"a\":{\"type\":\"stall\"},\"a\":{\"type\":\"stall\"}}}" })
	void otherBodyIsRefused(String body) throws Exception {
		HttpResponse<String> answer = post("tcp/line", body);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(json(answer.body()).get("detail").asString()).startsWith("The body ");
	}

	@Test
	void deeplyNestedBodyIsRefused() throws Exception {
		assertThat(post("tcp/line", "{\"faults\":" + "[".repeat(8000)).statusCode()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp/none", "udp/line", "sctp/line", "tcp/%20" })
	void unknownServerIsNotFound(String server) throws Exception {
		assertThat(post(server, "{\"faults\":{}}").statusCode()).isEqualTo(404);
		assertThat(send("DELETE", "faults/" + server, null, null).statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/x-www-form-urlencoded", "application/cbor", "nonsense",
			"application/json;charset=UTF-16" })
	void otherMediaTypeIsRefused(String type) throws Exception {
		assertThat(send("POST", "faults/tcp/line", type, "{\"faults\":{}}").statusCode()).isEqualTo(415);
	}

	@Test
	void bodyWithoutMediaTypeIsRefused() throws Exception {
		assertThat(send("POST", "faults/tcp/line", null, "{\"faults\":{}}").statusCode()).isEqualTo(415);
	}

	/**
	 * The body is not sent: what the service leaves unread could destroy its answer.
	 */
	@Test
	void longBodyIsRefused() throws Exception {
		URI uri = request("faults/tcp/line").build().uri();
		try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write(("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
						+ "Content-Length: 20000\r\n\r\n")
					.formatted(uri.getPath())
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readNBytes(13), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 413 ");
		}
	}

	@Test
	void pageOfAnotherOriginDoesNotWrite() throws Exception {
		for (String method : List.of("POST", "DELETE")) {
			HttpRequest request = request("faults/tcp/line").header("Content-Type", "application/json")
				.header("Origin", "http://stranger.example")
				.method(method, HttpRequest.BodyPublishers.ofString("{\"faults\":{}}"))
				.build();
			assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(403);
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET,faults/tcp/line,'DELETE,POST'", "PUT,faults/tcp/line,'DELETE,POST'", "POST,faults,'DELETE,GET'",
			"PUT,faults,'DELETE,GET'" })
	void otherMethodsAreNotAllowed(String method, String path, String allowed) throws Exception {
		HttpResponse<String> answer = send(method, path, "application/json", "{\"faults\":{}}");
		assertThat(answer.statusCode()).isEqualTo(405);
		assertThat(answer.headers().firstValue("Allow").orElse("").split(","))
			.containsExactlyInAnyOrder(allowed.split(","));
		assertThat(answer.body()).contains("Supported methods: [").contains(allowed.split(","));
	}

	@Test
	void openConnectionIsStalledAndDeleteDeliversAtOnce() throws Exception {
		try (Socket socket = new Socket("127.0.0.1", TestApplication.port(application, "line"))) {
			socket.setSoTimeout(5_000);
			assertThat(echo(socket, "one\n")).isEqualTo("one\n");
			assertThat(post("tcp/line", "{\"faults\":{\"hold\":{\"type\":\"stall\"}}}").statusCode()).isEqualTo(200);
			socket.setSoTimeout(300);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> echo(socket, "two\n"));
			assertThat(faults("tcp", "line").get(0).get("injected").asInt()).isEqualTo(1);
			assertThat(injected("hold")).isEqualTo(1);
			assertThat(health()).contains("\"faults\":[\"hold\"]").contains("\"status\":\"UP\"");
			assertThat(send("DELETE", "faults/tcp/line", null, null).statusCode()).isEqualTo(204);
			socket.setSoTimeout(5_000);
			assertThat(new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("two\n");
			assertThat(health()).doesNotContain("\"hold\"");
		}
	}

	/**
	 * Each of them is whole: its three faults are of one caller.
	 */
	@Test
	void oneOfSeveralSetsAtOnceRemains() throws Exception {
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int caller = 0; caller < 24; caller++) {
			String body = "{\"faults\":{\"a\":{\"type\":\"corrupt\",\"bytes\":%1$d},\"b\":{\"type\":\"corrupt\",\"bytes\":%1$d},\"c\":{\"type\":\"corrupt\",\"bytes\":%1$d}}}"
				.formatted(caller + 1);
			answers.add(http.sendAsync(request("faults/tcp/line").header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString()));
			JsonNode seen = faults("tcp", "line");
			assertThat(seen.findValuesAsString("bytes").stream().distinct()).hasSizeLessThanOrEqualTo(1);
			assertThat(seen.size()).isIn(0, 3);
		}
		for (CompletableFuture<HttpResponse<String>> answer : answers) {
			assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
		}
		JsonNode last = faults("tcp", "line");
		assertThat(last).hasSize(3);
		int bytes = last.get(0).get("bytes").asInt();
		assertThat(last.findValuesAsString("bytes")).containsOnly(String.valueOf(bytes));
		assertThat(Objects.requireNonNull(application.getBean(EchoServers.class).tcp("line")).faults().all())
			.extracting((active) -> active.fault().effect().toString())
			.containsOnly("Corrupt[bytes=" + bytes + "]");
	}

	@Test
	void faultThatStaysKeepsItsCountAndTheMetersOfOthersGo() throws Exception {
		String kept = "\"kept\":{\"type\":\"corrupt\",\"unit\":\"message\"}";
		post("tcp/line", "{\"faults\":{" + kept + "}}");
		try (Socket socket = new Socket("127.0.0.1", TestApplication.port(application, "line"))) {
			socket.setSoTimeout(5_000);
			socket.getOutputStream().write("abcdefgh\n".getBytes(StandardCharsets.US_ASCII));
			socket.getInputStream().readNBytes(9);
		}
		assertThat(injected("kept")).isEqualTo(1);
		for (int i = 0; i < 30; i++) {
			post("tcp/line",
					"{\"faults\":{%s,\"new-%d\":{\"type\":\"corrupt\",\"unit\":\"message\"}}}".formatted(kept, i));
		}
		assertThat(injected("kept")).isEqualTo(1);
		MeterRegistry registry = application.getBean(MeterRegistry.class);
		assertThat(registry.find("echo.faults.injected").tags("server", "line").functionCounters()).hasSize(2);
		assertThat(registry.get("echo.faults.active").tags("server", "line", "transport", "tcp").gauge().value())
			.isEqualTo(2);
		assertThat(send("GET", "prometheus", null, null).body())
			.contains("echo_faults_injected_total{application=\"socket-echo\",fault=\"kept\",server=\"line\""
				.substring(0, 27))
			.contains("fault=\"new-29\"")
			.doesNotContain("fault=\"new-28\"");
	}

	@Test
	void changesAreLoggedWithWhoAndWhat(CapturedOutput output) throws Exception {
		post("udp/datagram", "{\"faults\":{\"idle\":{\"type\":\"drop\",\"enabled\":false}}}");
		post("udp/datagram", "{\"faults\":{\"x\":{\"type\":\"drop\\nERROR forged\"}}}");
		post("udp/datagram", "{\"faults\":{\"lossy\":{\"type\":\"drop\",\"probability\":0.5}}}");
		assertThat(send("DELETE", "faults/udp/datagram", null, null).statusCode()).isEqualTo(204);
		assertThat(Logs.written(output)).containsPattern(
				"WARN .*Server 'datagram' \\(udp\\) commits faults on purpose, set by 127.0.0.1:\\d+: lossy \\(type drop, probability 0.5\\)")
			.containsPattern("WARN .*Server 'datagram' \\(udp\\) commits no faults any more, by 127.0.0.1:\\d+")
			.as("is not enabled, or not valid")
			.doesNotContain("idle (", "forged");
	}

	private static String echo(Socket socket, String line) throws IOException {
		socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
		return new String(socket.getInputStream().readNBytes(line.length()), StandardCharsets.US_ASCII);
	}

	private static double injected(String fault) {
		return application.getBean(MeterRegistry.class)
			.get("echo.faults.injected")
			.tags("server", "line", "transport", "tcp", "fault", fault)
			.functionCounter()
			.count();
	}

	private static String health() throws Exception {
		return send("GET", "health/echoServers/line", null, null).body();
	}

	private static JsonNode faults(String transport, String server) throws Exception {
		for (JsonNode candidate : json(send("GET", "faults", null, null).body()).get("servers")) {
			if (candidate.get("transport").asString().equals(transport)
					&& candidate.get("server").asString().equals(server)) {
				return candidate.get("faults");
			}
		}
		throw new AssertionError("no server " + server);
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

	private static HttpResponse<String> post(String server, String body) throws Exception {
		return send("POST", "faults/" + server, "application/json", body);
	}

	private static HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
		HttpRequest.Builder request = request(path).method(method,
				(body != null) ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
		if (type != null) {
			request.header("Content-Type", type);
		}
		return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(String path) {
		String port = application.getEnvironment().getRequiredProperty("local.management.port");
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/actuator/%s".formatted(port, path)))
			.timeout(Duration.ofSeconds(20));
	}

}
