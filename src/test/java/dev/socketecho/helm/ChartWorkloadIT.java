package dev.socketecho.helm;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import dev.socketecho.helm.CustomResource.Certificate;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The pods that the chart renders: how many there are, how they end and start again, and
 * which secrets they have.
 */
class ChartWorkloadIT {

	@AutoClose
	private static final Chart chart = Chart.copy();

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
			assertThat(manifests.container().getVolumeMounts()).filteredOn("mountPath", path)
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

	private static Long gracePeriod(String values) throws IOException {
		return chart.render(values).pods().getSpec().getTerminationGracePeriodSeconds();
	}

	private static String checksum(String values) throws IOException {
		PodTemplateSpec pods = chart.render(values).pods();
		return pods.getMetadata().getAnnotations().get("checksum/config");
	}

}
