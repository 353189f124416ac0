package dev.socketecho.load;

import java.net.DatagramPacket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.client.UdpPeer;
import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Load runs over UDP.
 */
class LoadUdpTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(200);

	@ParameterizedTest
	@ValueSource(ints = { 4, 64, 9000 })
	void eachDatagramIsReceivedOnce(int size) throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			LoadReport report = LoadClients.run(LoadClients.udp(peer.port(), LONG),
					LoadClients.closed(2, 3, size, 200));
			assertThat(report.errors()).isEmpty();
			assertThat(report.received()).isPositive().isEqualTo(report.sent());
		}
	}

	@Test
	void orderDoesNotMatterAndDuplicatesCountOnce() throws Exception {
		DatagramPacket[] held = new DatagramPacket[1];
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			if (held[0] == null) {
				held[0] = packet;
				return;
			}
			socket.send(packet);
			socket.send(packet);
			socket.send(held[0]);
			held[0] = null;
		})) {
			LoadReport report = LoadClients.run(LoadClients.udp(peer.port(), LONG), LoadClients.open(200, 1, 300));
			assertThat(report.received()).isEqualTo(60).isEqualTo(report.sent());
			assertThat(report.errors()).isEmpty();
		}
	}

	@Test
	void datagramsWithoutAReplyAreLostAndOthersCorrupted() throws Exception {
		AtomicInteger datagrams = new AtomicInteger();
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			int number = datagrams.getAndIncrement();
			if (number % 3 == 1) {
				return;
			}
			if (number % 3 == 2) {
				packet.getData()[20]++;
			}
			socket.send(packet);
		})) {
			LoadReport report = LoadClients.run(LoadClients.udp(peer.port(), SHORT), LoadClients.open(100, 1, 300));
			assertThat(report.received()).isEqualTo(10);
			assertThat(report.lost()).isEqualTo(10);
			assertThat(report.corrupted()).isEqualTo(10);
			assertThat(report.errors()).isEqualTo(Map.of("reply_timed_out", 10L, "corrupted_reply", 10L));
		}
	}

	/**
	 * Netty's datagram channel on epoll does not report an empty datagram.
	 */
	@Test
	void emptyReplyIsCorrupted() throws Exception {
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			packet.setLength(0);
			socket.send(packet);
		})) {
			LoadSettings settings = LoadClients.open(100, 1, 300);
			LoadRun run = new LoadRun(LoadClients.udp(peer.port(), SHORT), settings,
					LoadLimits.DEFAULTS.backlog(settings), LoadRecorder.none(), TransportType.NIO);
			run.start();
			LoadReport report = run.done().get(20, TimeUnit.SECONDS);
			assertThat(report.errors()).isEqualTo(Map.of("corrupted_reply", 30L));
			assertThat(report.corrupted()).isEqualTo(30);
		}
	}

	/**
	 * Lost datagrams make room for others.
	 */
	@Test
	void closedLoopGoesOnAfterLosses() throws Exception {
		AtomicInteger datagrams = new AtomicInteger();
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			if (datagrams.getAndIncrement() >= 8) {
				socket.send(packet);
			}
		})) {
			LoadReport report = LoadClients.run(LoadClients.udp(peer.port(), SHORT), LoadClients.closed(2, 4, 64, 800));
			assertThat(report.lost()).isEqualTo(8);
			assertThat(report.received()).isPositive().isEqualTo(report.sent() - 8);
		}
	}

	@Test
	void refusedDatagramsAreLost() throws Exception {
		LoadReport report = LoadClients.run(LoadClients.udp(ClosedPort.holdUdp(), SHORT),
				LoadClients.open(100, 1, 300));
		assertThat(report.received()).isZero();
		assertThat(report.lost()).isEqualTo(30);
		assertThat(report.errors()).containsKey("connection_refused");
	}

}
