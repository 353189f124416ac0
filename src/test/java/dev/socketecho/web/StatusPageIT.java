package dev.socketecho.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import dev.socketecho.app.EchoClient;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The status page over HTTP.
 */
class StatusPageIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() throws IOException {
		application = TestApplication.run("management.endpoint.faults.access=unrestricted",
				"management.endpoints.web.base-path=/manage", "echo.identity.pod=<b>pod</b>",
				"echo.tcp.servers.line.faults.slow.type=delay", "echo.tcp.servers.line.faults.slow.delay=1ms",
				"echo.probes.dead.transport=tcp", "echo.probes.dead.host=127.0.0.1",
				"echo.probes.dead.port=" + ClosedPort.hold(), "echo.probes.dead.interval=100ms");
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void thePageIsServedWithStrictHeaders() throws Exception {
		HttpResponse<String> page = get("/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(page.headers().firstValue("Content-Security-Policy")).hasValueSatisfying((policy) -> {
			assertThat(policy).contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'",
					"base-uri 'none'", "form-action 'none'");
			assertThat(policy).doesNotContain("unsafe", "*", "http", "data:");
		});
		assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
	}

	@Test
	void allThatThePageLoadsIsServedByRelativePaths() throws Exception {
		List<String> names = new ArrayList<>(links(get("/").body(), "(?:href|src)=\"(page/[^\"]*)\""));
		assertThat(names).contains("page/page.css", "page/page.js", "page/icon.svg");
		for (int i = 0; i < names.size(); i++) {
			HttpResponse<String> file = get("/" + names.get(i));
			assertThat(file.statusCode()).as(names.get(i)).isEqualTo(200);
			assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
			assertThat(file.body()).as("no other host").doesNotContainPattern("(?<!=[\"'])https?://(?!www\\.w3\\.org)");
			assertThat(file.body()).as("no markup from text")
				.doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write");
			links(file.body(), "from '\\./([a-z]+\\.js)'").stream()
				.map((name) -> "page/" + name)
				.filter((name) -> !names.contains(name))
				.forEach(names::add);
		}
		assertThat(names).contains("page/dom.js", "page/load.js", "page/charts.js", "page/calls.js");
	}

	@Test
	void aFileThatHasNotChangedIsNotSentAgain() throws Exception {
		String etag = get("/page/page.js").headers().firstValue("ETag").orElseThrow();
		HttpResponse<String> again = http.send(request("/page/page.js").header("If-None-Match", etag).build(),
				BodyHandlers.ofString());
		assertThat(again.statusCode()).isEqualTo(304);
		assertThat(again.body()).isEmpty();
	}

	@Test
	void headHasTheHeadersOnly() throws Exception {
		HttpResponse<String> head = http.send(request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
				BodyHandlers.ofString());
		assertThat(head.statusCode()).isEqualTo(200);
		assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(get("/").body().length());
	}

	@ParameterizedTest
	@ValueSource(strings = { "/page/", "/page/none.js", "/page/..%2findex.html", "/application.yml", "/page" })
	void nothingElseIsServed(String path) throws Exception {
		assertThat(get(path).statusCode()).isIn(400, 404);
	}

	@Test
	void theStreamHasEverythingAndThenChanges() throws Exception {
		try (Viewer viewer = new Viewer(application)) {
			assertThat(viewer.status()).isEqualTo(200);
			assertThat(viewer.header("Content-Type")).isEqualTo("text/event-stream");
			String first = viewer.next();
			assertThat(JsonPath.<List<String>>read(first, "$.servers[*].key")).contains("tcp/stream", "tcp/line",
					"udp/datagram");
			assertThat(JsonPath.<String>read(first, "$.identity.pod")).isEqualTo("<b>pod</b>");
			assertThat(JsonPath.<List<Object>>read(first, "$.load.runs")).isEmpty();
			assertThat(JsonPath.<List<String>>read(first, "$.servers[?(@.name == 'line')].faults[*].name"))
				.containsExactly("slow");
			assertThat(JsonPath.<List<String>>read(first, "$.servers[?(@.name == 'line')].state"))
				.containsExactly("listening");
			try (EchoClient client = EchoClient.connect(TestApplication.port(application, "stream"))) {
				assertThat(client.exchange("hello")).isEqualTo("hello");
				await().atMost(TIMEOUT).until(viewer::next, (event) -> {
					List<Integer> bytes = JsonPath.read(event, "$..[?(@.key == 'tcp/stream')].receivedBytes");
					return bytes.contains(5);
				});
			}
		}
	}

	@Test
	void failuresAreListed() throws Exception {
		await().atMost(TIMEOUT).untilAsserted(() -> {
			try (Viewer viewer = new Viewer(application)) {
				String first = viewer.next();
				assertThat(JsonPath.<List<String>>read(first, "$.failures[?(@.name == 'dead')].error"))
					.contains("connection_refused");
				assertThat(JsonPath.<List<String>>read(first, "$.probes[*].status")).containsExactly("DOWN");
				assertThat(JsonPath.<List<Boolean>>read(first, "$.probes[0].rounds[*].up")).isNotEmpty()
					.containsOnly(false);
			}
		});
	}

	@Test
	void thePageMayWriteWhereTheOperatorHasOpenedAnEndpoint() throws Exception {
		try (Viewer viewer = new Viewer(application)) {
			String first = viewer.next();
			assertThat(JsonPath.<Object>read(first, "$.write")).hasToString("{faults=manage/faults}");
			assertThat(JsonPath.<String>read(first, "$.read.connections")).isEqualTo("manage/connections");
		}
	}

	@Test
	void fiftyMayWatchAndTheNextGets503() throws Exception {
		List<Viewer> viewers = new ArrayList<>();
		try {
			await().atMost(TIMEOUT).until(() -> application.getBean(StatusStream.class).viewers() == 0);
			for (int i = 0; i < StatusStream.MOST_VIEWERS; i++) {
				Viewer viewer = new Viewer(application);
				viewers.add(viewer);
				assertThat(viewer.status()).isEqualTo(200);
				assertThat(viewer.next()).contains("\"whole\":true");
			}
			assertThat(get(PageHandler.EVENTS).statusCode()).isEqualTo(503);
			viewers.removeLast().close();
			await().atMost(TIMEOUT).untilAsserted(() -> {
				try (Viewer viewer = new Viewer(application)) {
					assertThat(viewer.status()).isEqualTo(200);
				}
			});
		}
		finally {
			viewers.forEach(Viewer::close);
		}
		await().atMost(TIMEOUT).until(() -> application.getBean(StatusStream.class).viewers() == 0);
	}

	@Test
	void switchedOffThereIsNoPage() throws Exception {
		try (ConfigurableApplicationContext off = TestApplication.run("echo.web.enabled=false")) {
			Path root = Path.of("src/main/resources/static");
			List<String> paths = new ArrayList<>(List.of("/", PageHandler.EVENTS));
			try (Stream<Path> files = Files.walk(root)) {
				files.filter(Files::isRegularFile).forEach((file) -> paths.add("/" + root.relativize(file)));
			}
			assertThat(paths).contains("/index.html", "/page/calls.js");
			for (String path : paths) {
				assertThat(send(request(off, path).build(), BodyHandlers.ofString()).statusCode()).as(path)
					.isEqualTo(404);
			}
			assertThat(off.getBeanNamesForType(FailureLog.class)).isEmpty();
			assertThat(send(request(off, "/actuator/health").build(), BodyHandlers.ofString()).statusCode())
				.isEqualTo(200);
		}
	}

	@Test
	void withAManagementPortThePageOnlyReadsAndAViewerDelaysNoShutdown() throws Exception {
		ConfigurableApplicationContext other = TestApplication.run("management.server.port=0",
				"management.endpoints.access.default=unrestricted");
		try (other; Viewer viewer = new Viewer(other)) {
			String first = viewer.next();
			assertThat(JsonPath.<Object>read(first, "$.write")).hasToString("{}");
			assertThat(JsonPath.<Object>read(first, "$.read")).hasToString("{}");
			long start = System.nanoTime();
			other.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		}
	}

	private static List<String> links(String text, String pattern) {
		return Pattern.compile(pattern).matcher(text).results().map((match) -> match.group(1)).toList();
	}

	private static HttpResponse<String> get(String path) throws Exception {
		return send(request(path).build(), BodyHandlers.ofString());
	}

	private static <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws Exception {
		return http.send(request, handler);
	}

	private static HttpRequest.Builder request(String path) {
		return request(application, path);
	}

	private static HttpRequest.Builder request(ConfigurableApplicationContext of, String path) {
		int port = of.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(TIMEOUT);
	}

	/**
	 * Reads the stream.
	 */
	private static final class Viewer implements AutoCloseable {

		private final HttpResponse<Stream<String>> response;

		private final Iterator<String> lines;

		Viewer(ConfigurableApplicationContext of) throws Exception {
			this.response = send(request(of, PageHandler.EVENTS).build(), BodyHandlers.ofLines());
			this.lines = this.response.body().iterator();
		}

		int status() {
			return this.response.statusCode();
		}

		String header(String name) {
			return this.response.headers().firstValue(name).orElseThrow();
		}

		String next() {
			String line = this.lines.next();
			return line.isEmpty() ? next() : line.substring("data: ".length());
		}

		@Override
		public void close() {
			this.response.body().close();
		}

	}

}
