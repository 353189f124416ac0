package dev.socketecho;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.testing.Background;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

class HealthCheckTests {

	@Test
	void asksForThePathAndReturnsTheStatus() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<String> request = answer(server, "HTTP/1.1 503 Service Unavailable\r\n\r\n{}");
			assertThat(HealthCheck.status(address(server), "/ready")).isEqualTo("HTTP/1.1 503 Service Unavailable");
			assertThat(request.get()).startsWith("GET /ready HTTP/1.1\r\nHost: localhost\r\n");
		}
	}

	@Test
	void failsWithoutAnAnswer() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			answer(server, "");
			assertThatIOException().isThrownBy(() -> HealthCheck.status(address(server), "/")).withMessage("no answer");
		}
	}

	@Test
	void failsWhenNobodyListens() throws Exception {
		ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		server.close();
		assertThatIOException().isThrownBy(() -> HealthCheck.status(address(server), "/"));
	}

	@Test
	void takesTheServersPortUnlessActuatorHasItsOwn() {
		assertThat(HealthCheck.target(Map.of())).isEqualTo(new InetSocketAddress("127.0.0.1", 8080));
		assertThat(HealthCheck.target(Map.of("SERVER_PORT", "9090", "SERVER_ADDRESS", "127.0.0.2")))
			.isEqualTo(new InetSocketAddress("127.0.0.2", 9090));
		assertThat(HealthCheck.target(Map.of("SERVER_PORT", "9090", "MANAGEMENT_SERVER_PORT", "9091")))
			.isEqualTo(new InetSocketAddress("127.0.0.1", 9091));
	}

	@Test
	void emptyVariableHidesNoOther() {
		assertThat(HealthCheck.target(Map.of("SERVER_PORT", "9090", "MANAGEMENT_SERVER_PORT", "", "SERVER_ADDRESS",
				"127.0.0.2", "MANAGEMENT_SERVER_ADDRESS", "")))
			.isEqualTo(new InetSocketAddress("127.0.0.2", 9090));
		assertThat(HealthCheck.target(Map.of("SERVER_PORT", " ", "MANAGEMENT_SERVER_PORT", " 9091 ")))
			.isEqualTo(new InetSocketAddress("127.0.0.1", 9091));
		assertThat(HealthCheck.target(Map.of("SERVER_PORT", "", "SERVER_ADDRESS", "")))
			.isEqualTo(new InetSocketAddress("127.0.0.1", 8080));
	}

	@Test
	void refusesAPortThatIsNoNumber() {
		assertThatExceptionOfType(NumberFormatException.class)
			.isThrownBy(() -> HealthCheck.target(Map.of("SERVER_PORT", "http")));
	}

	private static InetSocketAddress address(ServerSocket server) {
		return (InetSocketAddress) server.getLocalSocketAddress();
	}

	/**
	 * Reads one request, answers and closes.
	 */
	private static CompletableFuture<String> answer(ServerSocket server, String answer) {
		return Background.supply(() -> {
			try (Socket socket = server.accept()) {
				byte[] buffer = new byte[1000];
				StringBuilder request = new StringBuilder();
				while (request.indexOf("\r\n\r\n") < 0) {
					int read = socket.getInputStream().read(buffer);
					request.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
				}
				socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
				return request.toString();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

}
