package dev.socketecho.helm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.fault.FaultType;
import io.fabric8.kubernetes.api.model.EnvVar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the chart's ConfigMap as the service itself binds it: strictly, over its own
 * defaults.
 */
class ChartConfigurationIT {

	@TempDir
	static Path directory;

	@AutoClose
	private static final Chart chart = Chart.copy();

	static Stream<Manifests> renders() throws IOException {
		return chart.renders();
	}

	@ParameterizedTest
	@MethodSource("renders")
	void containerPortsAreThoseThatTheServiceOpens(Manifests manifests) throws IOException {
		Set<String> ports = manifests.container()
			.getPorts()
			.stream()
			.map((port) -> port.getProtocol() + " " + port.getContainerPort())
			.collect(Collectors.toCollection(TreeSet::new));
		bind(manifests, (context) -> {
			EchoProperties properties = context.getBean(EchoProperties.class);
			Set<String> opened = new TreeSet<>();
			properties.tcp().servers().forEach((_, server) -> add(opened, server.enabled(), "TCP", server.port()));
			properties.udp().servers().forEach((_, server) -> add(opened, server.enabled(), "UDP", server.port()));
			add(opened, true, "TCP", context.getEnvironment().getRequiredProperty("server.port", Integer.class));
			assertThat(ports).isEqualTo(opened);
		});
	}

	@Test
	void defaultsOfTheChartAreTheServices() throws IOException {
		EchoProperties[] bound = new EchoProperties[2];
		bind(chart.render("{}"), (context) -> bound[0] = context.getBean(EchoProperties.class));
		runner().run((context) -> bound[1] = context.getBean(EchoProperties.class));
		assertThat(bound[0]).usingRecursiveComparison().ignoringFields("shutdown").isEqualTo(bound[1]);
		assertThat(bound[0].shutdown().readinessDelay()).hasSeconds(5);
	}

	@Test
	void numbersAreNotWrittenAsFloats() throws IOException {
		bind(chart.render("echo: {tcp: {servers: {line: {max-connections: 2147483647, backlog: 10000000}}}}"),
				(context) -> assertThat(context.getBean(EchoProperties.class).tcp().servers().get("line"))
					.satisfies((line) -> {
						assertThat(line.maxConnections()).isEqualTo(Integer.MAX_VALUE);
						assertThat(line.backlog()).isEqualTo(10_000_000);
					}));
	}

	@Test
	void faultsArePropertiesOfTheServer() throws IOException {
		bind(chart.render(Chart.valuesFile("all-features")), (context) -> {
			EchoProperties properties = context.getBean(EchoProperties.class);
			assertThat(properties.tcp().servers().get("flaky").faults().get("d-reset").asSet())
				.containsEntry("type", FaultType.RESET)
				.containsEntry("after-bytes", DataSize.ofBytes(10_000))
				.containsEntry("after", Duration.ofSeconds(1))
				.containsEntry("first", 2L);
			assertThat(properties.udp().servers().get("lossy").faults().get("drop").asSet())
				.containsEntry("probability", 0.2)
				.containsEntry("seed", -9_007_199_254_740_993L);
		});
	}

	@Test
	void endpointsWriteOnlyWhereTheyAreNamed() throws IOException {
		bind(chart.render("{}"), (context) -> assertThat(List.of("connections", "echo", "faults", "load"))
			.allMatch((endpoint) -> !"unrestricted".equals(access(context, endpoint))));
		bind(chart.render(
				"{management: {writable: [echo, faults, load]}, application: {management: {server: {port: 9090}}}}"),
				(context) -> {
					assertThat(access(context, "echo")).isEqualTo("unrestricted");
					assertThat(access(context, "faults")).isEqualTo("unrestricted");
					assertThat(access(context, "load")).isEqualTo("unrestricted");
					assertThat(access(context, "connections")).isNotEqualTo("unrestricted");
					assertThat(context.getEnvironment().getProperty("management.server.port")).isEqualTo("9090");
				});
	}

	@Test
	void defaultDelimiterIsNoneOfAnotherFraming() throws IOException {
		bind(chart.render("echo: {tcp: {servers: {message: {framing: line, delimiter: null}}}}"),
				(context) -> assertThat(context.getBean(EchoProperties.class).tcp().servers().get("message").framing())
					.isEqualTo(Framing.LINE));
	}

	@Test
	void shutdownTimeoutReachesSpring() throws IOException {
		bind(chart.render(Chart.valuesFile("split")),
				(context) -> assertThat(
						context.getEnvironment().getProperty("spring.lifecycle.timeout-per-shutdown-phase"))
					.isEqualTo("1m"));
	}

	@ParameterizedTest
	@CsvSource({ "0, 1, 2", "1, 0, 2", "2, 0, 1" })
	void podOfTheMeshProbesItsPeersAndNotItself(int own, int peer, int other) throws IOException {
		Manifests manifests = chart.render(Chart.valuesFile("mesh"));
		assertThat(manifests.container().getEnv()).filteredOn(EnvVar::getName, "SPRING_PROFILES_INCLUDE")
			.singleElement()
			.satisfies((variable) -> assertThat(variable.getValueFrom().getFieldRef().getFieldPath())
				.isEqualTo("metadata.name"));
		bind(manifests,
				(context) -> assertThat(context.getBean(EchoProperties.class)
					.probes()
					.entrySet()
					.stream()
					.filter((probe) -> probe.getValue().enabled())
					.map(Map.Entry::getKey)).containsExactlyInAnyOrder("gateway", "peer-" + peer + "-tcp",
							"peer-" + peer + "-udp", "peer-" + other + "-tcp", "peer-" + other + "-udp"),
				"spring.profiles.include=" + Chart.FULL_NAME + "-" + own);
	}

	@Test
	void podKnowsWhoAndWhereItIs() throws IOException {
		assertThat(identity(chart.render("{}"))).containsExactlyInAnyOrderEntriesOf(Map.of("ECHO_IDENTITY_POD",
				"metadata.name", "ECHO_IDENTITY_NAMESPACE", "metadata.namespace", "ECHO_IDENTITY_NODE", "spec.nodeName",
				"ECHO_IDENTITY_ZONE", "metadata.labels['topology.kubernetes.io/zone']"));
		assertThat(identity(chart.render("identity: {zoneLabel: example.org/rack}")))
			.containsEntry("ECHO_IDENTITY_ZONE", "metadata.labels['example.org/rack']");
		assertThat(identity(chart.render("identity: {zoneLabel: ''}"))).hasSize(3)
			.doesNotContainKey("ECHO_IDENTITY_ZONE");
		assertThat(identity(chart.render("identity: {enabled: false}"))).isEmpty();
	}

	@Test
	void identityOfTheValuesWinsOverThePods() throws IOException {
		Manifests manifests = chart.render("echo: {identity: {zone: cellar, site: 'north \"1\"'}}");
		assertThat(identity(manifests)).hasSize(3).doesNotContainKey("ECHO_IDENTITY_ZONE");
		bind(manifests, (context) -> assertThat(context.getBean(EchoProperties.class).identity())
			.isEqualTo(Map.of("zone", "cellar", "site", "north \"1\"")));
	}

	@Test
	void configurationIsMountedWhereTheServiceLooksForIt() throws IOException {
		assertThat(chart.render("{}").container()).satisfies((container) -> {
			assertThat(container.getEnv()).filteredOn(EnvVar::getName, "SPRING_CONFIG_ADDITIONAL_LOCATION")
				.extracting(EnvVar::getValue)
				.containsExactly("file:/etc/socket-echo/config/");
			assertThat(container.getVolumeMounts()).filteredOn("name", "config")
				.extracting((mount) -> mount.getMountPath() + "/")
				.containsExactly("/etc/socket-echo/config/");
		});
	}

	/** The fields of the downward API, by the variable that identifies the pod. */
	private static Map<String, String> identity(Manifests manifests) {
		return manifests.container()
			.getEnv()
			.stream()
			.filter((variable) -> variable.getName().startsWith("ECHO_IDENTITY_"))
			.collect(Collectors.toMap(EnvVar::getName,
					(variable) -> variable.getValueFrom().getFieldRef().getFieldPath()));
	}

	private static @Nullable String access(AssertableApplicationContext context, String endpoint) {
		return context.getEnvironment().getProperty("management.endpoint." + endpoint + ".access");
	}

	private static void add(Set<String> ports, boolean enabled, String protocol, Integer port) {
		if (enabled) {
			ports.add(protocol + " " + port);
		}
	}

	private static void bind(Manifests manifests, ContextConsumer<AssertableApplicationContext> consumer,
			String... properties) throws IOException {
		Path location = Files.createTempDirectory(directory, "config");
		Files.writeString(location.resolve("application.yml"), manifests.applicationYaml());
		runner().withPropertyValues("spring.config.additional-location=" + location.toUri())
			.withPropertyValues(properties)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				consumer.accept(context);
			});
	}

	private static ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withUserConfiguration(PropertiesConfiguration.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EchoProperties.class)
	static class PropertiesConfiguration {

	}

}
