package dev.socketecho.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.socketecho.app.Logs;
import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * WebSocket servers and clients in a running service, and the JDK's client as a caller.
 */
@ExtendWith(OutputCaptureExtension.class)
class WebSocketServiceIT {

	private static final int SECONDS = 20;

	private static final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext peer;

	private static ConfigurableApplicationContext service;

	private static int port;

	@BeforeAll
	static void start() {
		peer = TestApplication.run("echo.tcp.servers.ws.port=0", "echo.tcp.servers.ws.framing=websocket",
				"echo.tcp.servers.logged.port=0", "echo.tcp.servers.logged.framing=websocket",
				"echo.tcp.servers.logged.log-payload=true");
		port = TestApplication.port(peer, "ws");
		service = TestApplication.run("management.endpoint.echo.access=unrestricted",
				"echo.tcp.clients.ws.host=127.0.0.1", "echo.tcp.clients.ws.port=" + port,
				"echo.tcp.clients.ws.framing=websocket", "echo.tcp.clients.ws.path=/chat?room=1",
				"echo.tcp.clients.line.host=127.0.0.1",
				"echo.tcp.clients.line.port=" + TestApplication.port(peer, "line"),
				"echo.tcp.clients.line.framing=websocket", "echo.probes.ws.client=ws", "echo.probes.ws.interval=20ms");
	}

	@AfterAll
	static void stop() {
		service.close();
		peer.close();
	}

	@Test
	void theJdksClientExchangesMessages() throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		WebSocket caller = connect(port, received);
		for (int i = 0; i < 1000; i++) {
			caller.sendText("text " + i, true).join();
			caller.sendBinary(ByteBuffer.wrap(("binary " + i).getBytes(StandardCharsets.UTF_8)), true).join();
		}
		for (int i = 0; i < 1000; i++) {
			assertThat(received.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("T text " + i);
			assertThat(received.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("B binary " + i);
		}
		caller.sendPing(ByteBuffer.wrap(new byte[] { 'p' })).join();
		assertThat(received.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("P p");
		caller.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
		assertThat(received.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("C 1000");
	}

	@Test
	void messagesAreSentThroughAClient() throws Exception {
		assertThat(post("/actuator/echo/ws", "{\"message\": \"grüße\", \"count\": 3}"))
			.contains("\"bytes\":7", "\"reply\":\"grüße\"", "\"received\":3", "\"lost\":0")
			.doesNotContain("error");
		assertThat(post("/actuator/echo/ws", "{\"payloadSize\": 100000}")).contains("\"received\":1");
	}

	@Test
	void aServerThatSpeaksNoHttpIsAProtocolErrorOrATimeout() throws Exception {
		// An echo of the request is no answer
		assertThat(post("/actuator/echo/line", "{\"message\": \"x\"}")).contains("\"error\":\"protocol_error\"");
	}

	@Test
	void probesUseAClient() throws Exception {
		assertThat(get("/probe?module=ws")).contains("probe_success 1");
		assertThat(get("/probe?module=ws&target=127.0.0.1:" + port)).contains("probe_success 1");
		assertThat(get("/probe?module=line")).contains("probe_success 0", "error=\"protocol_error\"} 1");
		await().atMost(SECONDS, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(get("/actuator/prometheus")).contains("echo_probe_up{probe=\"ws\"} 1"));
	}

	@Test
	void payloadsAreLoggedWithoutHeadersOfFrames(CapturedOutput output) throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		WebSocket caller = connect(TestApplication.port(peer, "logged"), received);
		caller.sendText("first", true).join();
		caller.sendText("sec", false).join();
		caller.sendText("ond", true).join();
		assertThat(received.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("T first");
		assertThat(received.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo("T second");
		assertThat(Logs.written(output)).containsPattern("Read 5 bytes from socket \\S+\\. Data: first\\R")
			.containsPattern("Read 6 bytes from socket \\S+\\. Data: second\\R");
		caller.abort();
	}

	@Test
	void aPathThatIsNoneIsNamed(CapturedOutput output) {
		for (String path : new String[] { "chat", "/a b", "/%zz", "/a#b", "/ü" }) {
			assertThatException().isThrownBy(() -> TestApplication.run("echo.tcp.clients.bad.host=127.0.0.1",
					"echo.tcp.clients.bad.port=1", "echo.tcp.clients.bad.path=" + path));
			assertThat(Logs.written(output)).contains("Property: echo.tcp.clients.bad.path", "Value: \"" + path + "\"",
					"Reason: must begin with '/'");
		}
	}

	private static WebSocket connect(int port, BlockingQueue<String> received) {
		return http.newWebSocketBuilder()
			.buildAsync(URI.create("ws://127.0.0.1:" + port + "/"), new Recorder(received))
			.orTimeout(SECONDS, TimeUnit.SECONDS)
			.join();
	}

	private static String get(String path) throws Exception {
		return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
	}

	private static String post(String path, String body) throws Exception {
		return http
			.send(request(path).header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(
				URI.create("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port") + path));
	}

	/**
	 * Remembers each message, with a letter for its type. The JDK may deliver it in
	 * parts.
	 */
	private static final class Recorder implements WebSocket.Listener {

		private final BlockingQueue<String> received;

		private final StringBuilder parts = new StringBuilder();

		Recorder(BlockingQueue<String> received) {
			this.received = received;
		}

		@Override
		public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			return part(webSocket, "T ", data, last);
		}

		@Override
		public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
			return part(webSocket, "B ", StandardCharsets.UTF_8.decode(data), last);
		}

		private CompletionStage<?> part(WebSocket webSocket, String type, CharSequence data, boolean last) {
			this.parts.append(data);
			if (last) {
				this.received.add(type + this.parts);
				this.parts.setLength(0);
			}
			webSocket.request(1);
			return CompletableFuture.completedStage(null);
		}

		@Override
		public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
			this.received.add("P " + StandardCharsets.UTF_8.decode(message));
			webSocket.request(1);
			return CompletableFuture.completedStage(null);
		}

		@Override
		public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			this.received.add("C " + statusCode);
			return CompletableFuture.completedStage(null);
		}

	}

}
