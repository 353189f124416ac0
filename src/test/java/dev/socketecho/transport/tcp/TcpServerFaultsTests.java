package dev.socketecho.transport.tcp;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.Lateness;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.transport.tcp.FaultyServers.delay;
import static dev.socketecho.transport.tcp.FaultyServers.fault;
import static dev.socketecho.transport.tcp.FaultyServers.inbound;
import static dev.socketecho.transport.tcp.FaultyServers.messages;
import static dev.socketecho.transport.tcp.FaultyServers.random;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The faults of a TCP server, as a peer sees them on a real socket.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerFaultsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void stallHoldsAndDeliversWhenItIsGone(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
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
		}); TestClient client = server.connect()) {
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
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, fault(new FaultEffect.Slice(700, 300, Lateness.NONE), Fault.Direction.OUTBOUND),
					inbound(new FaultEffect.Bandwidth(20_000_000, true, 0)),
					new Fault("jitter",
							new FaultEffect.Delay(new Lateness(Duration.ofMillis(1), Duration.ofMillis(1),
									Lateness.Distribution.NORMAL)),
							Fault.Direction.INBOUND, Fault.Unit.CONNECTION, Fault.Selection.ALL));
			byte[] bytes = random(2_000_000);
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> client.send(bytes).halfClose());
			assertThat(client.readBytesToEnd()).isEqualTo(bytes);
			sent.get(10, TimeUnit.SECONDS);
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesSent).hasValue(bytes.length);
			assertThat(server.recorder.bytesReceived).hasValue(bytes.length);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void messagesOfOneReadAreDrawnOneByOne(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
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
			set(server, fault(delay(HOUR), Fault.Direction.OUTBOUND), inbound(delay(HOUR)));
			client.send("last\n");
			await().until(() -> server.recorder.bytesReceived.get() == 5);
			ConnectionDrain drain = server.factory.drain();
			set(server, fault(delay(Duration.ofMillis(200)), Fault.Direction.OUTBOUND));
			assertThat(client.readToEnd()).isEqualTo("last\n");
			client.leave();
			drain.done().get(10, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isOne();
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
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> client.send(bytes));
			await().during(Duration.ofMillis(500))
				.until(() -> server.eventLoops.pendingBudget().used() > 0
						&& server.eventLoops.pendingBudget().used() < 1024 * 1024);
			assertThat(server.recorder.bytesReceived.get()).isLessThan(1024 * 1024);
			set(server);
			assertThat(client.readBytes(bytes.length)).isEqualTo(bytes);
			sent.get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void connectionsThatShareABandwidthTakeTurns() {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> spec.threads = 1);
				TestClient first = server.connect();
				TestClient second = server.connect()) {
			set(server, fault(new FaultEffect.Bandwidth(1_000_000, true, 0), Fault.Direction.OUTBOUND));
			CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> first.send(random(5_000_000)));
			assertThat(first.readBytes(10_000)).hasSize(10_000);
			second.send(random(50_000));
			assertThat(second.readBytes(50_000)).hasSize(50_000);
			assertThat(server.recorder.bytesSent.get()).as("the first has not come to its end before the second")
				.isLessThan(2_000_000);
			set(server);
			assertThat(first.readBytes(4_990_000)).hasSize(4_990_000);
			assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void bytesThatAreHeldBeforeTheServerCountAsReceived(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
			set(server, inbound(new FaultEffect.Stall(new FaultEffect.Trigger(3, Duration.ZERO))));
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

	@ParameterizedTest
	@EnumSource(Fault.Unit.class)
	void greetingCountsOnceAndIsNoMessage(Fault.Unit unit) {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.greeting = "220 ready\r\n")) {
			set(server, new Fault("second", delay(HOUR), Fault.Direction.OUTBOUND, unit,
					new Fault.Selection(1, 0, 2, null, SourceFilter.ALL, null)));
			try (TestClient client = server.connect()) {
				assertThat(client.read(11)).isEqualTo("220 ready\r\n");
				client.send("hello\n");
				assertThat(client.read(6)).isEqualTo("hello\n");
				assertThat(server.recorder.bytesSent).hasValue(17);
				assertThat(server.recorder.messagesSent).hasValue(1);
			}
		}
	}

	@Test
	void connectionThatHasClosedNeedsNoFaults() {
		try (TestServer server = start(Framing.LINE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server, fault(delay(Duration.ZERO), Fault.Direction.OUTBOUND));
			client.send("hello\n");
			assertThat(client.read(6)).isEqualTo("hello\n");
			NettyTcpConnection connection = server.factory.connections().getFirst();
			client.leave();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			for (FaultSet next : List.of(TcpServerFaults.NONE,
					TcpServerFaults.NONE.replacedBy(List.of(messages(delay(Duration.ZERO), 1))))) {
				assertThat(connection.eventLoop().submit(() -> connection.setFaults(next, FaultSet.Draws.NONE)))
					.succeedsWithin(Duration.ofSeconds(10));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void messagesOfTheCallerGoThroughFaults(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
			for (FaultEffect effect : List.of(delay(Duration.ofMillis(20)),
					new FaultEffect.Bandwidth(10_000, false, 0))) {
				set(server,
						new Fault("message", effect, Fault.Direction.INBOUND, Fault.Unit.MESSAGE, Fault.Selection.ALL));
				client.send("one\ntwo\nthr");
				client.send("ee\n");
				assertThat(client.read(14)).isEqualTo("one\ntwo\nthree\n");
			}
			set(server, new Fault("message", new FaultEffect.Corrupt(4), Fault.Direction.INBOUND, Fault.Unit.MESSAGE,
					Fault.Selection.ALL));
			client.send("xxx\n");
			byte[] changed = client.readBytes(4);
			assertThat(IntStream.range(0, 4)).allMatch((i) -> changed[i] != "xxx\n".charAt(i));
		}
	}

	@Test
	void openAndNewConnectionsAreDrawnOnce() throws Exception {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> spec.threads = 2)) {
			List<TestClient> clients = new ArrayList<>();
			Fault first = new Fault("first", new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE),
					Fault.Direction.OUTBOUND, Fault.Unit.CONNECTION,
					new Fault.Selection(1, 20, 1, null, SourceFilter.ALL, null));
			CompletableFuture<Void> connecting = CompletableFuture
				.runAsync(() -> IntStream.range(0, 40).forEach((_) -> clients.add(server.connect())));
			set(server, first);
			for (int i = 0; !connecting.isDone(); i++) {
				set(server, first, new Fault("other" + i, delay(Duration.ZERO), Fault.Direction.INBOUND,
						Fault.Unit.CONNECTION, Fault.Selection.ALL));
			}
			connecting.get(10, TimeUnit.SECONDS);
			try {
				await().until(() -> server.factory.activeConnections() == 40);
				await().until(() -> server.factory.faults().all().getFirst().injected() == 20);
				clients.forEach((client) -> client.send("x"));
				await().until(() -> server.recorder.bytesReceived.get() == 40 && server.recorder.bytesSent.get() == 20);
			}
			finally {
				clients.forEach(TestClient::close);
			}
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
			try (TestClient client = server.connect()) {
				client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n12345678");
				assertThat(client.readToEnd()).isEqualTo("12345");
			}
		}
	}

	@Test
	void connectionThatComesLaterHasTheFaults() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO)) {
			set(server,
					fault(new FaultEffect.Close(new FaultEffect.Trigger(2, Duration.ZERO)), Fault.Direction.OUTBOUND));
			try (TestClient client = server.connect()) {
				assertThat(client.send("abc").readToEnd()).isEqualTo("ab");
			}
		}
	}

}
