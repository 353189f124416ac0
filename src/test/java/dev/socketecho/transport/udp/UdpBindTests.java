package dev.socketecho.transport.udp;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a UDP server opens and closes its sockets, on each transport of this machine.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
class UdpBindTests {

	private final TransportType type;

	UdpBindTests(TransportType type) {
		this.type = type;
	}

	@Test
	void bindsOneAddress() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, new UdpTestSettings().address("127.0.0.3"));
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.3"))) {
			assertThat(client.exchange("a")).isEqualTo("a");
			assertThat(server.adapter.boundAddress()).isEqualTo(server.at("127.0.0.3"));
		}
	}

	@Test
	void reusePortOpensASocketPerEventLoop() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, new UdpTestSettings().reusePort())) {
			assertThat(server.adapter.sockets()).isEqualTo(2);
			for (int i = 0; i < 16; i++) {
				try (UdpTestClient client = server.connect()) {
					assertThat(client.exchange(random(i))).isEqualTo(random(i));
				}
			}
			assertThat(server.recorder.sent).hasValue(16);
		}
	}

	@Test
	void groupReachesAllSocketsThatShareThePort() throws Exception {
		NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
		InetAddress group = InetAddress.getByName("239.77.1.1");
		MulticastSettings multicast = new MulticastSettings(List.of(group), loopback.getName(), null, 1);
		try (UdpTestServer first = UdpTestServer.start(this.type,
				new UdpTestSettings().multicast(multicast).portSharing());
				UdpTestServer second = UdpTestServer.start(this.type,
						new UdpTestSettings().multicast(multicast).portSharing().port(first.port()));
				MulticastSocket other = new MulticastSocket(first.port());
				UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			other.setSoTimeout(10_000);
			other.joinGroup(new InetSocketAddress(group, 0), loopback);
			client.socket.setOption(java.net.StandardSocketOptions.IP_MULTICAST_IF, loopback);
			client.send(UdpTestClient.text("all"), new InetSocketAddress(group, first.port()));
			DatagramPacket copy = new DatagramPacket(new byte[10], 10);
			other.receive(copy);
			assertThat(copy.getLength()).isEqualTo(3);
			for (int i = 0; i < 2; i++) {
				DatagramPacket answer = client.receivePacket();
				assertThat(answer.getLength()).isEqualTo(3);
				assertThat(answer.getAddress().isLoopbackAddress()).as("unicast").isTrue();
				assertThat(answer.getPort()).isEqualTo(first.port());
			}
			assertThat(first.recorder.received).hasValue(1);
			assertThat(second.recorder.received).hasValue(1);
		}
	}

	@Test
	void unknownInterfaceFailsTheStart() throws Exception {
		MulticastSettings multicast = new MulticastSettings(List.of(InetAddress.getByName("239.77.1.1")), "none0", null,
				1);
		assertThatExceptionOfType(ServerBindException.class)
			.isThrownBy(() -> UdpTestServer.start(this.type, new UdpTestSettings().multicast(multicast)))
			.havingCause()
			.withMessage("no network interface 'none0'");
	}

	@Test
	void takenPortFailsTheStart() throws Exception {
		try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
			assertThatExceptionOfType(ServerBindException.class)
				.isThrownBy(() -> UdpTestServer.start(this.type,
						new UdpTestSettings().address("127.0.0.1").port(taken.getLocalPort())))
				.satisfies((ex) -> assertThat(ex.getError()).isEqualTo(SocketError.ADDRESS_ALREADY_IN_USE))
				.satisfies((ex) -> assertThat(ex.getTransport()).isEqualTo("udp"));
		}
	}

	@Test
	void foreignAddressFailsTheStart() {
		assertThatExceptionOfType(ServerBindException.class)
			.isThrownBy(() -> UdpTestServer.start(this.type, new UdpTestSettings().address("192.0.2.1")))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE));
	}

	@Test
	void startsAgainOnTheSamePort() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, new UdpTestSettings().address("127.0.0.1"))) {
			int port = server.port();
			server.adapter.stop();
			try (UdpTestServer next = UdpTestServer.start(this.type,
					new UdpTestSettings().address("127.0.0.1").port(port)); UdpTestClient client = next.connect()) {
				assertThat(client.exchange("a")).isEqualTo("a");
			}
			server.adapter.start();
			try (UdpTestClient client = server.connect()) {
				assertThat(client.exchange("a")).isEqualTo("a");
			}
		}
	}

	@Test
	void drainAnswersWhatWasReceived() throws Exception {
		CountDownLatch held = new CountDownLatch(1);
		try (UdpTestServer server = UdpTestServer.startHeld(this.type, new UdpTestSettings(), held);
				UdpTestClient client = server.connect()) {
			for (int i = 0; i < 60; i++) {
				client.send("" + i);
			}
			var drained = server.adapter.drain();
			assertThat(server.adapter.boundAddress()).isNull();
			held.countDown();
			drained.get(10, TimeUnit.SECONDS);
			for (int i = 0; i < 60; i++) {
				assertThat(client.receiveText()).isEqualTo("" + i);
			}
			assertThat(server.recorder.sent).hasValue(60);
		}
	}

}
