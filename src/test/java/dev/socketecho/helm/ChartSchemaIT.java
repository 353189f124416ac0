package dev.socketecho.helm;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.config.properties.FaultProperties;
import dev.socketecho.config.properties.ProbeProperties;
import dev.socketecho.config.properties.TcpClientProperties;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.config.properties.UdpClientProperties;
import dev.socketecho.config.properties.UdpServerProperties;
import dev.socketecho.server.ServerMode;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of the schema of the chart's values: it takes what the service takes, and nothing
 * else.
 */
class ChartSchemaIT {

	@AutoClose
	private static final Chart chart = Chart.copy();

	private static JsonNode schema;

	@BeforeAll
	static void readSchema() throws IOException {
		schema = new ObjectMapper().readTree(Files.readString(Chart.DIRECTORY.resolve("values.schema.json")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "replicas: 3", "echo: {tcp: {server: {}}}", "echo: {tcp: {servers: {line: {prot: 1}}}}",
			"echo: {tcp: {servers: {line: {maxConnections: 1}}}}", "echo: {tcp: {servers: {line: {port: 0}}}}",
			"echo: {tcp: {servers: {line: {port: 65536}}}}", "echo: {tcp: {servers: {line: {port: '1337'}}}}",
			"echo: {tcp: {servers: {line: {framing: lines}}}}", "echo: {tcp: {servers: {line: {mode: ignore}}}}",
			"echo: {tcp: {servers: {line: {framing: delimiter}}}}", "echo: {tcp: {servers: {line: {delimiter: ';'}}}}",
			"echo: {tcp: {servers: {message: {framing: line}}}}",
			"echo: {tcp: {clients: {c: {host: h, port: 1, delimiter: ';'}}}}",
			"echo: {tcp: {servers: {line: {log-payload-rate: 0}}}}", "management: {writable: [heapdump]}",
			"management: {writable: echo}", "management: {writeable: [echo]}",
			"networkPolicy: {httpFrom: [Prometheus]}", "echo: {tcp: {servers: {line: {max-message-size: 1XB}}}}",
			"echo: {tcp: {servers: {line: {max-message-size: 0B}}}}",
			"echo: {tcp: {servers: {line: {idle-timeout: 5 minutes}}}}",
			"echo: {tcp: {servers: {line: {max-connections: -1}}}}",
			"echo: {tcp: {servers: {line: {options: {traffic-class: 256}}}}}",
			"echo: {tcp: {servers: {line: {ssl: {client-auth: need}}}}}",
			"echo: {tcp: {servers: {My_Line: {port: 1}}}}", "echo: {tcp: {clients: {c: {port: 1}}}}",
			"echo: {udp: {servers: {datagram: {framing: line}}}}", "echo: {tcp: {servers: {line: {mode: stamp}}}}",
			"echo: {udp: {servers: {datagram: {mode: stamp, stamp: {max-sessions: 0}}}}}",
			"echo: {udp: {servers: {datagram: {multicast: {ttl: 1}}}}}", "echo: {transport: kqueue}",
			"echo: {shutdown: {readiness-delay: 5}}", "echo: {probes: {p: {client: c, host: h}}}",
			"echo: {probes: {p: {transport: udp, host: h}}}", "application: {echo: {}}", "application: {echo.tcp: {}}",
			"service: {type: External}", "ingress: {hosts: [echo.example.org]}", "ingress: {hosts: [{host: 'a b'}]}",
			"ingress: {hosts: [{path: x}]}", "ingress: {hosts: [{pathType: Regex}]}", "ingress: {class: nginx}",
			"ingress: {tls: [{secret: s}]}", "image: {tag: 1}", "tls: {bundles: {b: {secret: s}}}",
			"tls: {bundles: {b: {certificate: {enabled: true}}}}", "livenessProbe: {path: /x}",
			"podDisruptionBudget: {maxUnavailable: half}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: dealy}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {delay: 1s}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: drop}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: bandwidth}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: bandwidth, rate: 1KB, burst: 1KB}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: slice, delay: 1s}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: reset, delay: 1s}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: delay, afterBytes: 1B}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: delay, probability: 1.5}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: delay, every: 0}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: delay, seed: 0x}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: delay, for: 0s}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: delay, for: 0}}}}}}",
			"echo: {udp: {servers: {datagram: {faults: {f: {type: drop, for: PT0S}}}}}}",
			"echo: {tcp: {servers: {stream: {faults: {f: {type: delay, unit: message}}}}}}",
			"echo: {tcp: {servers: {line: {framing: none, faults: {f: {type: delay, unit: message}}}}}}",
			"echo: {tcp: {servers: {own: {port: 7100, faults: {f: {type: delay, unit: message}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {f: {type: slow-close, unit: message}}}}}}",
			"echo: {tcp: {servers: {line: {faults: {My_Fault: {type: delay}}}}}}",
			"echo: {udp: {servers: {datagram: {faults: {f: {type: reset}}}}}}",
			"echo: {udp: {servers: {datagram: {faults: {f: {type: drop, unit: message}}}}}}",
			"echo: {udp: {servers: {datagram: {faults: {f: {type: bandwidth, rate: 1KB, scope: connection}}}}}}" })
	void mistakeIsRejected(String values) {
		assertThatIllegalStateException().isThrownBy(() -> chart.render(values))
			.withMessageContaining("values don't meet the specifications of the schema");
	}

	@ParameterizedTest
	@ValueSource(strings = { "echo: {tcp: {servers: {line: {faults: {f: {type: delay, unit: message, for: 10ms}}}}}}",
			"echo: {tcp: {servers: {stream: {faults: {f: {type: delay, unit: connection, for: PT1M}}}}}}",
			"echo: {tcp: {servers: {stream: {framing: lf, faults: {f: {type: delay, unit: message, for: 500}}}}}}",
			"echo: {tcp: {servers: {stream: {faults: {f: {type: slow-close, delay: 0s, for: PT0.5S}}}}}}" })
	void faultThatFitsIsTaken(String values) throws IOException {
		assertThat(chart.render(values)).isNotNull();
	}

	/** What a schema cannot say, the templates do. */
	@ParameterizedTest
	@ValueSource(strings = { "echo: {tcp: {servers: {own: {framing: line}}}}",
			"echo: {tcp: {servers: {own: {port: 7007}}}}", "echo: {tcp: {servers: {own: {port: 8080}}}}",
			"echo: {tcp: {servers: {line: {ssl: {bundle: nobody}}}}}", "service: {ports: {udp: {stream: {port: 7}}}}",
			"tls: {bundles: {b: {}}}", "mesh: {enabled: true, tcpServer: line}",
			"mesh: {enabled: true, udpServer: nobody}", "{mesh: {enabled: true}, autoscaling: {enabled: true}}",
			"autoscaling: {enabled: true, minReplicas: 11}", "ingress: {enabled: true}",
			"ingress: {enabled: true, hosts: [{host: a.example.org}]}",
			"ingress: {enabled: true, hosts: [{server: line}]}",
			"{ingress: {enabled: true, hosts: [{}]}, echo: {tcp: {servers: {ws: {port: 1, framing: websocket, enabled: false}}}}}",
			"{ingress: {enabled: true, hosts: [{}]}, echo: {tcp: {servers: {a: {port: 1, framing: websocket}, b: {port: 2, framing: websocket}}}}}",
			"prometheusRule: {enabled: true, disabledAlerts: [Nobody]}",
			"{tls: {bundles: {b: {secretName: s}}}, echo: {tcp: {servers: {line: {ssl: {bundle: b, client-auth: need}}}}}}" })
	void contradictionIsRejected(String values) {
		assertThatIllegalStateException().isThrownBy(() -> chart.render(values))
			.withMessageMatching(
					"(?s)execution error at .*(echo|service|ingress|tls|mesh|autoscaling|prometheusRule)\\..*");
	}

	@Test
	void objectsOfTheChartTakeNoUnknownKeys() {
		assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
		List<JsonNode> objects = new ArrayList<>();
		collectObjects(schema, objects);
		assertThat(objects).hasSizeGreaterThan(20).allMatch((node) -> node.has("additionalProperties"));
	}

	static Stream<Object[]> records() {
		return Stream.of(new Object[] { EchoProperties.class, "/properties/echo" },
				new Object[] { TcpServerProperties.class, "/definitions/tcpServer" },
				new Object[] { UdpServerProperties.class, "/definitions/udpServer" },
				new Object[] { TcpClientProperties.class, "/definitions/tcpClient" },
				new Object[] { UdpClientProperties.class, "/definitions/udpClient" },
				new Object[] { FaultProperties.class, "/definitions/fault" },
				new Object[] { ProbeProperties.class, "/definitions/probe" });
	}

	@ParameterizedTest
	@MethodSource("records")
	void schemaHasThePropertiesOfTheRecord(Class<? extends Record> type, String pointer) {
		compare(type, schema.at(pointer), type.getSimpleName());
	}

	private static void collectObjects(JsonNode node, List<JsonNode> objects) {
		if (node.has("properties") && "object".equals(node.path("type").textValue())) {
			objects.add(node);
		}
		node.forEach((child) -> collectObjects(child, objects));
	}

	private static void compare(Class<?> type, JsonNode node, String path) {
		Set<String> expected = Arrays.stream(type.getRecordComponents())
			.map(ChartSchemaIT::name)
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> actual = new TreeSet<>();
		node.get("properties").fieldNames().forEachRemaining(actual::add);
		assertThat(actual).as(path).isEqualTo(expected);
		for (RecordComponent component : type.getRecordComponents()) {
			String name = name(component);
			JsonNode property = node.get("properties").get(name);
			if (property.has("$ref")) {
				property = schema.at(property.get("$ref").textValue().substring(1));
			}
			compare(component, property, path + "." + name);
		}
	}

	private static void compare(RecordComponent component, JsonNode property, String path) {
		Class<?> type = component.getType();
		if (type.isRecord()) {
			compare(type, property, path);
		}
		else if (type.isEnum()) {
			assertThat(property.get("enum")).as(path)
				.extracting(JsonNode::textValue)
				.containsExactlyInAnyOrderElementsOf(Arrays.stream(type.getEnumConstants())
					.filter((constant) -> constant != ServerMode.STAMP || !path.startsWith("Tcp"))
					.map((constant) -> value((Enum<?>) constant))
					.toList());
		}
		else if (type == int.class || type == Integer.class) {
			assertThat(property.get("type").textValue()).as(path).isEqualTo("integer");
			Min min = annotation(component, Min.class);
			Max max = annotation(component, Max.class);
			// A free port, 0, is for none but the service.
			long least = (min == null) ? Long.MIN_VALUE : path.matches(".*Server.*\\.port") ? 1 : min.value();
			assertThat(property.path("minimum").asLong(Long.MIN_VALUE)).as(path + " minimum").isEqualTo(least);
			if (max != null) {
				assertThat(property.get("maximum").longValue()).as(path + " maximum").isEqualTo(max.value());
			}
		}
		else if (type == boolean.class || type == Boolean.class) {
			assertThat(property.get("type").textValue()).as(path).isEqualTo("boolean");
		}
	}

	/** The value of an enumeration as it is written in configuration. */
	private static String value(Enum<?> constant) {
		String name = constant.name().toLowerCase(Locale.ROOT);
		return name.equals("io_uring") ? name : name.replace('_', '-');
	}

	private static String name(RecordComponent component) {
		Name name = annotation(component, Name.class);
		return (name != null) ? name.value()
				: component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	/**
	 * Annotations of records' components may be those of their constructor's parameters.
	 */
	private static <A extends Annotation> A annotation(RecordComponent component, Class<A> type) {
		Class<?> owner = component.getDeclaringRecord();
		int index = Arrays.stream(owner.getRecordComponents())
			.map(RecordComponent::getName)
			.toList()
			.indexOf(component.getName());
		A found = component.getAnnotation(type);
		return (found != null) ? found : owner.getDeclaredConstructors()[0].getParameters()[index].getAnnotation(type);
	}

}
