package dev.socketecho.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.socketecho.app.Logs;
import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where {@code /actuator/faults} is, who has opened it, and what is logged at start.
 */
@ExtendWith(OutputCaptureExtension.class)
class FaultsPathIT {

	private static final String SLOW = "{\"faults\":{\"slow\":{\"type\":\"delay\",\"delay\":\"2s\"}}}";

	@ParameterizedTest
	@CsvSource({ "local.server.port,/ops/broken,management.endpoints.web.base-path=/ops",
			"local.server.port,/broken,management.endpoints.web.base-path=/",
			"local.management.port,/admin/actuator/broken,management.server.port=0",
			"local.server.port,/app/actuator/broken,spring.webflux.base-path=/app" })
	void postIsWhereTheEndpointIs(String port, String path, String property, CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext application = TestApplication.run(property,
				"management.server.base-path=" + (property.startsWith("management.server") ? "/admin" : ""),
				"management.endpoints.web.path-mapping.faults=broken",
				"management.endpoint.faults.access=unrestricted")) {
			String url = "http://127.0.0.1:%s%s".formatted(application.getEnvironment().getRequiredProperty(port),
					path);
			assertThat(send("POST", url + "/tcp/line", SLOW)).contains("\"delay\":\"2s\"");
			assertThat(send("POST", url + "/udp/datagram", SLOW)).contains("\"delay\":\"2s\"");
			assertThat(send("GET", url, "")).contains("\"delay\":\"2s\"");
			assertThat(send("DELETE", url, "")).isEqualTo("204 ");
			assertThat(send("GET", url, "")).startsWith("200 ").doesNotContain("\"delay\"");
			if (port.equals("local.management.port")) {
				String other = "http://127.0.0.1:%s%s".formatted(
						application.getEnvironment().getRequiredProperty("local.server.port"),
						path.substring("/admin".length()));
				assertThat(send("POST", other + "/tcp/line", SLOW)).startsWith("404 ");
				assertThat(send("POST", url.replace("/admin", "") + "/tcp/line", SLOW)).startsWith("404 ");
			}
		}
		assertThat(Logs.written(output)).contains(
				"Callers of /actuator/faults may make the servers commit faults: management.endpoint.faults.access=unrestricted");
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoint.faults.access=none", "management.endpoint.faults.access=read-only",
			"management.endpoints.web.exposure.exclude=faults", "management.endpoints.access.max-permitted=read-only" })
	void endpointThatIsClosedDoesNotWrite(String property, CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext application = TestApplication.run(
				"management.endpoints.access.default=unrestricted", property,
				"echo.udp.servers.datagram.faults.late.type=delay",
				"echo.udp.servers.datagram.faults.late.delay=20ms")) {
			String url = "http://127.0.0.1:%s/actuator/faults"
				.formatted(application.getEnvironment().getRequiredProperty("local.server.port"));
			assertThat(send("POST", url + "/tcp/line", SLOW)).containsPattern("^40[45] ");
			assertThat(send("DELETE", url + "/tcp/line", "")).containsPattern("^40[45] ");
			assertThat(send("DELETE", url, "")).containsPattern("^40[45] ");
		}
		assertThat(output).doesNotContain("Callers of /actuator/faults")
			.containsPattern(
					"WARN .*Server 'datagram' \\(udp\\) commits faults on purpose, set by the configuration: late \\(type delay, delay 20ms\\)");
	}

	@Test
	void serviceWithoutFaultsWarnsOfNone(CapturedOutput output) {
		TestApplication.run("management.endpoints.access.default=unrestricted").close();
		assertThat(output).doesNotContain("commits faults")
			.contains("Callers of /actuator/faults may make the servers commit faults: "
					+ "management.endpoints.access.default=unrestricted");
	}

	private static String send(String method, String url, String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url))
			.timeout(Duration.ofSeconds(20))
			.header("Content-Type", "application/json")
			.method(method, HttpRequest.BodyPublishers.ofString(body))
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		return answer.statusCode() + " " + answer.body();
	}

}
