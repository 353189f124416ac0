package dev.socketecho.probe;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.socketecho.client.ClientPeer;
import dev.socketecho.client.ClientRecording;
import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * TCP probes, and their schedule.
 */
class ProbeTcpTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	@AutoClose
	private final EventLoops eventLoops = new EventLoops(TransportType.AUTO, 2, "test");

	private final ProbeRecording recording = new ProbeRecording();

	@Test
	void connectionAndEchoAreMeasuredApart() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo);
				Prober prober = ProbeTarget.tcp("test", "127.0.0.1", peer.port(), Framing.NONE, LONG)
					.prober(this.eventLoops)) {
			ProbeResult result = prober.round(5, LONG, 64, this.recording).get(30, TimeUnit.SECONDS);
			assertThat(result.connect()).isPositive();
			assertThat(result.roundTrips()).hasSize(5);
			assertThat(result.error()).isNull();
			assertThat(this.recording.connected).hasValue(1);
		}
	}

	@Test
	void serverThatDoesNotAnswerIsDown() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes());
				Prober prober = ProbeTarget.tcp("test", "127.0.0.1", peer.port(), Framing.LINE, LONG)
					.prober(this.eventLoops)) {
			ProbeResult result = prober.round(3, Duration.ofMillis(300), 64, this.recording).get(30, TimeUnit.SECONDS);
			assertThat(result.isUp()).isFalse();
			assertThat(result.error()).isEqualTo(SocketError.REPLY_TIMED_OUT);
			assertThat(result.lost()).isEqualTo(1);
		}
	}

	@Test
	void probeFollowsAServerThatGoesAndComesBack() throws Exception {
		int port = ClosedPort.hold();
		EchoProbe probe = new EchoProbe(new EchoProbe.Settings("test",
				ProbeTarget.tcp("test", "127.0.0.1", port, Framing.NONE, LONG), Duration.ofMillis(10), LONG, 1, 64),
				this.eventLoops, this.recording);
		EchoProbes probes = new EchoProbes(java.util.List.of(probe));
		probes.start();
		await().untilAsserted(() -> assertThat(this.recording.errors).contains(SocketError.CONNECTION_REFUSED));
		assertThat(this.recording.up).hasValue(0);
		try (ClientPeer peer = ClientPeer.startOn(port, ClientPeer::echo)) {
			await().untilAsserted(() -> assertThat(this.recording.up).hasValue(1));
			await().untilAsserted(() -> assertThat(peer.accepted()).isGreaterThan(3));
		}
		await().untilAsserted(() -> assertThat(this.recording.up).hasValue(0));
		await().untilAsserted(() -> {
			EchoProbe.Status status = probe.status();
			assertThat(status).isNotNull();
			assertThat(status.result().isUp()).isFalse();
		});
		probes.stop();
	}

	@Test
	void replyThatIsTooLateCountsAsAnErrorOfTheClient() throws Exception {
		ClientRecording client = new ClientRecording();
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes());
				Prober prober = target(peer.port(), client).prober(this.eventLoops)) {
			for (int i = 1; i <= 5; i++) {
				ProbeResult result = prober.round(1, Duration.ofMillis(100), 64, this.recording)
					.get(30, TimeUnit.SECONDS);
				assertThat(result.error()).isEqualTo(SocketError.REPLY_TIMED_OUT);
				assertThat(client.errors).hasSize(i).containsOnly(SocketError.REPLY_TIMED_OUT);
			}
		}
	}

	@Test
	void laterReplyThatIsTooLateCountsOnce() throws Exception {
		ClientRecording client = new ClientRecording();
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			out.write(in.readNBytes(64));
			in.readAllBytes();
		}); Prober prober = target(peer.port(), client).prober(this.eventLoops)) {
			ProbeResult result = prober.round(3, Duration.ofMillis(500), 64, this.recording).get(30, TimeUnit.SECONDS);
			assertThat(result.roundTrips()).hasSize(1);
			assertThat(result.lost()).isEqualTo(1);
			assertThat(client.errors).containsExactly(SocketError.REPLY_TIMED_OUT);
		}
	}

	@Test
	void probesStartAgainAfterAStop() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			EchoProbe probe = new EchoProbe(new EchoProbe.Settings("test",
					ProbeTarget.tcp("test", "127.0.0.1", peer.port(), Framing.NONE, LONG), Duration.ofMillis(10), LONG,
					1, 64), this.eventLoops, this.recording);
			ProbeSchedules.assertStartsAgainAfterAStop(probe, this.recording);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "connected", "sent", "received", "up" })
	void throwableInARoundDoesNotEndTheSchedule(String where) throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			ProbeSchedules.assertOutlivesThrowable(where, this.recording,
					(recorder) -> new EchoProbe(new EchoProbe.Settings("test",
							ProbeTarget.tcp("test", "127.0.0.1", peer.port(), Framing.NONE, LONG),
							Duration.ofMillis(10), LONG, 1, 64), this.eventLoops, recorder));
		}
	}

	private static ProbeTarget target(int port, ClientRecording client) {
		ProbeTarget.Tcp plain = (ProbeTarget.Tcp) ProbeTarget.tcp("test", "127.0.0.1", port, Framing.NONE, LONG);
		return new ProbeTarget.Tcp(plain.settings(), client);
	}

}
