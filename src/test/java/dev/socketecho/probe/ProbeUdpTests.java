package dev.socketecho.probe;

import java.net.DatagramPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.socketecho.client.ClientRecording;
import dev.socketecho.client.UdpPeer;
import dev.socketecho.stamp.StampTime;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.ClientSockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * UDP probes of peers that lose, repeat, reorder and alter datagrams.
 */
@Execution(ExecutionMode.CONCURRENT)
class ProbeUdpTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	@AutoClose
	private final EventLoops eventLoops = new EventLoops(TransportType.AUTO, 2, "test");

	private final ProbeRecording recording = new ProbeRecording();

	@Test
	void everyReplyOfAnEchoServerIsReceived() throws Exception {
		try (UdpPeer peer = new UdpPeer((socket, packet) -> socket.send(packet)); Prober prober = prober(peer.port())) {
			for (int i = 0; i < 3; i++) {
				ProbeResult result = round(prober, 10, LONG);
				assertThat(result.roundTrips()).hasSize(10);
				assertThat(result.error()).isNull();
				assertThat(result.isUp()).isTrue();
			}
			assertThat(this.recording.sent).hasValue(30);
			assertThat(this.recording.received).hasValue(30);
			assertThat(this.recording.up).hasValue(1);
		}
	}

	@Test
	void lossIsTold() throws Exception {
		int[] count = new int[1];
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			if (count[0]++ % 5 != 0) {
				socket.send(packet);
			}
		}); Prober prober = prober(peer.port())) {
			// Long enough for the replies on a busy machine; the lost ones take all of
			// it.
			ProbeResult result = round(prober, 20, Duration.ofSeconds(3));
			assertThat(result.lost()).isEqualTo(4);
			assertThat(result.roundTrips()).hasSize(16);
			assertThat(result.error()).isEqualTo(SocketError.REPLY_TIMED_OUT);
			assertThat(result.isUp()).isTrue();
			assertThat(this.recording.lost).hasValue(4);
		}
	}

	@Test
	void repetitionIsTold() throws Exception {
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			socket.send(packet);
			socket.send(packet);
		}); Prober prober = prober(peer.port())) {
			ProbeResult result = round(prober, 5, LONG);
			assertThat(result.roundTrips()).hasSize(5);
			await().untilAsserted(() -> assertThat(this.recording.duplicated).hasValue(5));
			assertThat(this.recording.corrupted).hasValue(0);
			assertThat(this.recording.received).hasValue(5);
		}
	}

	@Test
	void reorderingIsTold() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer.replyInReverse(5)); Prober prober = prober(peer.port())) {
			assertThat(round(prober, 5, LONG).roundTrips()).hasSize(5);
			assertThat(this.recording.reordered).hasValue(4);
			assertThat(this.recording.lost).hasValue(0);
		}
	}

	@Test
	void alterationIsTold() throws Exception {
		int[] count = new int[1];
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			int n = count[0]++;
			if (n < 4) {
				// In the sequence number, the timestamp, the session and the padding
				packet.getData()[List.of(0, 8, 14, 60).get(n)] ^= 0x10;
			}
			socket.send(packet);
		}); Prober prober = prober(peer.port())) {
			ProbeResult result = round(prober, 10, LONG);
			assertThat(result.corrupted()).isEqualTo(4);
			assertThat(result.roundTrips()).hasSize(6);
			assertThat(result.lost()).isZero();
			assertThat(result.error()).isEqualTo(SocketError.CORRUPTED_REPLY);
		}
	}

	@Test
	void lateReplyIsLostAndNotReceived() throws Exception {
		List<DatagramPacket> seen = new CopyOnWriteArrayList<>();
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			seen.add(packet);
			if (seen.size() == 3) {
				socket.send(seen.getFirst());
			}
			if (seen.size() > 1) {
				socket.send(packet);
			}
		}); Prober prober = prober(peer.port())) {
			// The other reply of the round keeps the socket open for the late one.
			ProbeResult first = round(prober, 2, Duration.ofSeconds(2));
			assertThat(first.roundTrips()).hasSize(1);
			assertThat(first.lost()).isEqualTo(1);
			// The late reply is sent before this one, to the same socket.
			ProbeResult second = round(prober, 1, LONG);
			assertThat(second.roundTrips()).hasSize(1);
			assertThat(seen).extracting(DatagramPacket::getPort).hasSize(3).containsOnly(seen.getFirst().getPort());
			assertThat(this.recording.sent).hasValue(3);
			assertThat(this.recording.received).hasValue(2);
			assertThat(this.recording.lost).hasValue(1);
			assertThat(this.recording.duplicated).hasValue(0);
			assertThat(this.recording.corrupted).hasValue(0);
		}
	}

	@Test
	void closedPortIsTold() throws Exception {
		try (Prober prober = prober(ClosedPort.holdUdp())) {
			ProbeResult result = round(prober, 2, LONG);
			assertThat(result.error()).isEqualTo(SocketError.CONNECTION_REFUSED);
			assertThat(result.isUp()).isFalse();
			assertThat(result.lost()).isEqualTo(2);
		}
	}

	@Test
	void packetIsMadeWhenTheOneBeforeHasLeft() throws Exception {
		EmbeddedChannel channel = new EmbeddedChannel();
		List<ByteBuf> written = new ArrayList<>();
		List<ChannelPromise> held = new ArrayList<>();
		channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
				written.add((ByteBuf) message);
				held.add(promise);
			}

		});
		UdpProbeRound round = new UdpProbeRound(new UdpProbeRound.Settings(3, LONG, 9000),
				new RoundStatistics(this.recording, new Jitter()), new ClientRecording(), channel.eventLoop(),
				new CompletableFuture<>(), (_) -> {
				});
		round.start(ClientSockets.onChannel(channel), new StampSession(ProbeProtocol.ECHO));
		for (int i = 1; i <= 3; i++) {
			assertThat(written).hasSize(i);
			assertThat(this.recording.sent).hasValue(i);
			long before = StampTime.now();
			if (i > 1) {
				assertThat(written.getLast().getLong(4)).isGreaterThanOrEqualTo(written.get(i - 2).getLong(4));
			}
			assertThat(written.getLast().getLong(4)).isLessThanOrEqualTo(StampTime.toNtp(before));
			await().until(() -> StampTime.now() > before);
			held.getLast().setSuccess();
			channel.runPendingTasks();
			if (i < 3) {
				assertThat(written.getLast().getLong(4)).isGreaterThan(StampTime.toNtp(before));
			}
		}
		round.fail(SocketError.OPERATION_ABORTED);
		written.forEach(ByteBuf::release);
		channel.finishAndReleaseAll();
	}

	@Test
	void probesStartAgainAfterAStop() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			ProbeSchedules.assertStartsAgainAfterAStop(probe(peer.port(), this.recording), this.recording);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "sent", "received", "up" })
	void throwableInARoundDoesNotEndTheSchedule(String where) throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			ProbeSchedules.assertOutlivesThrowable(where, this.recording, (recorder) -> probe(peer.port(), recorder));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "lost", "error", "up" })
	void throwableInARoundWithoutAReplyDoesNotEndTheSchedule(String where) throws Exception {
		int[] count = new int[1];
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			if (count[0]++ > 2) {
				socket.send(packet);
			}
		})) {
			ProbeSchedules
				.assertOutlivesThrowable(where, this.recording,
						(recorder) -> new EchoProbe(
								new EchoProbe.Settings("test", ProbeTarget.udp("test", "127.0.0.1", peer.port(), LONG),
										Duration.ofMillis(10), Duration.ofMillis(100), 1, 64),
								this.eventLoops, recorder));
		}
	}

	private EchoProbe probe(int port, ProbeRecorder recorder) {
		return new EchoProbe(new EchoProbe.Settings("test", ProbeTarget.udp("test", "127.0.0.1", port, LONG),
				Duration.ofMillis(10), Duration.ofSeconds(2), 1, 64), this.eventLoops, recorder);
	}

	private Prober prober(int port) {
		return ProbeTarget.udp("test", "127.0.0.1", port, LONG).prober(this.eventLoops);
	}

	private ProbeResult round(Prober prober, int count, Duration timeout) throws Exception {
		return prober.round(count, timeout, 100, this.recording).get(40, TimeUnit.SECONDS);
	}

}
