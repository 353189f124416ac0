package dev.socketecho.transport.udp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.Fault.Direction;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.fault.Faults.messages;
import static dev.socketecho.transport.udp.FaultyUdpServers.echoes;
import static dev.socketecho.transport.udp.FaultyUdpServers.lossy;
import static dev.socketecho.transport.udp.FaultyUdpServers.lost;
import static dev.socketecho.transport.udp.FaultyUdpServers.set;
import static dev.socketecho.transport.udp.FaultyUdpServers.start;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which datagrams the faults of a UDP server are for: those of all its sockets, and only
 * those that it admits from their sources. Uses real sockets, on each transport of this
 * machine.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
@Execution(ExecutionMode.CONCURRENT)
class UdpFaultScopeTests {

	private final TransportType type;

	UdpFaultScopeTests(TransportType type) {
		this.type = type;
	}

	@Test
	void socketsOfAServerShareItsFaults() throws Exception {
		List<UdpTestClient> clients = new ArrayList<>();
		Fault lossy = lossy(Direction.INBOUND);
		int lost;
		try (UdpTestServer server = start(this.type, lossy); UdpTestClient client = server.connect()) {
			lost = 160 - echoes(server, client, 160).size();
		}
		try (UdpTestServer server = start(this.type, new UdpTestSettings().reusePort(), lossy)) {
			assertThat(server.adapter.sockets()).isEqualTo(2);
			for (int i = 0; i < 16; i++) {
				clients.add(server.connect());
			}
			assertThat(lost(server, clients, 10)).as("of n draws, whichever sockets they are for").isEqualTo(lost);
			set(server, new Fault("first", new FaultEffect.Drop(), Direction.OUTBOUND, Fault.Unit.MESSAGE,
					new Fault.Selection(1, 7, 1, null, SourceFilter.ALL, null)));
			assertThat(lost(server, clients, 2)).isEqualTo(7);
			set(server, messages("fourth", Direction.INBOUND, new FaultEffect.Drop(), 4));
			assertThat(lost(server, clients, 2)).isEqualTo(8);
		}
		finally {
			clients.forEach(UdpTestClient::close);
		}
	}

	@Test
	void datagramThatIsNotAdmittedIsNoUnitOfAFault() throws Exception {
		try (UdpTestClient reflector = UdpTestClient.boundTo("127.0.0.1");
				UdpTestServer server = start(this.type, Set.of(reflector.port()),
						messages("second", Direction.INBOUND, new FaultEffect.Drop(), 2));
				UdpTestClient client = server.connect()) {
			reflector.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
			client.send("b", "c", "d");
			assertThat(client.receiveTexts(2)).containsExactly("b", "d");
			assertThat(server.recorder.drops(DropReason.LOOP_GUARD)).isEqualTo(1);
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void faultIsForItsSourcesOnly(Direction direction) throws Exception {
		Fault lossy = new Fault("loss", new FaultEffect.Drop(), direction, Fault.Unit.MESSAGE, new Fault.Selection(1, 0,
				1, null, new SourceFilter(List.of(CidrBlock.of("127.0.0.9")), List.of()), null));
		try (UdpTestServer server = start(this.type, lossy);
				UdpTestClient victim = UdpTestClient.boundTo("127.0.0.9");
				UdpTestClient client = server.connect()) {
			victim.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
			assertThat(client.exchange("b")).isEqualTo("b");
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(1);
			assertThat(victim.hasNothing()).isTrue();
		}
	}

}
