package dev.socketecho.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.probe.ProbeProtocol;
import dev.socketecho.probe.ProbeRecording;
import dev.socketecho.probe.ProbeResult;
import dev.socketecho.probe.ProbeTarget;
import dev.socketecho.probe.Prober;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.DnsPeer;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.ClientSockets;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import dev.socketecho.transport.udp.UdpClientOptions;
import dev.socketecho.transport.udp.UdpClientSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.socketecho.client.Outcomes.bytes;
import static dev.socketecho.client.Outcomes.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients and probes whose host is a name, with a name server of the test's.
 */
class ClientAddressTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ClientRecording recording = new ClientRecording();

	private DnsPeer names;

	private EventLoops eventLoops;

	@BeforeEach
	void start() throws Exception {
		this.names = new DnsPeer();
		this.eventLoops = ClientSockets.lookingUpAt(this.names, 1);
	}

	@AfterEach
	void close() {
		this.eventLoops.close();
		this.names.close();
	}

	@Test
	void nextAddressIsUsedIfTheFirstDoesNotAnswer() throws Exception {
		this.names.with("two.test", "127.0.1.1", "127.0.0.1");
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo);
				DeafPort _ = new DeafPort("127.0.1.1", peer.port())) {
			TcpEchoClient client = new TcpEchoClient(settings("two.test", peer.port()), this.eventLoops, this.recording)
				.startWithoutFlow();
			// A third of the time limit, which the first address had for itself before.
			assertThat(client.send(bytes("hello")).get(10, TimeUnit.SECONDS).message()).isEqualTo(bytes("hello"));
			assertThat(this.recording.errors).isEmpty();
			assertThat(this.recording.opened).hasValue(1);
			client.close();
			await().untilAsserted(() -> assertThat(this.recording.closed).hasValue(1));
		}
	}

	@Test
	void udpLookupsThatFailKeepADistanceThatGrows() throws Exception {
		UdpEchoClient client = new UdpEchoClient(udpSettings("none.test", 7), this.eventLoops, this.recording)
			.startWithoutFlow();
		for (int i = 0; i < 4; i++) {
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.HOST_NOT_FOUND);
		}
		assertThat(distancesMillis().get(0)).isGreaterThanOrEqualTo(50);
		assertThat(distancesMillis().get(1)).isGreaterThanOrEqualTo(100);
		assertThat(distancesMillis().get(2)).isGreaterThanOrEqualTo(200);
		assertThat(this.recording.errors).hasSize(4);
		client.close();
	}

	@Test
	void udpClientFindsAHostThatHasANameAgain() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			UdpEchoClient client = new UdpEchoClient(udpSettings("later.test", peer.port()), this.eventLoops,
					this.recording)
				.startWithoutFlow();
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.HOST_NOT_FOUND);
			this.names.with("later.test", "127.0.0.1");
			assertThat(Outcomes.text(client.send(bytes("hello")))).isEqualTo("hello");
			client.close();
		}
	}

	@Test
	void roundsOfAUdpProbeDoNotAllLookUpAHostWithoutAName() throws Exception {
		try (Prober prober = probe("none.test", 7).prober(this.eventLoops)) {
			for (int i = 0; i < 50; i++) {
				ProbeResult result = Outcomes.get(prober.round(1, LONG, 64, new ProbeRecording()));
				assertThat(result.error()).isEqualTo(SocketError.HOST_NOT_FOUND);
			}
		}
		for (int i = 0; i < distancesMillis().size(); i++) {
			assertThat(distancesMillis().get(i)).isGreaterThanOrEqualTo(50L << i);
		}
	}

	@Test
	void noSocketIsLeftIfTheTimeIsOverDuringTheLookup() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			this.names.with("slow.test", "127.0.0.1").with("next.test", "127.0.0.1").hold();
			try (Prober prober = probe("slow.test", peer.port()).prober(this.eventLoops)) {
				ProbeResult result = Outcomes.get(prober.round(1, Duration.ofMillis(200), 64, new ProbeRecording()));
				assertThat(result.error()).isEqualTo(SocketError.CONNECTION_TIMED_OUT);
				assertThat(this.recording.errors).containsExactly(SocketError.CONNECTION_TIMED_OUT);
			}
			this.names.speak();
			// Its own lookup is answered after the first one's.
			try (Prober next = probe("next.test", peer.port()).prober(this.eventLoops)) {
				assertThat(Outcomes.get(next.round(1, LONG, 64, new ProbeRecording())).isUp()).isTrue();
			}
			assertThat(this.names.lookups()).hasSize(2);
			assertThat(this.recording.opened).hasValue(1);
			await().untilAsserted(() -> assertThat(this.recording.closed).hasValue(1));
		}
	}

	/** Between lookups. */
	private List<Long> distancesMillis() {
		List<Long> distances = new ArrayList<>();
		List<Long> lookups = this.names.lookups();
		for (int i = 1; i < lookups.size(); i++) {
			distances.add(TimeUnit.NANOSECONDS.toMillis(lookups.get(i) - lookups.get(i - 1)));
		}
		return distances;
	}

	private ProbeTarget probe(String host, int port) {
		return new ProbeTarget.Udp(udpSettings(host, port), this.recording, ProbeProtocol.ECHO);
	}

	private static TcpEchoClientSettings settings(String host, int port) {
		return new TcpEchoClientSettings(new TcpClientSettings("test", host, port,
				new FramingSpec(Framing.LINE, null, 1024, false), LONG, null, 0, SocketOptions.DEFAULTS), LONG, 1,
				false);
	}

	private static UdpEchoClientSettings udpSettings(String host, int port) {
		return new UdpEchoClientSettings(
				new UdpClientSettings("test", host, port, LONG, null, 0, UdpClientOptions.DEFAULTS), LONG, 1024 * 1024);
	}

	/**
	 * A port whose queue of connections is full: it answers nobody any longer.
	 */
	private static final class DeafPort implements AutoCloseable {

		private final ServerSocket listener = new ServerSocket();

		private final List<SocketChannel> callers = new ArrayList<>();

		DeafPort(String address, int port) throws Exception {
			InetSocketAddress local = new InetSocketAddress(InetAddress.ofLiteral(address), port);
			this.listener.bind(local, 1);
			while (connects(local)) {
				assertThat(this.callers).hasSizeLessThan(100);
			}
		}

		private boolean connects(InetSocketAddress address) throws IOException {
			SocketChannel caller = SocketChannel.open();
			this.callers.add(caller);
			caller.configureBlocking(false);
			caller.connect(address);
			try (Selector selector = Selector.open()) {
				caller.register(selector, SelectionKey.OP_CONNECT);
				return selector.select(300) > 0 && caller.finishConnect();
			}
		}

		@Override
		public void close() throws IOException {
			for (SocketChannel caller : this.callers) {
				caller.close();
			}
			this.listener.close();
		}

	}

}
