package dev.socketecho.transport.tcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.ServerMode;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.testing.Background;
import dev.socketecho.testing.WireSample;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.traffic.TcpConnectionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what comes back, over real sockets.
 */
@Execution(ExecutionMode.CONCURRENT)
public class TcpServerEchoTests {

	private static final long FIRST_SEED = 1;

	private static final int SAMPLES = 15;

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void echoesOnEachTransport(TransportType transport) {
		byte[] data = random(3_000_000);
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> spec.transport = transport);
				TestClient client = server.connect()) {
			assertThat(client.send("hello").read(5)).isEqualTo("hello");
			CompletableFuture<Void> sent = Background.run(() -> client.send(data).halfClose());
			assertThat(client.readBytesToEnd()).isEqualTo(data);
			sent.join();
			await().untilAsserted(() -> assertThat(server.recorder.closed).containsExactly(CloseReason.CLIENT_CLOSED));
			assertThat(server.recorder.bytesReceived).hasValue(data.length + 5);
			assertThat(server.recorder.bytesSent).hasValue(data.length + 5);
		}
	}

	/**
	 * To repeat a failure, start with the seed that it names.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
	void returnsExactlyWhatWasSentInAnySegmentation(Framing framing) {
		for (boolean burst : new boolean[] { true, false }) {
			try (TestServer server = TestServer.start(framing, (spec) -> {
				spec.burst = burst;
				spec.maxMessageSize = 5000;
				spec.delimiter = (framing == Framing.DELIMITER) ? WireSample.DELIMITER : null;
			})) {
				long bytes = 0;
				long messages = 0;
				for (long seed = FIRST_SEED; seed < FIRST_SEED + SAMPLES; seed++) {
					Random random = new Random(seed);
					WireSample sample = WireSample.random(framing, random, 5000);
					List<byte[]> segments = WireSample.segments(sample.bytes(), random);
					try (TestClient client = server.connect()) {
						CompletableFuture<Void> sent = Background.run(() -> {
							segments.forEach(client::send);
							client.halfClose();
						});
						assertThat(client.readBytesToEnd()).as("seed %d, burst %s, %s", seed, burst, sample)
							.isEqualTo(sample.bytes());
						sent.join();
					}
					bytes += sample.bytes().length;
					messages += sample.frames().size();
				}
				assertThat(server.recorder.bytesReceived).hasValue(bytes);
				assertThat(server.recorder.bytesSent).hasValue(bytes);
				if (framing != Framing.NONE) {
					assertThat(server.recorder.messagesReceived).hasValue(messages);
					assertThat(server.recorder.messagesSent).hasValue(messages);
				}
				await().untilAsserted(() -> assertThat(server.recorder.closed).hasSize(SAMPLES)
					.containsOnly(CloseReason.CLIENT_CLOSED));
				assertThat(server.recorder.opened).hasValue(SAMPLES);
				assertThat(server.recorder.errors).isEmpty();
			}
		}
	}

	@Test
	void acceptsConnectionWithoutAnyByte() {
		try (TestServer server = TestServer.start(Framing.NONE); TestClient client = server.connect()) {
			assertThat(client.halfClose().readToEnd()).isEmpty();
			assertThat(server.recorder.messagesReceived).hasValue(0);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void sendsAnswersToOneReadInOneFlush(boolean burst) {
		String lines = "a pipelined line\n".repeat(32);
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.burst = burst);
				TestClient client = server.connect()) {
			assertThat(client.send(lines).read(lines.length())).isEqualTo(lines);
			assertThat(server.recorder.messagesSent).hasValue(32);
			assertThat(server.recorder.sends).hasValue(1);
		}
	}

	@Test
	void hasCountedWhatTheClientHasReadBack() {
		try (TestServer server = TestServer.start(Framing.LINE); TestClient client = server.connect()) {
			for (int i = 1; i <= 500; i++) {
				assertThat(client.send("ten bytes\n").read(10)).isEqualTo("ten bytes\n");
				assertThat(server.recorder.bytesReceived).hasValue(10L * i);
				assertThat(server.recorder.bytesSent).hasValue(10L * i);
				assertThat(server.recorder.messagesReceived).hasValue(i);
				assertThat(server.recorder.messagesSent).hasValue(i);
				assertThat(server.recorder.opened).hasValue(server.recorder.closed.size() + 1L);
			}
			TcpConnectionInfo info = server.factory.connections().getFirst().info();
			assertThat(info.server()).isEqualTo("test");
			assertThat(info.bytesIn()).isEqualTo(5000);
			assertThat(info.bytesOut()).isEqualTo(5000);
			assertThat(info.messagesIn()).isEqualTo(500);
			assertThat(info.messagesOut()).isEqualTo(500);
		}
	}

	@Test
	void sendsNothingBackInCollectMode() {
		try (TestServer server = TestServer.start(Framing.UNTIL_CLOSE, (spec) -> spec.mode = ServerMode.COLLECT);
				TestClient client = server.connect()) {
			assertThat(client.send("one").halfClose().readToEnd()).isEmpty();
			assertThat(server.recorder.messagesReceived).hasValue(1);
			assertThat(server.recorder.bytesReceived).hasValue(3);
			assertThat(server.recorder.bytesSent).hasValue(0);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void boundsWhatIsQueuedToPeerThatDoesNotReadAndLosesNothing(TransportType transport) {
		byte[] data = random(20_000_000);
		long maxPending = 512 * 1024;
		// One event loop: a connection that is read from does not go unnoticed
		try (TestServer server = startForBackPressure(transport, maxPending);
				TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 64 * 1024);
				TestClient honest = server.connect()) {
			CompletableFuture<Void> sent = Background.run(() -> client.send(data).halfClose());
			await().until(() -> server.eventLoops.pendingBudget().used() > maxPending);
			for (int i = 0; i < 300; i++) {
				assertThat(honest.send("hello").read(5)).isEqualTo("hello");
				// A last read, and the sent part of the first buffer
				assertThat(server.eventLoops.pendingBudget().used()).isLessThan(maxPending + 2 * 256 * 1024);
			}
			// What is queued, and what the two small kernel buffers hold
			assertThat(server.recorder.bytesReceived.get()).isLessThan(4_000_000);
			assertThat(Arrays.equals(client.readBytesToEnd(), data)).isTrue();
			sent.join();
			assertThat(server.recorder.bytesSent.get()).isEqualTo(data.length + 1500);
			await().untilAsserted(() -> assertThat(server.eventLoops.pendingBudget().used()).isZero());
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void boundsWhatIsQueuedToPeerThatHasHalfClosedAndDoesNotRead(TransportType transport) {
		byte[] data = random(1_500_000);
		long maxPending = 64 * 1024;
		// The kernel takes all of it and the FIN
		try (TestServer server = startForBackPressure(transport, maxPending, Framing.NONE, 4 * 1024 * 1024);
				TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 64 * 1024);
				TestClient honest = server.connect()) {
			client.send(data).halfClose();
			await().until(() -> server.eventLoops.pendingBudget().used() > maxPending);
			for (int i = 0; i < 300; i++) {
				assertThat(honest.send("hello").read(5)).isEqualTo("hello");
				// A last read, and the sent part of the first buffer
				assertThat(server.eventLoops.pendingBudget().used()).isLessThan(maxPending + 2 * 256 * 1024);
			}
			assertThat(server.recorder.bytesReceived.get()).isLessThan(1_000_000);
			assertThat(Arrays.equals(client.readBytesToEnd(), data)).isTrue();
			await().untilAsserted(() -> assertThat(server.recorder.closed).containsExactly(CloseReason.CLIENT_CLOSED));
			assertThat(server.eventLoops.pendingBudget().used()).isZero();
		}
	}

	@Test
	void losesNothingWhenManyFramesAreQueuedToPeerThatReadsLate() {
		byte[] lines = "some line or other\n".repeat(200_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
		try (TestServer server = startForBackPressure(TransportType.AUTO, 64 * 1024, Framing.LINE, null);
				TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 16 * 1024)) {
			CompletableFuture<Void> sent = Background.run(() -> client.send(lines).halfClose());
			await().until(() -> server.eventLoops.pendingBudget().used() > 64 * 1024);
			assertThat(Arrays.equals(client.readBytesToEnd(), lines)).isTrue();
			sent.join();
			assertThat(server.recorder.messagesSent).hasValue(200_000);
		}
	}

	@Test
	void answersWhatHasArrivedAndClosesWhenDrained() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE);
				TestClient busy = server.connect();
				TestClient idle = server.connect()) {
			assertThat(idle.send("one\n").read(4)).isEqualTo("one\n");
			busy.send("two\nrest");
			await().until(() -> server.recorder.bytesReceived.get() == 12);
			int port = server.factory.getPort();
			ConnectionDrain drain = server.factory.drain();
			assertThat(drain.total()).isEqualTo(2);
			assertThat(busy.readToEnd()).isEqualTo("two\nrest");
			assertThat(idle.readToEnd()).isEmpty();
			busy.leave();
			idle.leave();
			drain.done().get(20, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isEqualTo(2);
			await().untilAsserted(() -> assertThat(server.recorder.closed).containsExactly(CloseReason.SHUTDOWN,
					CloseReason.SHUTDOWN));
			org.assertj.core.api.Assertions.assertThatExceptionOfType(java.io.UncheckedIOException.class)
				.isThrownBy(() -> new TestClient("127.0.0.1", port));
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void answersConnectionsThatWaitToBeAcceptedWhenDrained() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			BlockedEventLoop blocked = BlockedEventLoop.of(server.eventLoops);
			List<TestClient> clients = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				clients.add(server.connect().send("hello\n"));
			}
			CompletableFuture<ConnectionDrain> drained = Background.supply(server.factory::drain);
			await().until(() -> !server.factory.isListening());
			blocked.release();
			for (TestClient client : clients) {
				assertThat(client.readToEnd()).isEqualTo("hello\n");
				client.leave();
			}
			drained.get(20, TimeUnit.SECONDS).done().get(20, TimeUnit.SECONDS);
			assertThat(server.recorder.opened).hasValue(20);
			assertThat(drained.join().endedInOrder()).isEqualTo(drained.join().total());
		}
	}

	@Test
	void drainsAnswersThatPeerHasYetToRead() throws Exception {
		byte[] data = random(1_000_000);
		try (TestServer server = startForBackPressure(TransportType.AUTO, 4 * 1024 * 1024);
				TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 64 * 1024)) {
			client.send(data);
			await().until(() -> server.recorder.bytesReceived.get() == data.length);
			ConnectionDrain drain = server.factory.drain();
			assertThat(drain.done()).isNotDone();
			assertThat(Arrays.equals(client.readBytesToEnd(), data)).isTrue();
			client.leave();
			drain.done().get(20, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isEqualTo(1);
		}
	}

	@Test
	void cutsWhatDoesNotDrain() throws Exception {
		try (TestServer server = startForBackPressure(TransportType.AUTO, 4 * 1024 * 1024);
				TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 64 * 1024)) {
			client.send(new byte[1_000_000]);
			await().until(() -> server.recorder.bytesReceived.get() == 1_000_000);
			ConnectionDrain drain = server.factory.drain();
			drain.cut();
			drain.done().get(20, TimeUnit.SECONDS);
			assertThat(drain.total()).isEqualTo(1);
			assertThat(drain.endedInOrder()).isZero();
			await().untilAsserted(() -> assertThat(server.recorder.closed).containsExactly(CloseReason.SHUTDOWN));
		}
	}

	@Test
	void drainOfServerWithoutConnectionsIsDoneAtOnce() {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			ConnectionDrain drain = server.factory.drain();
			assertThat(drain.done()).isCompleted();
			assertThat(drain.total()).isZero();
		}
	}

	private static TestServer startForBackPressure(TransportType transport, long maxPending) {
		return startForBackPressure(transport, maxPending, Framing.NONE, null);
	}

	private static TestServer startForBackPressure(TransportType transport, long maxPending, Framing framing,
			@Nullable Integer receiveBufferSize) {
		return TestServer.start(framing, (spec) -> {
			spec.transport = transport;
			spec.threads = 1;
			spec.maxPendingBytes = maxPending;
			spec.options = new SocketOptions(true, true, true, false, null, receiveBufferSize, 64 * 1024, null);
		});
	}

}
