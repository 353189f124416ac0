package dev.socketecho.helm;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import dev.socketecho.helm.CustomResource.PrometheusRule;
import dev.socketecho.helm.CustomResource.ServiceMonitor;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the chart renders for Prometheus and Grafana.
 */
class ChartMonitoringIT {

	@AutoClose
	private static final Chart chart = Chart.copy();

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

}
