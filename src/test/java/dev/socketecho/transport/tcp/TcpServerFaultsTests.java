package dev.socketecho.transport.tcp;

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
import dev.socketecho.fault.Faults;
import dev.socketecho.fault.Lateness;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.testing.Background;
import dev.socketecho.transport.address.SourceFilter;
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
import static dev.socketecho.transport.tcp.FaultyServers.assertReset;
import static dev.socketecho.transport.tcp.FaultyServers.inbound;
import static dev.socketecho.transport.tcp.FaultyServers.messages;
import static dev.socketecho.transport.tcp.FaultyServers.outbound;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The faults of a TCP server, as a peer sees them on a real socket: the bytes that come
 * through, and the connections and messages that a fault is for.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerFaultsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void streamStaysWhatItIs(TransportType transport) throws Exception {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Slice(700, 300, Lateness.NONE)),
					inbound(new FaultEffect.Bandwidth(20_000_000, true, 0)),
					new Fault("jitter",
							new FaultEffect.Delay(new Lateness(Duration.ofMillis(1), Duration.ofMillis(1),
									Lateness.Distribution.NORMAL)),
							Fault.Direction.INBOUND, Fault.Unit.CONNECTION, Fault.Selection.ALL));
			byte[] bytes = random(2_000_000);
			CompletableFuture<Void> sent = Background.run(() -> client.send(bytes).halfClose());
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
			set(server, messages(new FaultEffect.Reset(after(2)), 3));
			client.send("first\nsecond\nthird\nfourth\n");
			assertThat(client.read(15)).isEqualTo("first\nsecond\nth");
			assertReset(client);
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(15);
			assertThat(server.recorder.messagesSent).hasValue(2);
		}
	}

	@Test
	void connectionsThatShareABandwidthTakeTurns() {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> spec.threads = 1);
				TestClient first = server.connect();
				TestClient second = server.connect()) {
			set(server, outbound(new FaultEffect.Bandwidth(1_000_000, true, 0)));
			CompletableFuture<Void> sent = Background.run(() -> first.send(random(5_000_000)));
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
			set(server, outbound(delay(0)));
			client.send("hello\n");
			assertThat(client.read(6)).isEqualTo("hello\n");
			NettyTcpConnection connection = server.factory.connections().getFirst();
			client.leave();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			for (FaultSet next : List.of(TcpServerFaults.NONE,
					TcpServerFaults.NONE.replacedBy(List.of(messages(delay(0), 1))))) {
				assertThat(connection.eventLoop().submit(() -> connection.setFaults(next, FaultSet.Draws.NONE)))
					.succeedsWithin(Duration.ofSeconds(10));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void messagesOfTheCallerGoThroughFaults(TransportType transport) {
		try (TestServer server = start(Framing.LINE, transport); TestClient client = server.connect()) {
			for (FaultEffect effect : List.of(delay(20), new FaultEffect.Bandwidth(10_000, false, 0))) {
				set(server, Faults.messages("message", Fault.Direction.INBOUND, effect));
				client.send("one\ntwo\nthr");
				client.send("ee\n");
				assertThat(client.read(14)).isEqualTo("one\ntwo\nthree\n");
			}
			set(server, Faults.messages("message", Fault.Direction.INBOUND, new FaultEffect.Corrupt(4)));
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
			CompletableFuture<Void> connecting = Background
				.run(() -> IntStream.range(0, 40).forEach((_) -> clients.add(server.connect())));
			set(server, first);
			for (int i = 0; !connecting.isDone(); i++) {
				set(server, first, Faults.connections("other" + i, Fault.Direction.INBOUND, delay(0)));
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

}
