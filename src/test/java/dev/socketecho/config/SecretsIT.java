package dev.socketecho.config;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys are not shown by the actuator, although the operator shows the values of all other
 * properties.
 */
class SecretsIT {

	private static final String SERVER = "echo.udp.servers.reflector.";

	@ParameterizedTest
	@ValueSource(strings = { SERVER + "stamp.hmac-key=hush-hush",
			"spring.application.json={\"echo.udp.servers.reflector.stamp\":{\"hmacKey\":\"hush-hush\"}}",
			"some.command=java -Decho.udp.servers.reflector.stamp.hmac-key=hush-hush" })
	void keyIsNotShown(String key) throws Exception {
		try (ConfigurableApplicationContext application = TestApplication.run(SERVER + "port=0", SERVER + "mode=stamp",
				key, "management.endpoints.web.exposure.include=env,configprops",
				"management.endpoint.env.show-values=always", "management.endpoint.configprops.show-values=always")) {
			assertThat(get(application, "env")).doesNotContain("hush-hush").contains("reflector.mode", "******");
			assertThat(get(application, "configprops")).doesNotContain("hush-hush").contains("reflector");
		}
	}

	private static String get(ConfigurableApplicationContext application, String endpoint) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(
					HttpRequest
						.newBuilder(URI.create("http://localhost:%s/actuator/%s"
							.formatted(application.getEnvironment().getProperty("local.server.port"), endpoint)))
						.build(),
					BodyHandlers.ofString())
				.body();
		}
	}

}
