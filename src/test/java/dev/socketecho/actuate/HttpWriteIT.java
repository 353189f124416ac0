package dev.socketecho.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.testing.Background;
import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who may write by HTTP, and how much.
 */
@ExtendWith(OutputCaptureExtension.class)
class HttpWriteIT {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext closed;

	private static ConfigurableApplicationContext open;

	@BeforeAll
	static void start() {
		closed = TestApplication.run("management.endpoints.web.exposure.include=*");
		open = TestApplication.run("management.server.port=0", "management.endpoint.echo.access=unrestricted",
				"management.endpoint.connections.access=unrestricted",
				"echo.http.allowed-hosts=echo.example.org,echo_1", "echo.tcp.clients.self.host=127.0.0.1",
				"echo.tcp.clients.self.framing=line",
				"echo.tcp.clients.self.port=" + TestApplication.port(closed, "line"),
				"echo.tcp.clients.silent.host=127.0.0.1", "echo.tcp.clients.silent.framing=line",
				"echo.tcp.clients.silent.port=" + TestApplication.port(closed, "collect"),
				"echo.tcp.clients.silent.reply-timeout=20s");
	}

	@AfterAll
	static void stop() {
		open.close();
		closed.close();
	}

	@ParameterizedTest
	@CsvSource({ "POST,echo/none", "DELETE,connections/none", "POST,faults/tcp/line", "DELETE,faults/tcp/line",
			"DELETE,faults", "POST,load/self", "DELETE,load/self", "POST,shutdown", "GET,heapdump" })
	void nothingWritesUnlessItIsOpened(String method, String path) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%s/actuator/%s".formatted(port(closed), path)))
			.header("Content-Type", "application/json")
			.method(method, HttpRequest.BodyPublishers.ofString("{\"message\":\"x\"}"))
			.build();
		assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isIn(404, 405);
	}

	@ParameterizedTest
	@ValueSource(strings = { "echo", "connections", "faults", "load", "health", "prometheus" })
	void readingIsOpen(String path) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%s/actuator/%s".formatted(port(closed), path)))
			.header("Origin", "http://stranger.example")
			.build();
		assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "localhost:1,http://localhost:1,200", "127.0.0.1:1,http://127.0.0.1:1,200",
			"[::1]:1,http://[::1]:1,200", "echo.example.org,https://echo.example.org,200",
			"ECHO.example.org,http://echo.example.org:80,200", "echo_1:8080,http://echo_1:8080,200",
			"localhost:1,http://localhost:{1},403", "localhost:1,http://localhost:x,403",
			"localhost:1,http://localhost:99999999999,403", "localhost:1,http://localhost:2,403",
			"localhost:1,http://stranger.example,403", "localhost:1,null,403", "localhost:1,http://,403",
			"rebound.example:1,http://rebound.example:1,403", "a b,http://a b,403", "any.example,,200" })
	void pageOfAnotherOriginDoesNotWrite(String host, String origin, int status) throws IOException {
		String answer = post("self", host, origin, "{\"message\":\"x\"}", null);
		assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
		if (status == 403) {
			assertThat(answer).contains("application/problem+json");
		}
	}

	@Test
	void foreignPageDoesNotDelete() throws IOException {
		assertThat(exchange("DELETE /actuator/connections/none HTTP/1.1\r\nHost: localhost\r\n"
				+ "Origin: http://stranger.example\r\n\r\n"))
			.startsWith("HTTP/1.1 403 ");
	}

	@Test
	void bodyThatIsTooLongIsRefusedUnread() throws IOException {
		assertThat(post("self", "localhost", null, "", Long.MAX_VALUE)).startsWith("HTTP/1.1 413 ");
	}

	@Test
	void bodyOfAnotherEndpointIsShort() throws IOException {
		assertThat(exchange("POST /actuator/loggers/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n"))
			.startsWith("HTTP/1.1 413 ");
	}

	@Test
	void bodyOfUnknownLengthIsCutOff() throws IOException {
		String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
		StringBuilder request = new StringBuilder("""
				POST /actuator/echo/self HTTP/1.1\r
				Host: localhost\r
				Content-Type: application/json\r
				Transfer-Encoding: chunked\r
				\r
				""");
		for (int i = 0; i < 110; i++) {
			request.append(chunk);
		}
		assertThat(exchange(request.toString())).startsWith("HTTP/1.1 413 ");
	}

	@Test
	void bodyThatEndsEarlyIsNoErrorOfTheService(CapturedOutput output) throws Exception {
		for (int i = 0; i < 5; i++) {
			try (Socket socket = send(head("self", "localhost", null, 100) + "{\"message\":\"")) {
				assertThat(post("self", "localhost", null, "{\"message\":\"x\"}", null)).startsWith("HTTP/1.1 200 ");
				socket.setSoLinger(true, 0);
			}
		}
		await().pollDelay(Duration.ofMillis(500))
			.untilAsserted(() -> assertThat(post("self", "localhost", null, "{\"message\":\"x\"}", null))
				.startsWith("HTTP/1.1 200 "));
		assertThat(output).doesNotContain(" ERROR ").doesNotContain("AbortedException");
	}

	@Test
	void longBodiesComeOneAfterTheOther() throws Exception {
		int places = (int) Math.max(1, Runtime.getRuntime().maxMemory() / (64 * 1024 * 1024));
		List<Socket> halves = new ArrayList<>();
		try {
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				// One that looks for a place takes it for a moment, and the next halves
				// come before it
				for (int i = 0; i < 2 * places; i++) {
					halves.add(send(head("self", "localhost", null, 200_000) + "{\"message\":\""));
				}
				assertThat(post("self", "localhost", null, "", 200_000L)).startsWith("HTTP/1.1 429 ");
			});
			assertThat(post("self", "localhost", null, "{\"message\":\"x\"}", null)).startsWith("HTTP/1.1 200 ");
		}
		finally {
			for (Socket half : halves) {
				half.close();
			}
		}
		String message = "{\"message\":\"" + "x".repeat(200_000) + "\"}";
		await().untilAsserted(
				() -> assertThat(post("self", "localhost", null, message, null)).startsWith("HTTP/1.1 200 "));
	}

	/**
	 * Each of them is short enough, and keeps a buffer for each of its bytes.
	 */
	@Test
	void shortBodiesAreBoundedTogether() throws Exception {
		int bytes = 9_000;
		long room = Runtime.getRuntime().maxMemory() / HeapShare.DIVISOR;
		String half = """
				POST /actuator/echo/self HTTP/1.1\r
				Host: localhost\r
				Content-Type: application/json\r
				Transfer-Encoding: chunked\r
				\r
				""" + "1\r\n \r\n".repeat(bytes);
		List<Socket> halves = new ArrayList<>();
		try {
			for (long taken = 0; taken <= room; taken += bytes * BodyLimitFilter.PART) {
				halves.add(send(half));
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> halves.stream().anyMatch(HttpWriteIT::isAnswered));
			assertThat(halves).filteredOn(HttpWriteIT::isAnswered)
				.allSatisfy((socket) -> assertThat(answer(socket)).startsWith("HTTP/1.1 429 ")
					.contains("Other bodies are under way"));
		}
		finally {
			for (Socket socket : halves) {
				socket.close();
			}
		}
		String whole = half + "f\r\n{\"message\":\"x\"}\r\n0\r\n\r\n";
		await().untilAsserted(() -> assertThat(exchange(whole)).startsWith("HTTP/1.1 200 "));
	}

	@Test
	void callsAreBoundedAndEndWithTheirCallers() throws Exception {
		List<Socket> callers = new ArrayList<>();
		try {
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				// One that looks for a place takes it for a moment
				do {
					callers.add(send(head("silent", "localhost", null, 27) + "{\"message\":\"x\",\"count\":100}"));
				}
				while (callers.size() < EchoEndpoint.MAX_RUNS);
				assertThat(post("self", "localhost", null, "{\"message\":\"x\"}", null)).startsWith("HTTP/1.1 429 ");
			});
		}
		finally {
			for (Socket caller : callers) {
				caller.close();
			}
		}
		await().untilAsserted(() -> assertThat(post("self", "localhost", null, "{\"message\":\"x\"}", null))
			.startsWith("HTTP/1.1 200 "));
	}

	private static String post(String client, String host, String origin, String body, Long length) throws IOException {
		return exchange(head(client, host, origin, (length != null) ? length : body.length()) + body);
	}

	private static String head(String client, String host, String origin, long length) {
		return "POST /actuator/echo/%s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
			.formatted(client, host, (origin != null) ? "Origin: " + origin + "\r\n" : "", length);
	}

	private static String exchange(String request) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", managementPort())) {
			socket.setSoTimeout((int) Duration.ofSeconds(3).toMillis());
			CompletableFuture<Void> sent = Background.run(() -> {
				try {
					socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
				}
				catch (IOException ex) {
					// Answered and closed before all was sent
				}
			});
			StringBuilder answer = new StringBuilder();
			byte[] bytes = new byte[8192];
			try {
				for (int read = socket.getInputStream().read(bytes); read >= 0; read = socket.getInputStream()
					.read(bytes)) {
					answer.append(new String(bytes, 0, read, StandardCharsets.US_ASCII));
				}
			}
			catch (SocketException | SocketTimeoutException ex) {
				// Reset after the answer, since the rest of the body was not read, or no
				// answer
			}
			sent.orTimeout(10, TimeUnit.SECONDS).join();
			return answer.toString();
		}
	}

	private static boolean isAnswered(Socket socket) {
		try {
			return socket.getInputStream().available() > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String answer(Socket socket) {
		try {
			// Not up to its end, which may be a reset: the rest of the body was not read
			return new String(socket.getInputStream().readNBytes(socket.getInputStream().available()),
					StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Socket send(String request) throws IOException {
		Socket socket = new Socket("127.0.0.1", managementPort());
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static int managementPort() {
		return Integer.parseInt(open.getEnvironment().getRequiredProperty("local.management.port"));
	}

	private static String port(ConfigurableApplicationContext application) {
		return application.getEnvironment().getRequiredProperty("local.server.port");
	}

}
