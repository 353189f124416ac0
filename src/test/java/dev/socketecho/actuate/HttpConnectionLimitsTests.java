package dev.socketecho.actuate;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link HttpConnectionLimits}.
 */
class HttpConnectionLimitsTests {

	private static final int READ_TIMEOUT_MILLIS = 10_000;

	/** More characters than the sockets of both sides have room for. */
	private static final int LONG_ANSWER = 32 * 1024 * 1024;

	private static final Duration FOREVER = Duration.ofMinutes(10);

	private final List<Socket> sockets = new ArrayList<>();

	private DisposableServer server;

	private void start(int maxConnections, Duration timeout, Duration answersAfter) {
		this.server = new HttpConnectionLimits(maxConnections, timeout)
			.apply(HttpServer.create().host("127.0.0.1").port(0))
			.handle((request, response) -> request.receive()
				.then()
				.then(Mono.delay(answersAfter))
				.then(response.sendString(Mono.just("answer")).then()))
			.bindNow(Duration.ofSeconds(10));
	}

	@AfterEach
	void close() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.server.disposeNow(Duration.ofSeconds(10));
	}

	@Test
	void oneMoreIsClosedAtOnceAndTheNextOneServedWhenThereIsRoom() throws IOException {
		start(2, FOREVER, Duration.ZERO);
		Socket first = connect("GET / HTTP/1.1\r\n");
		connect("");
		await().untilAsserted(() -> assertThat(toEnd(connect(""))).isEmpty());
		first.close();
		await().untilAsserted(() -> assertThat(toEnd(connect("GET / HTTP/1.0\r\n\r\n"))).endsWith("answer"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n",
			"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc" })
	void requestThatDoesNotComeWholeEndsItsConnection(String half) throws IOException {
		start(2, Duration.ofMillis(200), Duration.ZERO);
		assertThat(toEnd(connect(half))).doesNotContain("answer");
	}

	@Test
	void answerMayTakeLonger() throws IOException {
		start(2, Duration.ofMillis(200), Duration.ofMillis(800));
		assertThat(toEnd(connect("GET / HTTP/1.0\r\n\r\n"))).endsWith("answer");
	}

	@Test
	void connectionThatIsKeptAliveEndsAfterItsAnswer() throws IOException {
		start(2, Duration.ofMillis(200), Duration.ZERO);
		assertThat(toEnd(connect("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))).contains("answer");
	}

	@Test
	void restOfRequestThatWasAnsweredEarlyDoesNotKeepItsConnection() throws IOException {
		this.server = new HttpConnectionLimits(2, Duration.ofMillis(300))
			.apply(HttpServer.create().host("127.0.0.1").port(0))
			.handle((_, response) -> response.status(413).sendString(Mono.just("answer")))
			.bindNow(Duration.ofSeconds(10));
		Socket socket = connect("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
		assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
		socket.getOutputStream().write("cde".getBytes(StandardCharsets.US_ASCII));
		assertThat(toEnd(socket)).doesNotContain("HTTP/1.1");
	}

	@Test
	void callerThatDoesNotReadItsAnswerIsClosed() throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		this.server = new HttpConnectionLimits(2, Duration.ofMillis(300))
			.apply(HttpServer.create().host("127.0.0.1").port(0))
			.doOnConnection((connection) -> connection.onDispose(closed::countDown))
			.handle((_, response) -> response.sendString(Mono.just("x".repeat(LONG_ANSWER))))
			.bindNow(Duration.ofSeconds(10));
		connect("GET / HTTP/1.0\r\n\r\n");
		assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void http2IsServedAndEndsWhenItIsSilent() throws Exception {
		this.server = new HttpConnectionLimits(2, Duration.ofMillis(500))
			.apply(HttpServer.create().host("127.0.0.1").port(0).protocol(HttpProtocol.H2C, HttpProtocol.HTTP11))
			.handle((_, response) -> response.sendString(Mono.just("answer")))
			.bindNow(Duration.ofSeconds(10));
		try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
			HttpResponse<String> answer = http
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/".formatted(this.server.port())))
					.timeout(Duration.ofSeconds(10))
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(answer.body()).isEqualTo("answer");
		}
		Socket silent = connect("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
		assertThat(silent.getInputStream().readAllBytes()).isNotEmpty();
	}

	private Socket connect(String request) throws IOException {
		Socket socket = new Socket("127.0.0.1", this.server.port());
		this.sockets.add(socket);
		socket.setSoTimeout(READ_TIMEOUT_MILLIS);
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static String toEnd(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

}
