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
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What holds for whatever the chart renders: with no values, and with each of the files
 * of values that it is tested with.
 */
class ChartRenderIT {

	@AutoClose
	private static final Chart chart = Chart.copy();

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
		assertThat(chart.render("{}").container().getImage()).isEqualTo("socket-echo:" + version);
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
		Set<String> ports = manifests.container()
			.getPorts()
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
		assertThat(manifests.container().getVolumeMounts()).extracting((mount) -> mount.getName())
			.containsExactlyInAnyOrderElementsOf(volumes);
		assertThat(manifests.container().getVolumeMounts()).filteredOn("mountPath", "/tmp").hasSize(1);
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

}
