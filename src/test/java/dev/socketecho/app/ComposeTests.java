package dev.socketecho.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the Compose files let in, and of how long they keep logs. They are read
 * as they are: {@code .ci/container} runs them.
 */
class ComposeTests {

	private static final Path BRIDGE = Path.of("docker-compose.yml");

	private static final Path HOST = Path.of("compose", "host-network.yml");

	private static final Path COMMON = Path.of("compose", "service.yml");

	@Test
	void httpIsForTheHostOnly() throws IOException {
		assertThat(services(HOST).values()).hasSize(2)
			.allSatisfy(
					(service) -> assertThat(map(service, "environment")).containsEntry("SERVER_ADDRESS", "127.0.0.1"));
		assertThat(services(BRIDGE).values()).flatExtracting((service) -> ports(service))
			.filteredOn((port) -> port.matches(".*:(8080|9090|3000)(/tcp)?"))
			.hasSize(4)
			.allMatch((port) -> port.startsWith("127.0.0.1:"));
	}

	@Test
	void endpointsWriteWhereOnlyTheHostReachesThem() throws IOException {
		for (Path file : List.of(BRIDGE, HOST)) {
			for (String name : List.of("echo", "probe")) {
				assertThat(map(services(file).get(name), "environment")).as("%s of %s", name, file)
					.containsEntry("MANAGEMENT_ENDPOINT_CONNECTIONS_ACCESS", "unrestricted")
					.containsEntry("MANAGEMENT_ENDPOINT_ECHO_ACCESS", "unrestricted")
					.containsEntry("MANAGEMENT_ENDPOINT_FAULTS_ACCESS", "unrestricted")
					.containsEntry("MANAGEMENT_ENDPOINT_LOAD_ACCESS", "unrestricted");
			}
		}
		assertThat(services(COMMON).values()).extracting(Object::toString)
			.noneMatch((service) -> service.contains("ACCESS"));
	}

	/**
	 * Without a client, a page could neither send messages nor put load on a server.
	 */
	@Test
	void eachPageHasAClient() throws IOException {
		for (Path file : List.of(BRIDGE, HOST)) {
			assertThat(map(services(file).get("echo"), "environment")).as(file.toString())
				.containsEntry("ECHO_TCP_CLIENTS_LINE_HOST", "localhost")
				.containsEntry("ECHO_TCP_CLIENTS_LINE_FRAMING", "line");
			assertThat(map(services(file).get("probe"), "environment")).as(file.toString())
				.containsKey("ECHO_TCP_CLIENTS_ECHOLINE_HOST");
		}
	}

	@Test
	void logsRotate() throws IOException {
		Map<String, Object> rotation = map(services(COMMON).get("service"), "logging");
		assertThat(map(rotation, "options")).containsKeys("max-size", "max-file");
		for (Path file : List.of(BRIDGE, HOST)) {
			assertThat(services(file)).allSatisfy((name, service) -> {
				if (service.containsKey("extends")) {
					assertThat(map(service, "extends").get("file").toString()).as(name).endsWith("service.yml");
				}
				else {
					assertThat(service.get("logging")).as(name).isEqualTo(rotation);
				}
			});
		}
	}

	private static Map<String, Map<String, Object>> services(Path file) throws IOException {
		Map<String, Map<String, Map<String, Object>>> compose = new Yaml().load(Files.readString(file));
		return compose.get("services");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Map<String, Object> parent, String key) {
		assertThat(parent).containsKey(key);
		return (Map<String, Object>) parent.get(key);
	}

	@SuppressWarnings("unchecked")
	private static List<String> ports(Map<String, Object> service) {
		return (List<String>) service.getOrDefault("ports", List.of());
	}

}
