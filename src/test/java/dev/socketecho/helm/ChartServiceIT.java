package dev.socketecho.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socketecho.SocketEchoApplication;
import dev.socketecho.app.Actuator;
import dev.socketecho.server.EchoServers;
import io.fabric8.kubernetes.api.model.Container;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the chart, dashboard and alert rules against the running service, which has
 * the configuration of the chart's fullest values file on free ports.
 */
class ChartServiceIT {

	/** What is followed by labels or a range, and no function. */
	private static final Pattern METRIC = Pattern
		.compile("\\b((?:echo|jvm|process|logback|up)(?:_[a-z0-9_]+)?)(?=\\s*[{\\[=)]|\\s+[><=/-]|$)");

	@TempDir
	static Path directory;

	private static Manifests manifests;

	private static ConfigurableApplicationContext service;

	@BeforeAll
	static void startService() throws Exception {
		try (Chart chart = Chart.copy()) {
			manifests = chart.render(Chart.valuesFile("all-features"));
		}
		Path location = Files.createDirectories(directory.resolve("config"));
		Files.writeString(location.resolve("application.yml"), manifests.applicationYaml());
		X509Bundle certificate = new CertificateBuilder().subject("CN=localhost")
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
		List<String> arguments = new ArrayList<>(List.of("--spring.config.additional-location=" + location.toUri(),
				"--server.port=0", "--echo.shutdown.readiness-delay=0s",
				"--spring.ssl.bundle.pem.echo.keystore.certificate="
						+ Files.writeString(directory.resolve("tls.crt"), certificate.getCertificatePathPEM()),
				"--spring.ssl.bundle.pem.echo.keystore.private-key="
						+ Files.writeString(directory.resolve("tls.key"), certificate.getPrivateKeyPEM())));
		for (String server : servers("tcp", "udp")) {
			arguments.add("--echo." + server + ".port=0");
		}
		service = new SpringApplicationBuilder(SocketEchoApplication.class).run(arguments.toArray(String[]::new));
	}

	@AfterAll
	static void stopService() {
		if (service != null) {
			service.close();
		}
	}

	@Test
	void serviceHasTheServersThatTheConfigMapNames() {
		assertThat(service.getBean(EchoServers.class).tcp()).extracting((server) -> "tcp.servers." + server.name())
			.containsExactlyInAnyOrderElementsOf(servers("tcp"));
		assertThat(service.getBean(EchoServers.class).udp()).extracting((server) -> "udp.servers." + server.name())
			.containsExactlyInAnyOrderElementsOf(servers("udp"));
	}

	@Test
	void probesPathsAnswer() {
		Container container = manifests.container();
		assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
			.allSatisfy((probe) -> {
				assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
				String path = probe.getHttpGet().getPath();
				assertThat(path).startsWith("/actuator/health/");
				assertThat(actuator().get(path.substring("/actuator/".length())).statusCode()).as(path).isEqualTo(200);
			});
	}

	@Test
	void queriesOfTheDashboardNameMetricsOfTheService() throws IOException {
		List<String> queries = dashboard().findValuesAsText("expr");
		assertThat(queries).hasSizeGreaterThan(40);
		assertThat(known()).containsAll(metrics(queries.stream().filter((query) -> !query.startsWith("ALERTS"))));
	}

	@Test
	void rulesNameMetricsOfTheService() throws IOException {
		List<String> queries = rules().findValuesAsText("expr");
		assertThat(queries).isNotEmpty();
		assertThat(known()).containsAll(metrics(queries.stream()));
	}

	@Test
	void dashboardIsOneThatGrafanaLoads() throws IOException {
		JsonNode dashboard = dashboard();
		assertThat(dashboard.get("uid").textValue()).isEqualTo("socket-echo");
		assertThat(dashboard.get("schemaVersion").intValue()).isGreaterThanOrEqualTo(39);
		assertThat(dashboard.at("/templating/list")).extracting((variable) -> variable.get("name").textValue())
			.containsExactly("datasource", "job", "instance");
		assertThat(dashboard.get("panels")).extracting((panel) -> panel.get("type").textValue())
			.containsOnly("row", "stat", "timeseries", "heatmap", "table");
		assertThat(dashboard.get("panels")).extracting((panel) -> panel.get("id").intValue()).doesNotHaveDuplicates();
		assertThat(dashboard.findValues("datasource")).filteredOn((source) -> source.path("uid").isTextual())
			.extracting((source) -> source.get("uid").textValue())
			.containsOnly("${datasource}", "-- Grafana --");
		assertThat(dashboard.get("panels")).filteredOn((panel) -> !panel.get("type").textValue().equals("row"))
			.allSatisfy((panel) -> assertThat(panel.get("targets")).isNotEmpty()
				.allSatisfy((target) -> assertThat(target.get("expr").textValue()).contains("job=~\"$job\"",
						"instance=~\"$instance\"")));
	}

	@Test
	void panelsDoNotOverlap() throws IOException {
		Set<String> cells = new TreeSet<>();
		for (JsonNode panel : dashboard().get("panels")) {
			JsonNode position = panel.get("gridPos");
			assertThat(position.get("x").intValue() + position.get("w").intValue()).isLessThanOrEqualTo(24);
			for (int x = 0; x < position.get("w").intValue(); x++) {
				for (int y = 0; y < position.get("h").intValue(); y++) {
					assertThat(cells.add((position.get("x").intValue() + x) + "," + (position.get("y").intValue() + y)))
						.as(panel.get("title").textValue())
						.isTrue();
				}
			}
		}
	}

	@Test
	void everyAlertSaysWhatToDoAndIsTested() throws IOException {
		String tests;
		try (Stream<Path> files = Files.list(Chart.DIRECTORY.resolve("rules/tests"))) {
			tests = files.map(ChartServiceIT::read).collect(Collectors.joining());
		}
		for (JsonNode group : rules().get("groups")) {
			for (JsonNode rule : group.get("rules")) {
				String alert = rule.get("alert").textValue();
				assertThat(rule.at("/labels/severity").textValue()).as(alert).isIn("warning", "critical");
				assertThat(rule.get("annotations").properties()).as(alert)
					.extracting((annotation) -> annotation.getKey())
					.containsExactlyInAnyOrder("summary", "description", "runbook");
				assertThat(tests).contains("ALERTS{alertname=\"" + alert + "\"");
			}
		}
	}

	private static Actuator actuator() {
		return new Actuator(service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	/** The servers of the ConfigMap, such as tcp.servers.line. */
	private static List<String> servers(String... transports) {
		JsonNode echo = new ObjectMapper().valueToTree(new Yaml().<Object>load(manifests.applicationYaml()));
		return Stream.of(transports)
			.flatMap((transport) -> echo.at("/echo/" + transport + "/servers")
				.propertyStream()
				.map((server) -> transport + ".servers." + server.getKey()))
			.toList();
	}

	/** The series' names of a scrape, and what Prometheus itself adds. */
	private static Set<String> known() {
		Set<String> names = actuator().scrape()
			.samples()
			.keySet()
			.stream()
			.map((series) -> series.replaceFirst("\\{.*", ""))
			.collect(Collectors.toCollection(TreeSet::new));
		names.add("up");
		return names;
	}

	private static Set<String> metrics(Stream<String> queries) {
		return queries.flatMap((query) -> {
			List<String> found = METRIC.matcher(query).results().map((match) -> match.group(1)).toList();
			assertThat(found).as(query).isNotEmpty();
			return found.stream();
		}).collect(Collectors.toCollection(TreeSet::new));
	}

	private static JsonNode dashboard() throws IOException {
		return new ObjectMapper().readTree(read(Chart.DIRECTORY.resolve("dashboards/socket-echo.json")));
	}

	private static JsonNode rules() {
		return new ObjectMapper()
			.valueToTree(new Yaml().<Object>load(read(Chart.DIRECTORY.resolve("rules/socket-echo.yml"))));
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
