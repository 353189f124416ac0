package dev.socketecho.actuate;

import java.util.List;
import java.util.Map;

import dev.socketecho.app.EchoService;
import dev.socketecho.app.EchoServiceTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code /actuator/integrationgraph}: each server is a flow that can be seen.
 */
@EchoServiceTest
class IntegrationGraphIT {

	private final EchoService service;

	@Autowired
	IntegrationGraphIT(EchoService service) {
		this.service = service;
	}

	@ParameterizedTest
	@ValueSource(strings = { "stream", "line", "message" })
	void echoServerLeadsFromItsInboundToItsOutboundAdapter(String server) {
		Map<String, Object> inbound = node("tcp." + server + ".inbound");
		Map<String, Object> channel = node("tcp." + server + ".messages");
		Map<String, Object> outbound = node("tcp." + server + ".outbound");
		assertThat(inbound.get("componentType")).isEqualTo("ip:tcp-inbound-channel-adapter");
		assertThat(outbound.get("componentType")).isEqualTo("ip:tcp-outbound-channel-adapter");
		assertThat(links()).contains(link(inbound, channel, "output"), link(channel, outbound, "input"));
	}

	@Test
	void collectServerHasNoOutboundAdapter() {
		assertThat(node("tcp.collect.inbound").get("componentType")).isEqualTo("ip:tcp-inbound-channel-adapter");
		assertThat(this.service.actuator().<List<String>>json("integrationgraph", "$.nodes[*].name"))
			.doesNotContain("tcp.collect.outbound");
	}

	private Map<String, Object> node(String name) {
		List<Map<String, Object>> nodes = this.service.actuator()
			.json("integrationgraph", "$.nodes[?(@.name == '" + name + "')]");
		assertThat(nodes).as(name).hasSize(1);
		return nodes.getFirst();
	}

	private List<Map<String, Object>> links() {
		return this.service.actuator().json("integrationgraph", "$.links");
	}

	private static Map<String, Object> link(Map<String, Object> from, Map<String, Object> to, String type) {
		return Map.of("from", from.get("nodeId"), "to", to.get("nodeId"), "type", type);
	}

}
