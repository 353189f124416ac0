package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.testing.Background;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.tcp.FaultyServers.inbound;
import static dev.socketecho.transport.tcp.FaultyServers.messages;
import static dev.socketecho.transport.tcp.FaultyServers.outbound;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What faults of a TCP server hold back: that it is bounded and counted, and comes when
 * the fault is gone.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerFaultHeldTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void stallHoldsAndDeliversWhenItIsGone(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Stall(after(3))));
			client.send("one\ntwo\n");
			assertThat(client.read(3)).isEqualTo("one");
			await().until(() -> server.recorder.messagesReceived.get() == 2);
			assertThat(server.recorder.bytesSent).hasValue(3);
			set(server);
			assertThat(client.read(5)).isEqualTo("\ntwo\n");
			client.send("three\n");
			assertThat(client.read(6)).isEqualTo("three\n");
			assertThat(server.recorder.bytesSent).hasValue(14);
			assertThat(server.recorder.messagesSent).hasValue(3);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void heldBytesAreBounded(TransportType transport) throws Exception {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.maxPendingBytes = 64 * 1024;
		}); TestClient client = server.connect()) {
			set(server, outbound(delay(HOUR)), inbound(delay(HOUR)));
			byte[] bytes = random(16_000_000);
			CompletableFuture<Void> sent = Background.run(() -> client.send(bytes));
			assertBounded(server, Duration.ofMillis(300));
			set(server);
			assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
			sent.get(10, TimeUnit.SECONDS);
			await().until(() -> server.eventLoops.pendingBudget().used() == 0);
			assertThat(server.recorder.bytesReceived).hasValue(bytes.length);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void heldPartOfAMessageIsBounded(TransportType transport) throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = transport;
			spec.maxPendingBytes = 64 * 1024;
			spec.maxMessageSize = 32 * 1024 * 1024;
		}); TestClient client = server.connect()) {
			set(server, inbound(new FaultEffect.Bandwidth(1000, false, 0)));
			byte[] bytes = random(16_000_000);
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = (bytes[i] == '\n') ? 0 : bytes[i];
			}
			bytes[bytes.length - 1] = '\n';
			CompletableFuture<Void> sent = Background.run(() -> client.send(bytes));
			assertBounded(server, Duration.ofMillis(500));
			assertThat(server.recorder.bytesReceived.get()).isLessThan(1024 * 1024);
			set(server);
			assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
			sent.get(10, TimeUnit.SECONDS);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void bytesThatAreHeldBeforeTheServerCountAsReceived(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
			set(server, inbound(new FaultEffect.Stall(after(3))));
			client.send("one\ntwo\n");
			await().until(() -> server.recorder.bytesReceived.get() == 8);
			assertThat(server.recorder.messagesReceived).hasValue(0);
			set(server);
			assertThat(client.read(8)).isEqualTo("one\ntwo\n");
			assertThat(server.recorder.bytesReceived).hasValue(8);
			assertThat(server.recorder.messagesReceived).hasValue(2);
		}
	}

	@ParameterizedTest
	@EnumSource(Fault.Unit.class)
	void answersToInputThatWasHeldCountWhenTheFaultIsGone(Fault.Unit unit) {
		try (TestServer server = start(Framing.LINE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server, new Fault("late", delay(HOUR), Fault.Direction.INBOUND, unit, Fault.Selection.ALL));
			client.send("one\ntwo\n");
			await().until(() -> server.recorder.bytesReceived.get() == 8);
			set(server);
			assertThat(client.read(8)).isEqualTo("one\ntwo\n");
			assertThat(server.recorder.bytesSent).hasValue(8);
			assertThat(server.recorder.messagesSent).hasValue(2);
		}
	}

	@Test
	void messageThatIsHeldHoldsThoseBehindIt() {
		try (TestServer server = start(Framing.LINE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server, messages(delay(HOUR), 2));
			client.send("a\nb\nc\n");
			assertThat(client.read(2)).isEqualTo("a\n");
			await().until(() -> server.recorder.messagesReceived.get() == 3);
			set(server);
			assertThat(client.read(4)).isEqualTo("b\nc\n");
			client.send("d\ne\n");
			assertThat(client.read(4)).isEqualTo("d\ne\n");
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void drainWaitsForWhatIsHeld(TransportType transport) throws Exception {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
			set(server, outbound(delay(HOUR)), inbound(delay(HOUR)));
			client.send("last\n");
			await().until(() -> server.recorder.bytesReceived.get() == 5);
			ConnectionDrain drain = server.factory.drain();
			set(server, outbound(delay(200)));
			assertThat(client.readToEnd()).isEqualTo("last\n");
			client.leave();
			drain.done().get(10, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isOne();
		}
	}

	/**
	 * Waits, and sees that the server holds something all the time, but not much.
	 */
	private static void assertBounded(TestServer server, Duration time) {
		await().during(time)
			.untilAsserted(() -> assertThat(server.eventLoops.pendingBudget().used()).isBetween(1L, 1024 * 1024L));
	}

}
