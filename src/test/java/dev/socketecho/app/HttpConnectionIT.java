package dev.socketecho.app;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the connections of HTTP.
 */
@EchoServiceTest
class HttpConnectionIT {

	private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

	private final int port;

	HttpConnectionIT(@LocalServerPort int port) {
		this.port = port;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health/readiness", "/actuator/prometheus", "/nothing" })
	void eachAnswerIsCompleteAndEndsItsConnection(String path) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
			String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n".formatted(path);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).startsWith("HTTP/1.1 ").containsIgnoringCase("\r\nconnection: close\r\n");
			assertThat(isComplete(answer)).as("an answer that is complete: %s", answer).isTrue();
		}
	}

	private static boolean isComplete(String answer) {
		Matcher length = CONTENT_LENGTH.matcher(answer);
		if (!length.find()) {
			return answer.endsWith("\r\n0\r\n\r\n");
		}
		String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
		return body.getBytes(StandardCharsets.UTF_8).length == Integer.parseInt(length.group(1));
	}

}
