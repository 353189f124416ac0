package dev.socketecho.transport.udp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.Fault.Direction;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.fault.Lateness.Distribution;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.messaging.MessageHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the faults of a UDP server with real sockets, on each transport of this machine.
 * Times are checked for what is too early only.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.udp.UdpEchoTests#transports")
@Execution(ExecutionMode.CONCURRENT)
class UdpFaultTests {

	private static final Duration NEVER = Duration.ofHours(1);

	private final TransportType type;

	UdpFaultTests(TransportType type) {
		this.type = type;
	}

	@ParameterizedTest
	@EnumSource
	void dropLosesTheSameDatagramsAgainAndOnAnotherServer(Direction direction) throws Exception {
		Fault lossy = fault("loss", new FaultEffect.Drop(), direction, 0.3, 0, 1, 42L);
		List<String> first;
		try (UdpTestServer server = start(lossy); UdpTestClient client = client(server)) {
			first = echoes(server, client, 80);
			assertThat(first).hasSizeBetween(40, 70);
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(80 - first.size());
			assertThat(server.recorder.received).hasValue(80);
			assertThat(server.recorder.sent).hasValue(first.size());
			set(server);
			assertThat(echoes(server, client, 10)).hasSize(10);
			set(server, lossy);
			assertThat(echoes(server, client, 80)).isEqualTo(first);
		}
		try (UdpTestServer server = start(lossy); UdpTestClient client = client(server)) {
			assertThat(echoes(server, client, 80)).isEqualTo(first);
		}
	}

	@ParameterizedTest
	@EnumSource
	void duplicateComesSeveralTimes(Direction direction) throws Exception {
		try (UdpTestServer server = start(every("twice", 2, new FaultEffect.Duplicate(2), direction));
				UdpTestClient client = client(server)) {
			send(client, "a", "", "b", "cc");
			assertThat(receive(client, 8)).containsExactly("a", "", "", "", "b", "cc", "cc", "cc");
			assertThat(server.recorder.received).hasValue(4);
			assertThat(server.recorder.sent).hasValue(8);
			assertThat(server.recorder.sentBytes).hasValue(8);
			assertThat(client.hasNothing()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void reorderedDatagramIsOvertakenByTheNextOne(Direction direction) throws Exception {
		try (UdpTestServer server = start(every("late", 2, new FaultEffect.Reorder(Lateness.NONE), direction));
				UdpTestClient client = client(server)) {
			send(client, "a", "b", "c");
			assertThat(receive(client, 3)).containsExactly("a", "c", "b");
			long start = System.nanoTime();
			send(client, "d");
			assertThat(receive(client, 1)).containsExactly("d");
			assertThat(System.nanoTime() - start).as("without a next one").isGreaterThan(nanos(100));
			assertThat(server.recorder.drops(DropReason.FAULT)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void reorderedDatagramWithADelayIsOvertakenMeanwhile(Direction direction) throws Exception {
		try (UdpTestServer server = start(
				every("late", 2, new FaultEffect.Reorder(lateness(200, 0, Distribution.UNIFORM)), direction));
				UdpTestClient client = client(server)) {
			long start = System.nanoTime();
			send(client, "a", "b", "c");
			assertThat(receive(client, 3)).containsExactly("a", "c", "b");
			assertThat(System.nanoTime() - start).isGreaterThan(nanos(200));
		}
	}

	@ParameterizedTest
	@EnumSource
	void delayIsAtLeastSoLong(Direction direction) throws Exception {
		try (UdpTestServer server = start(
				every("late", 1, new FaultEffect.Delay(lateness(60, 10, Distribution.UNIFORM)), direction));
				UdpTestClient client = client(server)) {
			for (int round = 0; round < 3; round++) {
				long start = System.nanoTime();
				send(client, "a", "b", "", "d");
				assertThat(receive(client, 1)).isNotEmpty();
				assertThat(System.nanoTime() - start).isGreaterThan(nanos(50));
				receive(client, 3);
			}
			assertThat(server.recorder.sent).hasValue(12);
		}
	}

	@Test
	void normalDelayDiffersFromDatagramToDatagram() throws Exception {
		Fault late = new Fault("late", new FaultEffect.Delay(lateness(30, 100, Distribution.NORMAL)),
				Direction.OUTBOUND, Fault.Unit.MESSAGE, new Fault.Selection(1, 0, 1, null, SourceFilter.ALL, 1L));
		try (UdpTestServer server = start(late); UdpTestClient client = client(server)) {
			String[] sent = IntStream.range(0, 50).mapToObj(String::valueOf).toArray(String[]::new);
			send(client, sent);
			assertThat(receive(client, 50)).containsExactlyInAnyOrder(sent).isNotEqualTo(List.of(sent));
			assertThat(server.recorder.sent).hasValue(50);
		}
	}

	@ParameterizedTest
	@EnumSource
	void bandwidthQueuesABurstAndDropsTheRest(Direction direction) throws Exception {
		try (UdpTestServer server = start(every("slow", 1, new FaultEffect.Bandwidth(10_000, true, 5000), direction));
				UdpTestClient client = client(server)) {
			long start = System.nanoTime();
			for (int i = 0; i < 40; i++) {
				client.send(UdpTestClient.random(1000));
			}
			// 100 ms a datagram. On a slow machine more than 6 have their turn.
			Awaitility.await().until(() -> server.recorder.sent.get() + server.recorder.drops(DropReason.FAULT) == 40);
			int passed = server.recorder.sent.intValue();
			assertThat(passed).isGreaterThanOrEqualTo(6);
			assertThat(server.recorder.drops(DropReason.FAULT)).isPositive();
			for (int i = 0; i < passed; i++) {
				assertThat(client.receive()).isEqualTo(UdpTestClient.random(1000));
			}
			assertThat(System.nanoTime() - start).isGreaterThan(nanos(100 * (passed - 1) - 20));
		}
	}

	@ParameterizedTest
	@EnumSource
	void corruptChangesSoManyBytes(Direction direction) throws Exception {
		try (UdpTestServer server = start(every("wrong", 1, new FaultEffect.Corrupt(3), direction));
				UdpTestClient client = client(server)) {
			for (int length : new int[] { 3, 4, 100, 60_000, 2, 1, 0 }) {
				byte[] sent = UdpTestClient.random(length);
				byte[] echo = client.exchange(sent);
				assertThat(echo).hasSize(length);
				assertThat(IntStream.range(0, length).filter((i) -> echo[i] != sent[i])).hasSize(Math.min(3, length));
			}
			assertThat(server.adapter.faults().all().getFirst().injected()).isEqualTo(15);
		}
	}

	@Test
	void faultsActInTheOrderOfTheirNames() throws Exception {
		try (UdpTestServer server = start(every("b", 1, new FaultEffect.Duplicate(1), Direction.OUTBOUND),
				every("a", 2, new FaultEffect.Drop(), Direction.OUTBOUND),
				every("c", 4, new FaultEffect.Reorder(Lateness.NONE), Direction.OUTBOUND));
				UdpTestClient client = client(server)) {
			send(client, "a", "b", "c", "d", "e");
			assertThat(receive(client, 6)).containsExactly("a", "a", "c", "e", "c", "e");
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void datagramsThatAreHeldComeAtOnceWhenTheFaultIsRemoved(Direction direction) throws Exception {
		try (UdpTestServer server = start(every("a", 1, new FaultEffect.Delay(late(NEVER)), direction),
				every("b", 1, new FaultEffect.Bandwidth(1, true, 65_536), direction));
				UdpTestClient client = client(server)) {
			String[] sent = IntStream.range(0, 40).mapToObj(String::valueOf).toArray(String[]::new);
			send(client, sent);
			Awaitility.await().until(() -> server.recorder.received.get() == 40);
			assertThat(server.recorder.sent).hasValue(0);
			set(server);
			assertThat(receive(client, 40)).containsExactly(sent);
			assertThat(client.exchange(UdpTestClient.text("again"))).asString().isEqualTo("again");
			assertThat(server.recorder.drops(DropReason.FAULT)).isZero();
		}
	}

	@Test
	void answersToReleasedDatagramsHaveTheNewFaults() throws Exception {
		try (UdpTestServer server = start(every("late", 1, new FaultEffect.Delay(late(NEVER)), Direction.INBOUND));
				UdpTestClient client = client(server)) {
			send(client, "a", "b");
			Awaitility.await().until(() -> server.recorder.received.get() == 2);
			set(server, every("twice", 1, new FaultEffect.Duplicate(1), Direction.OUTBOUND));
			assertThat(receive(client, 4)).containsExactly("a", "a", "b", "b");
		}
	}

	@ParameterizedTest
	@EnumSource
	void drainWaitsForDatagramsThatAreHeldButReceivesNoMore(Direction direction) throws Exception {
		try (UdpTestServer server = start(
				every("late", 1, new FaultEffect.Delay(lateness(300, 0, Distribution.UNIFORM)), direction));
				UdpTestClient client = client(server);
				UdpTestClient other = client(server)) {
			String[] sent = IntStream.range(0, 10).mapToObj(String::valueOf).toArray(String[]::new);
			long start = System.nanoTime();
			send(client, sent);
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
			assertThat(receive(client, 10)).containsExactly(sent);
		}
	}

	@Test
	void cutEndsADrainAndDropsWhatIsHeld() throws Exception {
		try (UdpTestServer server = start(every("late", 1, new FaultEffect.Delay(late(NEVER)), Direction.OUTBOUND));
				UdpTestClient client = client(server)) {
			send(client, "a", "b", "c");
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
		try (UdpTestServer server = start(every("twice", 1, new FaultEffect.Duplicate(1), Direction.OUTBOUND),
				every("z", 2, new FaultEffect.Delay(late(NEVER)), Direction.OUTBOUND))) {
			try (UdpTestClient client = client(server)) {
				send(client, "a");
				receive(client, 1);
			}
			server.adapter.stop();
			assertThat(server.recorder.drops(DropReason.FAULT)).isOne();
			server.adapter.start();
			try (UdpTestClient client = client(server)) {
				send(client, "b");
				assertThat(receive(client, 1)).containsExactly("b");
			}
		}
	}

	@Test
	void socketsOfAServerShareItsFaults() throws Exception {
		List<UdpTestClient> clients = new ArrayList<>();
		Fault lossy = fault("loss", new FaultEffect.Drop(), Direction.INBOUND, 0.3, 0, 1, 42L);
		int lost;
		try (UdpTestServer server = start(lossy); UdpTestClient client = client(server)) {
			lost = 160 - echoes(server, client, 160).size();
		}
		try (UdpTestServer server = start(settings(true), List.of(), UnaryOperator.identity(), lossy)) {
			assertThat(server.adapter.sockets()).isEqualTo(2);
			for (int i = 0; i < 16; i++) {
				clients.add(client(server));
			}
			assertThat(lost(server, clients, 10)).as("of n draws, whichever sockets they are for").isEqualTo(lost);
			set(server, fault("first", new FaultEffect.Drop(), Direction.OUTBOUND, 1, 7, 1, null));
			assertThat(lost(server, clients, 2)).isEqualTo(7);
			set(server, every("fourth", 4, new FaultEffect.Drop(), Direction.INBOUND));
			assertThat(lost(server, clients, 2)).isEqualTo(8);
		}
		finally {
			clients.forEach(UdpTestClient::close);
		}
	}

	@Test
	void socketsOfAServerShareTheBoundOfWhatIsHeld() throws Exception {
		List<UdpTestClient> clients = new ArrayList<>();
		try (UdpTestServer server = start(settings(true), List.of(), UnaryOperator.identity(),
				every("late", 1, new FaultEffect.Delay(late(NEVER)), Direction.OUTBOUND))) {
			for (int i = 0; i < 24; i++) {
				UdpTestClient client = client(server);
				clients.add(client);
				client.send(UdpTestClient.random(60_000));
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
		try (UdpTestServer server = start(settings(false), List.of(), (handler) -> (message) -> {
			if (((Datagram) message.getPayload()).content().readableBytes() == 3) {
				throw new IllegalStateException("bad");
			}
			handler.handleMessage(message);
		}, every("late", 1, new FaultEffect.Delay(lateness(20, 0, Distribution.UNIFORM)), Direction.INBOUND));
				UdpTestClient client = client(server)) {
			send(client, "bad", "good", "bad", "best");
			assertThat(receive(client, 2)).containsExactly("good", "best");
			assertThat(server.recorder.errors(SocketError.UNKNOWN)).isEqualTo(2);
		}
	}

	@Test
	void datagramThatIsNotAdmittedIsNoUnitOfAFault() throws Exception {
		try (UdpTestClient reflector = UdpTestClient.boundTo("127.0.0.1");
				UdpTestServer server = start(settings(false), Set.of(reflector.port()), UnaryOperator.identity(),
						every("second", 2, new FaultEffect.Drop(), Direction.INBOUND));
				UdpTestClient client = client(server)) {
			reflector.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
			send(client, "b", "c", "d");
			assertThat(receive(client, 2)).containsExactly("b", "d");
			assertThat(server.recorder.drops(DropReason.LOOP_GUARD)).isEqualTo(1);
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void faultIsForItsSourcesOnly(Direction direction) throws Exception {
		Fault lossy = new Fault("loss", new FaultEffect.Drop(), direction, Fault.Unit.MESSAGE, new Fault.Selection(1, 0,
				1, null, new SourceFilter(List.of(CidrBlock.of("127.0.0.9")), List.of()), null));
		try (UdpTestServer server = start(lossy);
				UdpTestClient victim = UdpTestClient.boundTo("127.0.0.9");
				UdpTestClient client = client(server)) {
			victim.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
			assertThat(client.exchange(UdpTestClient.text("b"))).asString().isEqualTo("b");
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(1);
			assertThat(victim.hasNothing()).isTrue();
		}
	}

	/**
	 * Sends datagrams, a few at a time, and receives those that the server answers.
	 */
	private static List<String> echoes(UdpTestServer server, UdpTestClient client, int count) throws IOException {
		List<String> echoes = new ArrayList<>();
		for (int from = 0; from < count; from += 20) {
			String[] sent = IntStream.range(from, Math.min(from + 20, count))
				.mapToObj(String::valueOf)
				.toArray(String[]::new);
			long lost = lost(server, sent.length, () -> send(client, sent));
			echoes.addAll(receive(client, (int) (sent.length - lost)));
		}
		return echoes;
	}

	private static long lost(UdpTestServer server, List<UdpTestClient> clients, int datagrams) throws IOException {
		String[] sent = Collections.nCopies(datagrams, "x").toArray(String[]::new);
		return lost(server, clients.size() * datagrams, () -> {
			for (UdpTestClient client : clients) {
				send(client, sent);
			}
		});
	}

	/**
	 * Sends datagrams, and returns how many of them faults have dropped.
	 */
	private static long lost(UdpTestServer server, int datagrams, Sending sending) throws IOException {
		long droppedBefore = server.recorder.drops(DropReason.FAULT);
		long sentBefore = server.recorder.sent.get();
		sending.send();
		Awaitility.await()
			.until(() -> server.recorder.drops(DropReason.FAULT) - droppedBefore + server.recorder.sent.get()
					- sentBefore == datagrams);
		return server.recorder.drops(DropReason.FAULT) - droppedBefore;
	}

	private static void send(UdpTestClient client, String... texts) throws IOException {
		for (String text : texts) {
			client.send(UdpTestClient.text(text));
		}
	}

	private static List<String> receive(UdpTestClient client, int count) throws IOException {
		List<String> received = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			received.add(new String(client.receive(), StandardCharsets.US_ASCII));
		}
		return received;
	}

	private static UdpTestClient client(UdpTestServer server) throws IOException {
		return UdpTestClient.connected(server.at("127.0.0.1"));
	}

	private UdpTestServer start(Fault... faults) throws Exception {
		return start(settings(false), List.of(), UnaryOperator.identity(), faults);
	}

	private UdpTestServer start(UdpServerSettings settings, Collection<Integer> blocked,
			UnaryOperator<MessageHandler> handler, Fault... faults) throws Exception {
		UdpTestServer server = UdpTestServer.start(this.type, settings, blocked, handler);
		set(server, faults);
		return server;
	}

	private static void set(UdpTestServer server, Fault... faults) throws Exception {
		server.adapter.setFaults(server.adapter.faults().replacedBy(Arrays.asList(faults))).get(10, TimeUnit.SECONDS);
	}

	private static UdpServerSettings settings(boolean reusePort) {
		return new UdpServerSettings("test", null, 0, UdpServerSettings.MAX_DATAGRAM_SIZE, null, 0, SourceFilter.ALL,
				MulticastSettings.NONE, false, new UdpSocketOptions(false, reusePort, null, null, null, false), null);
	}

	private static Fault every(String name, int every, FaultEffect effect, Direction direction) {
		return fault(name, effect, direction, 1, 0, every, null);
	}

	private static Fault fault(String name, FaultEffect effect, Direction direction, double probability, int first,
			int every, @Nullable Long seed) {
		return new Fault(name, effect, direction, Fault.Unit.MESSAGE,
				new Fault.Selection(probability, first, every, null, SourceFilter.ALL, seed));
	}

	private static Lateness late(Duration delay) {
		return new Lateness(delay, Duration.ZERO, Distribution.UNIFORM);
	}

	private static Lateness lateness(int millis, int jitterMillis, Distribution distribution) {
		return new Lateness(Duration.ofMillis(millis), Duration.ofMillis(jitterMillis), distribution);
	}

	private static long nanos(int millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

	private interface Sending {

		void send() throws IOException;

	}

}
