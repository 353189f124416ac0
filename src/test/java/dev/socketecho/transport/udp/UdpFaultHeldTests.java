package dev.socketecho.transport.udp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.fault.Fault.Direction;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.TransportType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.fault.Faults.messages;
import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.udp.FaultyUdpServers.nanos;
import static dev.socketecho.transport.udp.FaultyUdpServers.numbers;
import static dev.socketecho.transport.udp.FaultyUdpServers.set;
import static dev.socketecho.transport.udp.FaultyUdpServers.start;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Datagrams that a fault of a UDP server holds back: what happens to them when the fault
 * goes, the server drains or stops, or the flow fails. Uses real sockets, on each
 * transport of this machine.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
@Execution(ExecutionMode.CONCURRENT)
class UdpFaultHeldTests {

	private static final Duration NEVER = Duration.ofHours(1);

	private final TransportType type;

	UdpFaultHeldTests(TransportType type) {
		this.type = type;
	}

	@ParameterizedTest
	@EnumSource
	void datagramsThatAreHeldComeAtOnceWhenTheFaultIsRemoved(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type, messages("a", direction, delay(NEVER)),
				messages("b", direction, new FaultEffect.Bandwidth(1, true, 65_536)));
				UdpTestClient client = server.connect()) {
			String[] sent = numbers(0, 40);
			client.send(sent);
			Awaitility.await().until(() -> server.recorder.received.get() == 40);
			assertThat(server.recorder.sent).hasValue(0);
			set(server);
			assertThat(client.receiveTexts(40)).containsExactly(sent);
			assertThat(client.exchange("again")).isEqualTo("again");
			assertThat(server.recorder.drops(DropReason.FAULT)).isZero();
		}
	}

	@Test
	void answersToReleasedDatagramsHaveTheNewFaults() throws Exception {
		try (UdpTestServer server = start(this.type, messages("late", Direction.INBOUND, delay(NEVER)));
				UdpTestClient client = server.connect()) {
			client.send("a", "b");
			Awaitility.await().until(() -> server.recorder.received.get() == 2);
			set(server, messages("twice", Direction.OUTBOUND, new FaultEffect.Duplicate(1)));
			assertThat(client.receiveTexts(4)).containsExactly("a", "a", "b", "b");
		}
	}

	@ParameterizedTest
	@EnumSource
	void drainWaitsForDatagramsThatAreHeldButReceivesNoMore(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type, messages("late", direction, delay(300)));
				UdpTestClient client = server.connect();
				UdpTestClient other = server.connect()) {
			String[] sent = numbers(0, 10);
			long start = System.nanoTime();
			client.send(sent);
			Awaitility.await().until(() -> server.recorder.received.get() == 10);
			CompletableFuture<Void> drained = server.adapter.drain();
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
			// More of them all the time: if they were received, there would be no end.
			while (!drained.isDone() && System.nanoTime() - end < 0) {
				other.send(UdpTestClient.text("more"));
				Thread.onSpinWait();
			}
			assertThat(drained).isCompleted();
			assertThat(System.nanoTime() - start).isGreaterThan(nanos(300));
			assertThat(client.receiveTexts(10)).containsExactly(sent);
		}
	}

	@Test
	void cutEndsADrainAndDropsWhatIsHeld() throws Exception {
		try (UdpTestServer server = start(this.type, messages("late", Direction.OUTBOUND, delay(NEVER)));
				UdpTestClient client = server.connect()) {
			client.send("a", "b", "c");
			Awaitility.await().until(() -> server.recorder.received.get() == 3);
			CompletableFuture<Void> drained = server.adapter.drain();
			// Longer than a drain without faults
			assertThat(CompletableFuture.anyOf(drained,
					new CompletableFuture<>().completeOnTimeout("", 700, TimeUnit.MILLISECONDS)))
				.succeedsWithin(Duration.ofSeconds(10))
				.isEqualTo("");
			server.adapter.cut();
			assertThat(drained).succeedsWithin(Duration.ofSeconds(10));
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(3);
			assertThat(server.recorder.sent).hasValue(0);
		}
	}

	@Test
	void stoppedServerKeepsItsFaultsForTheNextStart() throws Exception {
		try (UdpTestServer server = start(this.type,
				messages("twice", Direction.OUTBOUND, new FaultEffect.Duplicate(1)),
				messages("z", Direction.OUTBOUND, delay(NEVER), 2))) {
			try (UdpTestClient client = server.connect()) {
				client.send("a");
				client.receiveTexts(1);
			}
			server.adapter.stop();
			assertThat(server.recorder.drops(DropReason.FAULT)).isOne();
			server.adapter.start();
			try (UdpTestClient client = server.connect()) {
				client.send("b");
				assertThat(client.receiveTexts(1)).containsExactly("b");
			}
		}
	}

	@Test
	void socketsOfAServerShareTheBoundOfWhatIsHeld() throws Exception {
		List<UdpTestClient> clients = new ArrayList<>();
		try (UdpTestServer server = start(this.type, new UdpTestSettings().reusePort(),
				messages("late", Direction.OUTBOUND, delay(NEVER)))) {
			for (int i = 0; i < 24; i++) {
				UdpTestClient client = server.connect();
				clients.add(client);
				client.send(random(60_000));
				int received = i + 1;
				Awaitility.await().until(() -> server.recorder.received.get() == received);
			}
			Awaitility.await().until(() -> server.recorder.drops(DropReason.FAULT) == 24 - 17);
			set(server);
			Awaitility.await().until(() -> server.recorder.sent.get() == 17);
		}
		finally {
			clients.forEach(UdpTestClient::close);
		}
	}

	@Test
	void failureOfTheFlowAfterADelayIsCountedAndHarmsNoOther() throws Exception {
		try (UdpTestServer server = start(this.type, UdpTestServer.failingFor("bad", () -> {
			throw new IllegalStateException("of a test");
		}), messages("late", Direction.INBOUND, delay(20))); UdpTestClient client = server.connect()) {
			client.send("bad", "good", "bad", "best");
			assertThat(client.receiveTexts(2)).containsExactly("good", "best");
			assertThat(server.recorder.errors(SocketError.UNKNOWN)).isEqualTo(2);
		}
	}

}
