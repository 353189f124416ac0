package dev.socketecho.transport.udp;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.Fault.Direction;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.fault.Lateness.Distribution;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.fault.Faults.lateness;
import static dev.socketecho.fault.Faults.messages;
import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.udp.FaultyUdpServers.echoes;
import static dev.socketecho.transport.udp.FaultyUdpServers.lossy;
import static dev.socketecho.transport.udp.FaultyUdpServers.nanos;
import static dev.socketecho.transport.udp.FaultyUdpServers.numbers;
import static dev.socketecho.transport.udp.FaultyUdpServers.set;
import static dev.socketecho.transport.udp.FaultyUdpServers.start;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each fault of a UDP server does to datagrams, with real sockets, on each transport
 * of this machine. Times are checked for what is too early only.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
@Execution(ExecutionMode.CONCURRENT)
class UdpFaultTests {

	private final TransportType type;

	UdpFaultTests(TransportType type) {
		this.type = type;
	}

	@ParameterizedTest
	@EnumSource
	void dropLosesTheSameDatagramsAgainAndOnAnotherServer(Direction direction) throws Exception {
		Fault lossy = lossy(direction);
		List<String> first;
		try (UdpTestServer server = start(this.type, lossy); UdpTestClient client = server.connect()) {
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
		try (UdpTestServer server = start(this.type, lossy); UdpTestClient client = server.connect()) {
			assertThat(echoes(server, client, 80)).isEqualTo(first);
		}
	}

	@ParameterizedTest
	@EnumSource
	void duplicateComesSeveralTimes(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type, messages("twice", direction, new FaultEffect.Duplicate(2), 2));
				UdpTestClient client = server.connect()) {
			client.send("a", "", "b", "cc");
			assertThat(client.receiveTexts(8)).containsExactly("a", "", "", "", "b", "cc", "cc", "cc");
			assertThat(server.recorder.received).hasValue(4);
			assertThat(server.recorder.sent).hasValue(8);
			assertThat(server.recorder.sentBytes).hasValue(8);
			assertThat(client.hasNothing()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void reorderedDatagramIsOvertakenByTheNextOne(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type,
				messages("late", direction, new FaultEffect.Reorder(Lateness.NONE), 2));
				UdpTestClient client = server.connect()) {
			client.send("a", "b", "c");
			assertThat(client.receiveTexts(3)).containsExactly("a", "c", "b");
			long start = System.nanoTime();
			client.send("d");
			assertThat(client.receiveTexts(1)).containsExactly("d");
			assertThat(System.nanoTime() - start).as("without a next one").isGreaterThan(nanos(100));
			assertThat(server.recorder.drops(DropReason.FAULT)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void reorderedDatagramWithADelayIsOvertakenMeanwhile(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type,
				messages("late", direction, new FaultEffect.Reorder(lateness(200)), 2));
				UdpTestClient client = server.connect()) {
			long start = System.nanoTime();
			client.send("a", "b", "c");
			assertThat(client.receiveTexts(3)).containsExactly("a", "c", "b");
			assertThat(System.nanoTime() - start).isGreaterThan(nanos(200));
		}
	}

	@ParameterizedTest
	@EnumSource
	void delayIsAtLeastSoLong(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type,
				messages("late", direction, new FaultEffect.Delay(lateness(60, 10))));
				UdpTestClient client = server.connect()) {
			for (int round = 0; round < 3; round++) {
				long start = System.nanoTime();
				client.send("a", "b", "", "d");
				assertThat(client.receiveTexts(1)).isNotEmpty();
				assertThat(System.nanoTime() - start).isGreaterThan(nanos(50));
				client.receiveTexts(3);
			}
			assertThat(server.recorder.sent).hasValue(12);
		}
	}

	@Test
	void normalDelayDiffersFromDatagramToDatagram() throws Exception {
		Fault late = new Fault("late",
				new FaultEffect.Delay(new Lateness(Duration.ofMillis(30), Duration.ofMillis(100), Distribution.NORMAL)),
				Direction.OUTBOUND, Fault.Unit.MESSAGE, new Fault.Selection(1, 0, 1, null, SourceFilter.ALL, 1L));
		try (UdpTestServer server = start(this.type, late); UdpTestClient client = server.connect()) {
			String[] sent = numbers(0, 50);
			client.send(sent);
			assertThat(client.receiveTexts(50)).containsExactlyInAnyOrder(sent).isNotEqualTo(List.of(sent));
			assertThat(server.recorder.sent).hasValue(50);
		}
	}

	@ParameterizedTest
	@EnumSource
	void bandwidthQueuesABurstAndDropsTheRest(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type,
				messages("slow", direction, new FaultEffect.Bandwidth(10_000, true, 5000)));
				UdpTestClient client = server.connect()) {
			long start = System.nanoTime();
			for (int i = 0; i < 40; i++) {
				client.send(random(1000));
			}
			// 100 ms a datagram. On a slow machine more than 6 have their turn.
			Awaitility.await().until(() -> server.recorder.sent.get() + server.recorder.drops(DropReason.FAULT) == 40);
			int passed = server.recorder.sent.intValue();
			assertThat(passed).isGreaterThanOrEqualTo(6);
			assertThat(server.recorder.drops(DropReason.FAULT)).isPositive();
			for (int i = 0; i < passed; i++) {
				assertThat(client.receive()).isEqualTo(random(1000));
			}
			assertThat(System.nanoTime() - start).isGreaterThan(nanos(100 * (passed - 1) - 20));
		}
	}

	@ParameterizedTest
	@EnumSource
	void corruptChangesSoManyBytes(Direction direction) throws Exception {
		try (UdpTestServer server = start(this.type, messages("wrong", direction, new FaultEffect.Corrupt(3)));
				UdpTestClient client = server.connect()) {
			for (int length : new int[] { 3, 4, 100, 60_000, 2, 1, 0 }) {
				byte[] sent = random(length);
				byte[] echo = client.exchange(sent);
				assertThat(echo).hasSize(length);
				assertThat(IntStream.range(0, length).filter((i) -> echo[i] != sent[i])).hasSize(Math.min(3, length));
			}
			assertThat(server.adapter.faults().all().getFirst().injected()).isEqualTo(15);
		}
	}

	@Test
	void faultsActInTheOrderOfTheirNames() throws Exception {
		try (UdpTestServer server = start(this.type, messages("b", Direction.OUTBOUND, new FaultEffect.Duplicate(1)),
				messages("a", Direction.OUTBOUND, new FaultEffect.Drop(), 2),
				messages("c", Direction.OUTBOUND, new FaultEffect.Reorder(Lateness.NONE), 4));
				UdpTestClient client = server.connect()) {
			client.send("a", "b", "c", "d", "e");
			assertThat(client.receiveTexts(6)).containsExactly("a", "a", "c", "e", "c", "e");
			assertThat(server.recorder.drops(DropReason.FAULT)).isEqualTo(2);
		}
	}

}
