package dev.socketecho.actuate;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A management port of its own has the bounds of the HTTP port.
 */
class ManagementPortIT {

	@Test
	void connectionsAreBoundedTogether() throws IOException {
		try (ConfigurableApplicationContext application = TestApplication.run("management.server.port=0",
				"echo.http.max-connections=2"); Socket http = connect(application, "local.server.port")) {
			assertThat(http.isConnected()).isTrue();
			try (Socket management = connect(application, "local.management.port")) {
				await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
					assertThat(isClosedAtOnce(application, "local.management.port")).isTrue();
					assertThat(isClosedAtOnce(application, "local.server.port")).isTrue();
				});
				assertThat(management.isConnected()).isTrue();
			}
		}
	}

	private static boolean isClosedAtOnce(ConfigurableApplicationContext application, String port) throws IOException {
		try (Socket socket = connect(application, port)) {
			return socket.getInputStream().read() < 0;
		}
	}

	private static Socket connect(ConfigurableApplicationContext application, String port) throws IOException {
		Socket socket = new Socket("127.0.0.1", application.getEnvironment().getRequiredProperty(port, Integer.class));
		socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
		return socket;
	}

}
