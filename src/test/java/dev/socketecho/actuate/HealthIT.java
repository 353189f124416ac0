package dev.socketecho.actuate;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import dev.socketecho.app.EchoClient;
import dev.socketecho.app.EchoService;
import dev.socketecho.app.EchoServiceTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code /actuator/health} and its groups.
 */
@EchoServiceTest
class HealthIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final EchoService service;

	@Autowired
	HealthIT(EchoService service) {
		this.service = service;
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream", "line", "message", "collect" })
	void hasComponentPerServerWithStateAddressAndPort(String server) {
		Map<String, Object> component = component("health", server);
		assertThat(component).containsEntry("status", "UP");
		assertThat(component).extractingByKey("details")
			.asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("state", "listening")
			.containsEntry("transport", "tcp")
			.containsEntry("port", this.service.port(server))
			.containsKey("activeConnections")
			.extractingByKey("address")
			.isIn("::", "0.0.0.0");
	}

	@Test
	void countsActiveConnections() throws IOException {
		try (EchoClient client = this.service.connect("single")) {
			client.exchange("in");
			assertThat(activeConnections("single")).isEqualTo(1);
		}
		Awaitility.await().atMost(TIMEOUT).until(() -> activeConnections("single") == 0);
	}

	@Test
	void readinessDependsOnTheServers() {
		assertThat(this.service.actuator().get("health/readiness").statusCode()).isEqualTo(200);
		assertThat(this.service.actuator().<Map<String, Object>>json("health/readiness", "$.components"))
			.containsOnlyKeys("readinessState", "echoServers");
		assertThat(component("health/readiness", "line")).containsEntry("status", "UP");
	}

	@Test
	void livenessDependsOnNothingOutsideTheProcess() {
		assertThat(this.service.actuator().get("health/liveness").statusCode()).isEqualTo(200);
		assertThat(this.service.actuator().<Map<String, Object>>json("health/liveness", "$.components"))
			.containsOnlyKeys("livenessState");
	}

	private int activeConnections(String server) {
		return this.service.actuator()
			.json("health", "$.components.echoServers.components." + server + ".details.activeConnections");
	}

	private Map<String, Object> component(String path, String server) {
		return this.service.actuator().json(path, "$.components.echoServers.components." + server);
	}

}
