package dev.socketecho.transport.udp;

import java.net.InetAddress;
import java.util.List;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.IpBits;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.udp.socket.Peer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link UdpAdmission} and {@link LoopGuard}.
 */
class UdpAdmissionTests {

	private final BoundPorts boundPorts = new BoundPorts();

	@ParameterizedTest
	@ValueSource(strings = { "224.0.0.1", "239.1.2.3", "ff02::1", "255.255.255.255", "0.0.0.0", "::" })
	void refusesSendersThatAreNoSingleHost(String address) throws Exception {
		assertThat(admit(admission(UdpTestServer.DEFAULTS), address, 40000)).isEqualTo(DropReason.LOOP_GUARD);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 7, 53 })
	void refusesPortsOfReflectors(int port) throws Exception {
		assertThat(admit(admission(UdpTestServer.DEFAULTS), "192.0.2.1", port)).isEqualTo(DropReason.LOOP_GUARD);
	}

	@Test
	void refusesOwnPortsAsLongAsTheyAreBound() throws Exception {
		UdpAdmission admission = admission(UdpTestServer.DEFAULTS);
		assertThat(admit(admission, "192.0.2.1", 7007)).isNull();
		this.boundPorts.add(7007);
		assertThat(admit(admission, "192.0.2.1", 7007)).isEqualTo(DropReason.LOOP_GUARD);
		this.boundPorts.remove(7007);
		assertThat(admit(admission, "192.0.2.1", 7007)).isNull();
	}

	@Test
	void answersATrustedPortAlthoughItIsOurOwn() throws Exception {
		TimedAnswers timed = new TimedAnswers((_) -> {
		}, 862);
		UdpAdmission admission = new UdpAdmission(UdpTestServer.DEFAULTS,
				new LoopGuard(List.of(7), this.boundPorts, timed), null);
		this.boundPorts.add(862);
		this.boundPorts.add(863);
		assertThat(admit(admission, "192.0.2.1", 862)).isNull();
		assertThat(admit(admission, "192.0.2.1", 863)).isEqualTo(DropReason.LOOP_GUARD);
	}

	@Test
	void refusesToSendToReflectors() throws Exception {
		assertThat(admit(admission(settings(7, SourceFilter.ALL)), "192.0.2.1", 40000))
			.isEqualTo(DropReason.LOOP_GUARD);
		assertThat(admit(admission(settings(1338, SourceFilter.ALL)), "192.0.2.1", 40000)).isNull();
	}

	@Test
	void refusesDeniedSources() throws Exception {
		SourceFilter filter = new SourceFilter(List.of(), List.of(CidrBlock.of("192.0.2.0/24")));
		assertThat(admit(admission(settings(null, filter)), "192.0.2.1", 40000)).isEqualTo(DropReason.DENIED);
		assertThat(admit(admission(settings(null, filter)), "198.51.100.1", 40000)).isNull();
	}

	private static @Nullable DropReason admit(UdpAdmission admission, String address, int port) throws Exception {
		Peer peer = new Peer(IpBits.of(InetAddress.getByName(address)), port, 0, IpBits.NONE, admission::refusal);
		return admission.admit(peer, 1);
	}

	private UdpAdmission admission(UdpServerSettings settings) {
		return new UdpAdmission(settings, new LoopGuard(List.of(7, 53), this.boundPorts, null), null);
	}

	private static UdpServerSettings settings(@Nullable Integer replyPort, SourceFilter filter) {
		return new UdpTestSettings().maxDatagramSize(100).replyPort(replyPort).sources(filter).build();
	}

}
