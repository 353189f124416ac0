package dev.socketecho.helm;

import java.io.IOException;
import java.util.List;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the servers are reached: the services and network policies that the chart renders.
 */
class ChartNetworkIT {

	@AutoClose
	private static final Chart chart = Chart.copy();

	@Test
	void defaultServersAreReachedOverBothProtocols() throws IOException {
		assertThat(ports(chart.render("{}").named(Service.class, Chart.FULL_NAME))).containsExactlyInAnyOrder(
				"tcp-stream TCP 7007", "tcp-line TCP 1337", "tcp-message TCP 11000", "tcp-collect TCP 11001",
				"udp-datagram UDP 7007");
	}

	@Test
	void serverThatIsSwitchedOffHasNoPort() {
		assertThat(chart.render(Chart.valuesFile("minimal")).container().getPorts()).extracting(ContainerPort::getName)
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

	@Test
	void networkPolicyOpensTheServersPortsOfBothProtocols() {
		Manifests manifests = chart.render(Chart.valuesFile("mesh"));
		NetworkPolicy policy = manifests.only(NetworkPolicy.class);
		assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
		List<String> opened = policy.getSpec()
			.getIngress()
			.getFirst()
			.getPorts()
			.stream()
			.map(ChartNetworkIT::text)
			.toList();
		assertThat(opened).containsExactlyInAnyOrder("TCP 7007", "TCP 1337", "TCP 11000", "TCP 11001", "UDP 7007");
		assertThat(policy.getSpec().getIngress().getFirst().getFrom()).hasSize(2);
		assertThat(policy.getSpec().getIngress().getLast().getPorts()).singleElement()
			.extracting(ChartNetworkIT::text)
			.isEqualTo("TCP 8080");
		assertThat(policy.getSpec().getEgress().getFirst().getPorts()).extracting(ChartNetworkIT::text)
			.containsExactly("UDP 53", "TCP 53");
	}

	@Test
	void httpPortIsForThisReleaseAloneByDefault() throws IOException {
		NetworkPolicy policy = chart.render("{}").only(NetworkPolicy.class);
		assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
		assertThat(policy.getSpec().getIngress()).hasSize(2);
		assertThat(policy.getSpec().getIngress().getFirst().getFrom()).isEmpty();
		assertThat(policy.getSpec().getIngress().getFirst().getPorts()).extracting(ChartNetworkIT::text)
			.contains("TCP 7007", "UDP 7007")
			.doesNotContain("TCP 8080");
		assertThat(policy.getSpec().getIngress().getLast()).satisfies((http) -> {
			assertThat(http.getPorts()).extracting(ChartNetworkIT::text).containsExactly("TCP 8080");
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

	private static List<String> ports(Service service) {
		return service.getSpec()
			.getPorts()
			.stream()
			.map((port) -> "%s %s %d".formatted(port.getName(), port.getProtocol(), port.getPort()))
			.toList();
	}

	private static String text(NetworkPolicyPort port) {
		return port.getProtocol() + " " + port.getPort().getIntVal();
	}

}
