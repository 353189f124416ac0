package dev.socketecho.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.UdpTestClient;
import dev.socketecho.transport.udp.UdpTestSettings;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code mode: identify} on UDP servers, with their guard against amplification.
 */
class UdpIdentifyTests {

	@ParameterizedTest
	@CsvSource({ "AUTO, 127.0.0.1", "AUTO, ::1", "NIO, 127.0.0.1", "NIO, ::1" })
	void answersADatagramThatIsAsLongAsTheAnswer(TransportType transport, String address) throws IOException {
		try (UdpFlowServer server = server(transport, null, SourceFilter.ALL);
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			byte[] answer = client.exchange(new byte[1000]);
			Map<String, Object> json = json(answer);
			assertThat(json.keySet()).containsExactly("server", "transport", "hostname", "instance", "local", "source",
					"sequence", "received", "time");
			String host = address.contains(":") ? "[" + address + "]" : address;
			assertThat(json).containsEntry("server", "te\"st")
				.containsEntry("transport", "udp")
				.containsEntry("hostname", "host")
				.containsEntry("instance", Map.of("zone", "a\nb"))
				.containsEntry("source", host + ":" + client.socket.getLocalPort())
				.containsEntry("sequence", 0)
				.containsEntry("received", 1000);
			if (transport != TransportType.NIO) {
				assertThat(json).containsEntry("local", host + ":" + server.adapter.getPort());
			}
			// The same length is enough, one byte less is not.
			assertThat(client.exchange(new byte[answer.length])).hasSizeLessThanOrEqualTo(answer.length);
			client.send(new byte[answer.length - 20]);
			Awaitility.await().until(() -> server.recorder.drops(DropReason.AMPLIFICATION) == 1);
			assertThat(json(client.exchange(new byte[1000]))).containsEntry("sequence", 3);
		}
	}

	@Test
	void dropsWhatIsShorterByOneByte() throws IOException {
		try (UdpFlowServer server = server(TransportType.AUTO, "127.0.0.1", SourceFilter.ALL);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			// Three digits in both, so the answers have the same length.
			int length = client.exchange(new byte[999]).length;
			assertThat(length).isBetween(100, 998);
			client.send(new byte[length - 1]);
			Awaitility.await().until(() -> server.recorder.drops(DropReason.AMPLIFICATION) == 1);
			assertThat(client.exchange(new byte[length])).hasSize(length);
			client.send(new byte[0]);
			Awaitility.await().until(() -> server.recorder.drops(DropReason.AMPLIFICATION) == 2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void answersAnyLengthWhereTheSourceIsAllowed(String address) throws IOException {
		SourceFilter listed = new SourceFilter(List.of(CidrBlock.of("127.0.0.0/8"), CidrBlock.of("::1")), List.of());
		try (UdpFlowServer server = server(TransportType.AUTO, null, listed);
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			assertThat(json(client.exchange(new byte[0]))).containsEntry("received", 0);
			assertThat(json(client.exchange(new byte[] { 1 }))).containsEntry("received", 1)
				.containsEntry("sequence", 1);
			assertThat(server.recorder.drops(DropReason.AMPLIFICATION)).isZero();
		}
	}

	@Test
	void listsThatOnlyDenyOpenNothing() throws IOException {
		SourceFilter denying = new SourceFilter(List.of(), List.of(CidrBlock.of("192.0.2.0/24")));
		try (UdpFlowServer server = server(TransportType.AUTO, "127.0.0.1", denying);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(new byte[1]);
			Awaitility.await().until(() -> server.recorder.drops(DropReason.AMPLIFICATION) == 1);
		}
	}

	/**
	 * Two faults make six answers of one, wherever they stand. One for others makes none.
	 */
	@Test
	void copiesCountLikeTheAnswer() throws Exception {
		try (UdpFlowServer server = server(TransportType.AUTO, "127.0.0.1", SourceFilter.ALL);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			// Four digits in all, so the answers have the same length.
			int length = client.exchange(new byte[1000]).length;
			server.adapter
				.setFaults(server.adapter.faults()
					.replacedBy(List.of(duplicate("a", Fault.Direction.INBOUND, 1, SourceFilter.ALL),
							duplicate("b", Fault.Direction.OUTBOUND, 2, SourceFilter.ALL),
							duplicate("c", Fault.Direction.OUTBOUND, 100,
									new SourceFilter(List.of(CidrBlock.of("192.0.2.0/24")), List.of())))))
				.get(20, TimeUnit.SECONDS);
			client.send(new byte[6 * length - 1]);
			// Both of the datagrams that one has become
			Awaitility.await().until(() -> server.recorder.drops(DropReason.AMPLIFICATION) == 2);
			client.send(new byte[6 * length]);
			for (int i = 0; i < 6; i++) {
				assertThat(client.receive()).hasSize(length);
			}
			assertThat(server.recorder.drops(DropReason.AMPLIFICATION)).isEqualTo(2);
		}
	}

	@Test
	void copiesDoNotCountWhereTheSourceIsAllowed() throws Exception {
		SourceFilter listed = new SourceFilter(List.of(CidrBlock.of("127.0.0.0/8")), List.of());
		try (UdpFlowServer server = server(TransportType.AUTO, "127.0.0.1", listed);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			server.adapter
				.setFaults(server.adapter.faults()
					.replacedBy(List.of(duplicate("a", Fault.Direction.OUTBOUND, 1, SourceFilter.ALL))))
				.get(20, TimeUnit.SECONDS);
			client.send(new byte[1]);
			assertThat(client.receive()).isEqualTo(client.receive());
		}
	}

	private static Fault duplicate(String name, Fault.Direction direction, int copies, SourceFilter sources) {
		return new Fault(name, new FaultEffect.Duplicate(copies), direction, Fault.Unit.MESSAGE,
				new Fault.Selection(1, 0, 1, null, sources, null));
	}

	private static Map<String, Object> json(byte[] line) {
		String text = new String(line, StandardCharsets.UTF_8);
		assertThat(text).endsWith("}\n");
		return JsonParserFactory.getJsonParser().parseMap(text);
	}

	private static UdpFlowServer server(TransportType transport, @Nullable String address, SourceFilter sources) {
		return new UdpFlowServer(transport,
				new UdpTestSettings().name("te\"st").address(address).sources(sources).build(), ServerMode.IDENTIFY,
				new InstanceIdentity("host", Map.of("zone", "a\nb")), null);
	}

}
