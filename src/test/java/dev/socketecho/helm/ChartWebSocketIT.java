package dev.socketecho.helm;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressRule;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the chart renders for WebSocket servers.
 */
class ChartWebSocketIT {

	private static final String SERVERS = "echo: {tcp: {servers: {ws: {port: 7307, framing: websocket}}}}\n";

	@AutoClose
	private static final Chart chart = Chart.copy();

	/**
	 * Gateways and meshes take the protocol from it.
	 */
	@Test
	void portsOfTheServiceNameTheirProtocol() {
		Service service = chart.render(Chart.valuesFile("all-features")).named(Service.class, Chart.FULL_NAME);
		Map<String, ServicePort> ports = service.getSpec()
			.getPorts()
			.stream()
			.collect(Collectors.toMap(ServicePort::getName, Function.identity()));
		assertThat(ports.remove("tcp-ws")).satisfies((port) -> {
			assertThat(port.getAppProtocol()).isEqualTo("kubernetes.io/ws");
			assertThat(port.getPort()).isEqualTo(80);
			assertThat(port.getTargetPort().getStrVal()).isEqualTo("tcp-7307");
		});
		assertThat(ports.remove("tcp-wss").getAppProtocol()).isEqualTo("kubernetes.io/wss");
		assertThat(ports.values()).hasSizeGreaterThan(10).allMatch((port) -> port.getAppProtocol() == null);
	}

	@Test
	void thereIsNoIngressUnlessItIsWanted() throws IOException {
		assertThat(chart.render(SERVERS).all(Ingress.class)).isEmpty();
	}

	@Test
	void ingressLeadsEachHostToItsServer() {
		Manifests manifests = chart.render(Chart.valuesFile("all-features"));
		Ingress ingress = manifests.only(Ingress.class);
		assertThat(ingress.getMetadata().getAnnotations())
			.containsEntry("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600");
		assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
		assertThat(ingress.getSpec().getTls()).singleElement().satisfies((tls) -> {
			assertThat(tls.getSecretName()).isEqualTo("echo-example-org");
			assertThat(tls.getHosts()).containsExactly("echo.example.org");
		});
		assertThat(ingress.getSpec().getRules()).extracting(ChartWebSocketIT::text)
			.containsExactly("echo.example.org / Prefix r-socket-echo 80", "null /exactly Exact r-socket-echo 7308");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{server: ws}", "{path: /, pathType: Prefix}" })
	void onlyWebSocketServerNeedsNoName(String entry) throws IOException {
		Ingress ingress = chart.render(SERVERS + "ingress: {enabled: true, hosts: [" + entry + "]}")
			.only(Ingress.class);
		assertThat(ingress.getSpec().getRules()).extracting(ChartWebSocketIT::text)
			.containsExactly("null / Prefix r-socket-echo 7307");
		assertThat(ingress.getSpec().getIngressClassName()).isNull();
		assertThat(ingress.getSpec().getTls()).isEmpty();
	}

	@Test
	void ingressLeadsToTheServiceOfTcpWhereProtocolsAreSplit() throws IOException {
		Manifests manifests = chart
			.render(SERVERS + "service: {splitByProtocol: true}\ningress: {enabled: true, hosts: [{}]}");
		assertThat(manifests.only(Ingress.class).getSpec().getRules()).extracting(ChartWebSocketIT::text)
			.containsExactly("null / Prefix r-socket-echo-tcp 7307");
		assertThat(manifests.named(Service.class, "r-socket-echo-tcp").getSpec().getPorts())
			.extracting(ServicePort::getPort)
			.contains(7307);
	}

	@Test
	void testPodSpeaksWebSocket() {
		Pod pod = chart.render(Chart.valuesFile("all-features")).only(Pod.class);
		assertThat(pod.getSpec().getContainers().getFirst().getArgs().getFirst())
			.contains("upgrades 'ws' 'r-socket-echo' 80", "connects 'wss' 'r-socket-echo' 7308");
	}

	private static String text(IngressRule rule) {
		assertThat(rule.getHttp().getPaths()).hasSize(1);
		var path = rule.getHttp().getPaths().getFirst();
		return "%s %s %s %s %d".formatted(rule.getHost(), path.getPath(), path.getPathType(),
				path.getBackend().getService().getName(), path.getBackend().getService().getPort().getNumber());
	}

}
