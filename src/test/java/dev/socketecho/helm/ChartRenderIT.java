package dev.socketecho.helm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.helm.CustomResource.Certificate;
import dev.socketecho.helm.CustomResource.PrometheusRule;
import dev.socketecho.helm.CustomResource.ServiceMonitor;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of what the chart renders.
 */
class ChartRenderIT {

	@TempDir
	static Path directory;

	private static Chart chart;

	@BeforeAll
	static void copyChart() throws IOException {
		chart = Chart.copiedTo(directory);
	}

	static Stream<Manifests> renders() throws IOException {
		return chart.renders();
	}

	@Test
	void lintFindsNothing() {
		assertThat(Chart.lint()).satisfies((lint) -> {
			assertThat(lint.isFailed()).isFalse();
			assertThat(lint.getMessages()).allMatch((message) -> message.contains("icon is recommended"));
		});
	}

	@Test
	void manifestsAreReadStrictly() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Manifests.parse("{apiVersion: v1, kind: Service, spec: {portz: []}}"))
			.withMessageContaining("portz");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Manifests
				.parse("{apiVersion: cert-manager.io/v1, kind: Certificate, spec: {issuerRef: {nam: internal}}}"))
			.withMessageContaining("nam");
	}

	@Test
	void appVersionIsTheProjects() throws IOException {
		String version = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?</parent>.*?<version>(.*?)<.*", "$1");
		assertThat(Files.readString(Chart.DIRECTORY.resolve("Chart.yaml"))).contains("\nappVersion: " + version + "\n")
			.contains("image: socket-echo:" + version + "\n");
		assertThat(container(chart.render("{}")).getImage()).isEqualTo("socket-echo:" + version);
	}

	@ParameterizedTest
	@MethodSource("renders")
	void selectorsMatchThePodsOfTheServiceOnly(Manifests manifests) {
		Map<String, String> labels = manifests.pods().getMetadata().getLabels();
		Map<String, String> testLabels = manifests.only(Pod.class).getMetadata().getLabels();
		List<Map<String, String>> selectors = Stream.of(
				manifests.all(Service.class).stream().map((service) -> service.getSpec().getSelector()),
				manifests.all(Deployment.class).stream().map((set) -> set.getSpec().getSelector().getMatchLabels()),
				manifests.all(StatefulSet.class).stream().map((set) -> set.getSpec().getSelector().getMatchLabels()),
				manifests.all(PodDisruptionBudget.class)
					.stream()
					.map((budget) -> budget.getSpec().getSelector().getMatchLabels()),
				manifests.all(NetworkPolicy.class)
					.stream()
					.map((policy) -> policy.getSpec().getPodSelector().getMatchLabels()))
			.flatMap((selector) -> selector)
			.toList();
		assertThat(selectors).isNotEmpty().allSatisfy((selector) -> {
			assertThat(selector).isNotEmpty();
			assertThat(labels).containsAllEntriesOf(selector);
			assertThat(testLabels.entrySet()).doesNotContainSequence(selector.entrySet())
				.matches((entries) -> !entries.containsAll(selector.entrySet()));
		});
	}

	@ParameterizedTest
	@MethodSource("renders")
	void servicesLeadToPortsOfTheContainer(Manifests manifests) {
		Set<String> ports = container(manifests).getPorts()
			.stream()
			.map((port) -> port.getName() + "/" + port.getProtocol())
			.collect(Collectors.toSet());
		Set<String> reached = new HashSet<>();
		for (Service service : manifests.all(Service.class)) {
			assertThat(service.getSpec().getPorts()).isNotEmpty().doesNotHaveDuplicates();
			for (ServicePort port : service.getSpec().getPorts()) {
				reached.add(port.getTargetPort().getStrVal() + "/" + port.getProtocol());
				assertThat(port.getName()).startsWith(port.getProtocol().equals("UDP") ? "udp-" : "")
					.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
			}
		}
		assertThat(reached).isEqualTo(ports);
	}

	@ParameterizedTest
	@MethodSource("renders")
	void podsFitThePodSecurityStandardRestricted(Manifests manifests) {
		for (PodSpec pod : List.of(manifests.pods().getSpec(), manifests.only(Pod.class).getSpec())) {
			assertThat(pod.getAutomountServiceAccountToken()).isFalse();
			assertThat(pod.getEnableServiceLinks()).isFalse();
			assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
			assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
			assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
			assertThat(pod.getContainers().getFirst().getSecurityContext()).satisfies((context) -> {
				assertThat(context.getAllowPrivilegeEscalation()).isFalse();
				assertThat(context.getReadOnlyRootFilesystem()).isTrue();
				assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
				assertThat(context.getCapabilities().getAdd()).isEmpty();
			});
		}
		assertThat(manifests.all(ServiceAccount.class))
			.allMatch((account) -> !account.getAutomountServiceAccountToken());
	}

	@ParameterizedTest
	@MethodSource("renders")
	void mountsHaveTheirVolumes(Manifests manifests) {
		PodSpec pod = manifests.pods().getSpec();
		Set<String> volumes = pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
		assertThat(container(manifests).getVolumeMounts()).extracting((mount) -> mount.getName())
			.containsExactlyInAnyOrderElementsOf(volumes);
		assertThat(container(manifests).getVolumeMounts()).filteredOn("mountPath", "/tmp").hasSize(1);
		Set<String> configMaps = manifests.all(ConfigMap.class)
			.stream()
			.map((map) -> map.getMetadata().getName())
			.collect(Collectors.toSet());
		assertThat(pod.getVolumes()).filteredOn((volume) -> volume.getConfigMap() != null)
			.allMatch((volume) -> configMaps.contains(volume.getConfigMap().getName()));
	}

	@ParameterizedTest
	@MethodSource("renders")
	void everythingCarriesTheRecommendedLabels(Manifests manifests) {
		assertThat(manifests.all()).filteredOn((manifest) -> !manifest.getMetadata().getName().equals("r-extra"))
			.extracting(HasMetadata::getMetadata)
			.allSatisfy((metadata) -> assertThat(metadata.getLabels())
				.containsEntry("app.kubernetes.io/instance", Chart.RELEASE)
				.containsEntry("app.kubernetes.io/managed-by", "Helm")
				.containsKeys("app.kubernetes.io/name", "app.kubernetes.io/version", "helm.sh/chart"));
	}

	@Test
	void defaultServersAreReachedOverBothProtocols() throws IOException {
		assertThat(ports(chart.render("{}").named(Service.class, Chart.FULL_NAME))).containsExactlyInAnyOrder(
				"tcp-stream TCP 7007", "tcp-line TCP 1337", "tcp-message TCP 11000", "tcp-collect TCP 11001",
				"udp-datagram UDP 7007");
	}

	@Test
	void serverThatIsSwitchedOffHasNoPort() {
		assertThat(container(chart.render(Chart.valuesFile("minimal"))).getPorts()).extracting(ContainerPort::getName)
			.containsExactly("tcp-7007", "http");
	}

	@Test
	void protocolsAreSplitByAValue() {
		Manifests manifests = chart.render(Chart.valuesFile("split"));
		Service tcp = manifests.named(Service.class, "rfc862-tcp");
		Service udp = manifests.named(Service.class, "rfc862-udp");
		assertThat(ports(tcp)).containsExactly("tcp-stream TCP 7");
		assertThat(ports(udp)).containsExactly("udp-datagram UDP 7");
		assertThat(udp.getSpec().getPorts().getFirst().getNodePort()).isEqualTo(30007);
		assertThat(udp.getMetadata().getAnnotations()).containsKeys("example.org/pool", "example.org/protocol");
		assertThat(tcp.getMetadata().getAnnotations()).containsOnlyKeys("example.org/pool");
		assertThat(List.of(tcp, udp)).allSatisfy((service) -> {
			assertThat(service.getSpec().getType()).isEqualTo("LoadBalancer");
			assertThat(service.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
		});
		assertThat(manifests.named(Service.class, "rfc862-http").getSpec().getType()).isEqualTo("ClusterIP");
	}

	@Test
	void portsBelow1024NeedNoCapability() throws IOException {
		assertThat(chart.render(Chart.valuesFile("split")).pods().getSpec().getSecurityContext().getSysctls())
			.singleElement()
			.satisfies((sysctl) -> {
				assertThat(sysctl.getName()).isEqualTo("net.ipv4.ip_unprivileged_port_start");
				assertThat(sysctl.getValue()).isEqualTo("7");
			});
		assertThat(chart.render("{}").pods().getSpec().getSecurityContext().getSysctls()).isEmpty();
	}

	@Test
	void callersStayWithOnePodByAValue() {
		assertThat(chart.render(Chart.valuesFile("udp-only")).named(Service.class, Chart.FULL_NAME).getSpec())
			.satisfies((service) -> {
				assertThat(service.getSessionAffinity()).isEqualTo("ClientIP");
				assertThat(service.getSessionAffinityConfig().getClientIP().getTimeoutSeconds()).isEqualTo(600);
			});
	}

	@ParameterizedTest
	@CsvSource({ "5s, 30s, 0, 45", "0s, 30s, 0, 40", "1500ms, 1m, 0, 72", "1m, 500ms, 0, 71", "5s, 30s, 7, 52" })
	void gracePeriodIsWhatTheShutdownTakes(String delay, String timeout, int sleep, long seconds) throws IOException {
		String hook = (sleep > 0) ? "lifecycle: {preStop: {sleep: {seconds: %d}}}".formatted(sleep) : "";
		assertThat(gracePeriod(
				"echo: {shutdown: {readiness-delay: %s}}\nshutdownTimeout: %s\n%s".formatted(delay, timeout, hook)))
			.isEqualTo(seconds);
	}

	@Test
	void gracePeriodThatIsTooShortIsRefused() throws IOException {
		assertThat(gracePeriod("terminationGracePeriodSeconds: 45")).isEqualTo(45);
		assertThatIllegalStateException().isThrownBy(() -> gracePeriod("terminationGracePeriodSeconds: 44"))
			.withMessageContaining("44 is less than the 45");
	}

	@Test
	void changeOfTheConfigurationRestartsThePods() throws IOException {
		assertThat(checksum("{}")).isEqualTo(checksum("replicaCount: 5"))
			.isNotEqualTo(checksum("echo: {tcp: {servers: {line: {port: 2337}}}}"));
	}

	@Test
	void autoscalerFollowsCpuAndConnections() {
		Manifests manifests = chart.render(Chart.valuesFile("all-features"));
		HorizontalPodAutoscaler autoscaler = manifests.only(HorizontalPodAutoscaler.class);
		assertThat(autoscaler.getSpec().getScaleTargetRef().getName())
			.isEqualTo(manifests.only(Deployment.class).getMetadata().getName());
		assertThat(autoscaler.getSpec().getMetrics()).hasSize(2);
		assertThat(autoscaler.getSpec().getMetrics().getFirst().getResource().getTarget().getAverageUtilization())
			.isEqualTo(75);
		assertThat(autoscaler.getSpec().getMetrics().getLast().getPods()).satisfies((metric) -> {
			assertThat(metric.getMetric().getName()).isEqualTo("echo_connections_active");
			assertThat(metric.getTarget().getAverageValue().getAmount()).isEqualTo("5000");
		});
		assertThat(manifests.only(Deployment.class).getSpec().getReplicas()).isNull();
	}

	@Test
	void networkPolicyOpensTheServersPortsOfBothProtocols() {
		Manifests manifests = chart.render(Chart.valuesFile("mesh"));
		NetworkPolicy policy = manifests.only(NetworkPolicy.class);
		assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
		List<String> opened = policy.getSpec().getIngress().getFirst().getPorts().stream().map(this::text).toList();
		assertThat(opened).containsExactlyInAnyOrder("TCP 7007", "TCP 1337", "TCP 11000", "TCP 11001", "UDP 7007");
		assertThat(policy.getSpec().getIngress().getFirst().getFrom()).hasSize(2);
		assertThat(policy.getSpec().getIngress().getLast().getPorts()).singleElement()
			.extracting(this::text)
			.isEqualTo("TCP 8080");
		assertThat(policy.getSpec().getEgress().getFirst().getPorts()).extracting(this::text)
			.containsExactly("UDP 53", "TCP 53");
	}

	@Test
	void httpPortIsForThisReleaseAloneByDefault() throws IOException {
		NetworkPolicy policy = chart.render("{}").only(NetworkPolicy.class);
		assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
		assertThat(policy.getSpec().getIngress()).hasSize(2);
		assertThat(policy.getSpec().getIngress().getFirst().getFrom()).isEmpty();
		assertThat(policy.getSpec().getIngress().getFirst().getPorts()).extracting(this::text)
			.contains("TCP 7007", "UDP 7007")
			.doesNotContain("TCP 8080");
		assertThat(policy.getSpec().getIngress().getLast()).satisfies((http) -> {
			assertThat(http.getPorts()).extracting(this::text).containsExactly("TCP 8080");
			assertThat(http.getFrom()).singleElement()
				.satisfies((peer) -> assertThat(peer.getPodSelector().getMatchLabels())
					.containsEntry("app.kubernetes.io/instance", Chart.RELEASE));
		});
		assertThat(chart.render("networkPolicy: {enabled: false}").all(NetworkPolicy.class)).isEmpty();
	}

	@Test
	void httpPortIsOpenedToThePeersThatAreNamed() throws IOException {
		NetworkPolicy policy = chart
			.render("networkPolicy: {httpFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]}")
			.only(NetworkPolicy.class);
		assertThat(policy.getSpec().getIngress().getLast().getFrom()).hasSize(2)
			.first()
			.satisfies((peer) -> assertThat(peer.getNamespaceSelector().getMatchLabels()).containsEntry("name",
					"monitoring"));
	}

	@Test
	void meshGivesEachReplicaANameThatIsProbed() {
		Manifests manifests = chart.render(Chart.valuesFile("mesh"));
		StatefulSet set = manifests.only(StatefulSet.class);
		Service peers = manifests.named(Service.class, set.getSpec().getServiceName());
		assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
		assertThat(peers.getSpec().getClusterIP()).isEqualTo("None");
		assertThat(peers.getSpec().getPublishNotReadyAddresses()).isTrue();
		assertThat(manifests.applicationYaml())
			.contains("host: r-socket-echo-2.r-socket-echo-peers.space.svc.cluster.local")
			.doesNotContain("r-socket-echo-3.");
		assertThat(manifests.all(Deployment.class)).isEmpty();
	}

	@Test
	void secretsAreMountedWhereTheBundlesLookForThem() {
		Manifests manifests = chart.render(Chart.valuesFile("tls"));
		Certificate certificate = manifests.only(Certificate.class);
		assertThat(manifests.pods().getSpec().getVolumes()).filteredOn((volume) -> volume.getSecret() != null)
			.extracting((volume) -> volume.getSecret().getSecretName())
			.containsExactlyInAnyOrder("internal-tls", certificate.getSpec().secretName());
		for (String bundle : List.of("public", "internal")) {
			String path = "/etc/socket-echo/tls/" + bundle;
			assertThat(container(manifests).getVolumeMounts()).filteredOn("mountPath", path)
				.singleElement()
				.matches((mount) -> mount.getReadOnly());
			assertThat(manifests.applicationYaml()).contains("certificate: file:" + path + "/tls.crt",
					"private-key: file:" + path + "/tls.key");
		}
		assertThat(manifests.applicationYaml()).contains("certificate: file:/etc/socket-echo/tls/internal/ca.crt");
		assertThat(certificate.getSpec().dnsNames()).containsExactly("echo.example.org");
	}

	@Test
	void certificateIsForTheNamesOfTheService() {
		assertThat(chart.render(Chart.valuesFile("all-features")).only(Certificate.class).getSpec().dnsNames())
			.contains("r-socket-echo", "r-socket-echo.space.svc.cluster.local");
	}

	@Test
	void serviceMonitorFindsTheHttpServiceOnly() {
		Manifests manifests = chart.render(Chart.valuesFile("mesh"));
		ServiceMonitor monitor = manifests.only(ServiceMonitor.class);
		List<Service> found = manifests.all(Service.class)
			.stream()
			.filter((service) -> service.getMetadata()
				.getLabels()
				.entrySet()
				.containsAll(monitor.getSpec().selector().getMatchLabels().entrySet()))
			.toList();
		assertThat(found).singleElement()
			.satisfies((service) -> assertThat(service.getSpec().getPorts()).extracting(ServicePort::getName)
				.containsExactly(monitor.getSpec().endpoints().getFirst().port()));
		assertThat(found.getFirst().getMetadata().getLabels().get(monitor.getSpec().jobLabel()))
			.isEqualTo("socket-echo");
	}

	@Test
	void rulesAndDashboardAreTheFiles() throws IOException {
		Manifests manifests = chart.render(Chart.valuesFile("mesh"));
		List<PrometheusRule.Rule> rules = manifests.only(PrometheusRule.class)
			.getSpec()
			.groups()
			.stream()
			.flatMap((group) -> group.rules().stream())
			.toList();
		String file = Files.readString(Chart.DIRECTORY.resolve("rules/socket-echo.yml"));
		assertThat(rules).hasSize(file.split("- alert: ").length - 1)
			.allSatisfy(
					(rule) -> assertThat(file).contains("- alert: " + rule.alert(), rule.annotations().get("runbook")));
		assertThat(manifests.named(ConfigMap.class, "r-socket-echo-dashboard").getData().get("socket-echo.json"))
			.isEqualTo(Files.readString(Chart.DIRECTORY.resolve("dashboards/socket-echo.json")).trim());
	}

	@Test
	void alertsAreLeftOutAndAdded() {
		assertThat(chart.render(Chart.valuesFile("all-features")).only(PrometheusRule.class).getSpec().groups())
			.flatExtracting((group) -> group.rules())
			.extracting((rule) -> rule.alert())
			.contains("Own", "EchoTargetDown")
			.doesNotContain("EchoTargetMissing", "EchoProbeJitterHigh");
	}

	@Test
	void testPodAsksEachServerWithItsFraming() throws IOException {
		Pod pod = chart.render(Chart.valuesFile("all-features")).only(Pod.class);
		assertThat(pod.getSpec().getContainers().getFirst().getArgs().getFirst())
			.contains("echoes 'stream' tcp 'r-socket-echo' 7 'hello'")
			.contains("echoes 'line' tcp 'r-socket-echo' 1337 'hello\\r\\n'")
			.contains("echoes 'frames' tcp 'r-socket-echo' 7100 '\\0\\0\\0\\5hello'")
			.contains("echoes 'datagram' udp 'r-socket-echo' 7007 'hello'")
			.contains("connects 'collect' 'r-socket-echo' 11001", "connects 'secure' 'r-socket-echo' 7443")
			.contains("skip   tcp proxied", "skip   tcp flaky: has faults", "skip   udp lossy: has faults");
		assertThat(Files.readString(Chart.DIRECTORY.resolve("templates/tests/echo.yaml")))
			.contains("helm.sh/hook: test\n");
	}

	private static Container container(Manifests manifests) {
		return manifests.pods()
			.getSpec()
			.getContainers()
			.stream()
			.filter((container) -> container.getName().equals("socket-echo"))
			.findFirst()
			.orElseThrow();
	}

	private static List<String> ports(Service service) {
		return service.getSpec()
			.getPorts()
			.stream()
			.map((port) -> "%s %s %d".formatted(port.getName(), port.getProtocol(), port.getPort()))
			.toList();
	}

	private String text(NetworkPolicyPort port) {
		return port.getProtocol() + " " + port.getPort().getIntVal();
	}

	private static Long gracePeriod(String values) throws IOException {
		return chart.render(values).pods().getSpec().getTerminationGracePeriodSeconds();
	}

	private static String checksum(String values) throws IOException {
		PodTemplateSpec pods = chart.render(values).pods();
		return pods.getMetadata().getAnnotations().get("checksum/config");
	}

}
