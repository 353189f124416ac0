package dev.socketecho.transport.tcp;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The faults of a TCP server, as a peer sees them on a real socket.
 */
class TcpServerFaultsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetIsAnRstAfterExactlySoManyBytes(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = connect(server)) {
			set(server, fault(new FaultEffect.Reset(new FaultEffect.Trigger(10_000, Duration.ZERO)),
					Fault.Direction.OUTBOUND));
			byte[] bytes = random(30_000);
			client.send(bytes);
			assertThat(client.readBytes(10_000)).isEqualTo(Arrays.copyOf(bytes, 10_000));
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1))
				.withStackTraceContaining("reset");
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(10_000);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetIsAnRstWhenEverythingHasBeenRead(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = connect(server)) {
			set(server,
					fault(new FaultEffect.Reset(new FaultEffect.Trigger(4, Duration.ZERO)), Fault.Direction.INBOUND));
			client.send("four");
			assertThat(client.read(4)).isEqualTo("four");
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1));
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void closeIsAFinAfterExactlySoManyBytes(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = connect(server)) {
			set(server, fault(new FaultEffect.Close(new FaultEffect.Trigger(10_000, Duration.ZERO)),
					Fault.Direction.OUTBOUND));
			byte[] bytes = random(30_000);
			client.send(bytes);
			assertThat(client.readBytesToEnd()).isEqualTo(Arrays.copyOf(bytes, 10_000));
			client.leave();
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(10_000);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void stallHoldsAndDeliversWhenItIsGone(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = connect(server)) {
			set(server,
					fault(new FaultEffect.Stall(new FaultEffect.Trigger(3, Duration.ZERO)), Fault.Direction.OUTBOUND));
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
		}); TestClient client = connect(server)) {
			set(server, fault(delay(HOUR), Fault.Direction.OUTBOUND), inbound(delay(HOUR)));
			byte[] bytes = random(16_000_000);
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> client.send(bytes));
			await().during(Duration.ofMillis(300))
				.until(() -> server.eventLoops.pendingBudget().used() > 0
						&& server.eventLoops.pendingBudget().used() < 1024 * 1024);
			set(server);
			assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
			sent.get(10, TimeUnit.SECONDS);
			await().until(() -> server.eventLoops.pendingBudget().used() == 0);
			assertThat(server.recorder.bytesReceived).hasValue(bytes.length);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void streamStaysWhatItIs(TransportType transport) throws Exception {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = connect(server)) {
			set(server, fault(new FaultEffect.Slice(700, 300, Lateness.NONE), Fault.Direction.OUTBOUND),
					inbound(new FaultEffect.Bandwidth(20_000_000, true, 0)),
					new Fault("jitter",
							new FaultEffect.Delay(new Lateness(Duration.ofMillis(1), Duration.ofMillis(1),
									Lateness.Distribution.NORMAL)),
							Fault.Direction.INBOUND, Fault.Unit.CONNECTION, Fault.Selection.ALL));
			byte[] bytes = random(2_000_000);
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> client.send(bytes).halfClose());
			try {
				assertThat(client.readBytesToEnd()).isEqualTo(bytes);
			}
			catch (UncheckedIOException ex) {
				java.util.concurrent.locks.LockSupport.parkNanos(500_000_000L);
				server.events.forEach((e) -> {
					if (e instanceof org.springframework.integration.ip.tcp.connection.TcpConnectionExceptionEvent x)
						x.getCause().printStackTrace(System.out);
				});
				System.out
					.println("DEBUG " + server.factory.activeConnections() + server.events + server.recorder.closed
							+ server.recorder.errors + server.recorder.bytesReceived + " " + server.recorder.bytesSent);
				throw ex;
			}
			sent.get(10, TimeUnit.SECONDS);
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesSent).hasValue(bytes.length);
			assertThat(server.recorder.bytesReceived).hasValue(bytes.length);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void messagesOfOneReadAreDrawnOneByOne(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = connect(server)) {
			set(server, messages(new FaultEffect.Reset(new FaultEffect.Trigger(2, Duration.ZERO)), 3));
			client.send("first\nsecond\nthird\nfourth\n");
			assertThat(client.read(15)).isEqualTo("first\nsecond\nth");
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1));
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(15);
			assertThat(server.recorder.messagesSent).hasValue(2);
		}
	}

	@Test
	void messageThatIsHeldHoldsThoseBehindIt() {
		try (TestServer server = start(Framing.LINE, TransportType.AUTO); TestClient client = connect(server)) {
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
		try (TestServer server = start(Framing.LINE, transport); TestClient client = connect(server)) {
			set(server, fault(delay(Duration.ofMillis(300)), Fault.Direction.OUTBOUND),
					inbound(delay(Duration.ofMillis(300))));
			client.send("last\n");
			await().until(() -> server.eventLoops.pendingBudget().used() > 0);
			ConnectionDrain drain = server.factory.drain();
			assertThat(client.readToEnd()).isEqualTo("last\n");
			client.leave();
			drain.done().get(10, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isOne();
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void bytesCountBehindTheProxyHeader(TransportType transport) {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.proxyProtocol = true;
		})) {
			set(server,
					fault(new FaultEffect.Close(new FaultEffect.Trigger(5, Duration.ZERO)), Fault.Direction.INBOUND));
			try (TestClient client = connect(server)) {
				client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n12345678");
				assertThat(client.readToEnd()).isEqualTo("12345");
			}
		}
	}

	@Test
	void slowCloseStillCloses() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO); TestClient client = connect(server)) {
			set(server,
					fault(new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE,
							new Lateness(Duration.ofMillis(200), Duration.ZERO, Lateness.Distribution.UNIFORM)),
							Fault.Direction.OUTBOUND));
			client.send("bytes").halfClose();
			assertThat(client.readToEnd()).isEqualTo("bytes");
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			System.out.println("DEBUG2 " + server.events);
			assertThat(server.factory.faults().all().getFirst().injected()).isOne();
		}
	}

	@Test
	void connectionThatComesLaterHasTheFaults() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO)) {
			set(server,
					fault(new FaultEffect.Close(new FaultEffect.Trigger(2, Duration.ZERO)), Fault.Direction.OUTBOUND));
			try (TestClient client = connect(server)) {
				assertThat(client.send("abc").readToEnd()).isEqualTo("ab");
			}
		}
	}

	private static TestServer start(Framing framing, TransportType transport) {
		return TestServer.start(framing, (spec) -> spec.transport = transport);
	}

	private static TestClient connect(TestServer server) {
		return server.connect();
	}

	private static void set(TestServer server, Fault... faults) {
		server.factory.setFaults(server.factory.faults().replacedBy(List.of(faults)));
	}

	private static Fault fault(FaultEffect effect, Fault.Direction direction) {
		return new Fault("fault", effect, direction, Fault.Unit.CONNECTION, Fault.Selection.ALL);
	}

	private static Fault inbound(FaultEffect effect) {
		return new Fault("inbound", effect, Fault.Direction.INBOUND, Fault.Unit.CONNECTION, Fault.Selection.ALL);
	}

	private static Fault messages(FaultEffect effect, long every) {
		return new Fault("messages", effect, Fault.Direction.OUTBOUND, Fault.Unit.MESSAGE,
				new Fault.Selection(1, 0, every, null, SourceFilter.ALL, null));
	}

	private static FaultEffect delay(Duration delay) {
		return new FaultEffect.Delay(new Lateness(delay, Duration.ZERO, Lateness.Distribution.UNIFORM));
	}

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

}
