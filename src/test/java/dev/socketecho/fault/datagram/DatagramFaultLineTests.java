package dev.socketecho.fault.datagram;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.Lateness;
import dev.socketecho.transport.address.SourceFilter;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DatagramFaultLineTests {

	private final EmbeddedChannel time = new EmbeddedChannel();

	private final List<String> passed = new ArrayList<>();

	private final List<String> dropped = new ArrayList<>();

	private final DatagramFaultLine line;

	private FaultSet faults = FaultSet.empty(this.time.eventLoop().ticker()::nanoTime);

	private int flushes;

	DatagramFaultLineTests() {
		this.time.freezeTime();
		this.line = new DatagramFaultLine(this.time.eventLoop(), Fault.Direction.OUTBOUND,
				(datagram) -> take(this.passed, datagram), (datagram) -> take(this.dropped, datagram),
				() -> this.flushes++);
	}

	@AfterEach
	void nothingIsHeldAtTheEnd() {
		this.line.discard();
		assertThat(this.line.held()).isZero();
		this.time.finishAndReleaseAll();
	}

	@Test
	void dropLosesTheSameDatagramsAgain() {
		Fault lossy = new Fault("loss", new FaultEffect.Drop(), Fault.Direction.OUTBOUND, Fault.Unit.MESSAGE,
				new Fault.Selection(0.3, 0, 1, null, SourceFilter.ALL, 42L));
		set(lossy);
		IntStream.range(0, 1000).forEach((i) -> pass("" + i));
		List<String> lost = List.copyOf(this.dropped);
		assertThat(lost).hasSizeBetween(250, 350);
		assertThat(this.passed).hasSize(1000 - lost.size());
		this.dropped.clear();
		set();
		set(lossy);
		IntStream.range(0, 1000).forEach((i) -> pass("" + i));
		assertThat(this.dropped).isEqualTo(lost);
	}

	@Test
	void duplicateSendsFurtherCopies() {
		set(every("twice", 2, new FaultEffect.Duplicate(2)));
		List.of("a", "b", "c").forEach(this::pass);
		assertThat(this.passed).containsExactly("a", "b", "b", "b", "c");
	}

	@Test
	void reorderedDatagramWaitsForTheNextOne() {
		set(every("late", 2, new FaultEffect.Reorder(Lateness.NONE)));
		List.of("a", "b", "c", "d").forEach(this::pass);
		assertThat(this.passed).containsExactly("a", "c", "b");
		advance(99);
		assertThat(this.passed).hasSize(3);
		advance(1);
		assertThat(this.passed).containsExactly("a", "c", "b", "d");
		assertThat(this.flushes).isGreaterThan(1);
	}

	@Test
	void reorderWithDelayIsOvertakenMeanwhile() {
		set(every("late", 2, new FaultEffect.Reorder(lateness(50))));
		List.of("a", "b", "c").forEach(this::pass);
		advance(49);
		assertThat(this.passed).containsExactly("a", "c");
		advance(1);
		assertThat(this.passed).containsExactly("a", "c", "b");
	}

	/**
	 * Half of them are not late, as their jitter is below 0.
	 */
	@Test
	void reorderWithJitterOnlyIsLateByTheJitter() {
		set(every("late", 1, new FaultEffect.Reorder(
				new Lateness(Duration.ZERO, Duration.ofMillis(50), Lateness.Distribution.UNIFORM))));
		IntStream.range(0, 100).forEach((i) -> pass("" + i));
		assertThat(this.passed).hasSizeBetween(25, 75);
		advance(50);
		assertThat(this.passed).hasSize(100);
	}

	@Test
	void delayIsDrawnForEachDatagram() {
		set(every("late", 1, new FaultEffect.Delay(
				new Lateness(Duration.ofMillis(50), Duration.ofMillis(50), Lateness.Distribution.UNIFORM))));
		IntStream.range(0, 100).forEach((i) -> pass("" + i));
		assertThat(this.line.held()).isEqualTo(100);
		advance(50);
		assertThat(this.passed).hasSizeBetween(25, 75);
		advance(50);
		assertThat(this.passed).hasSize(100).isNotEqualTo(IntStream.range(0, 100).mapToObj((i) -> "" + i).toList());
	}

	@Test
	void delayHoldsAMegabyteAtMost() {
		set(every("late", 1, new FaultEffect.Delay(lateness(1000))));
		IntStream.range(0, 40).forEach((_) -> pass("x".repeat(60_000)));
		assertThat(this.line.held()).isEqualTo(17);
		assertThat(this.dropped).hasSize(23);
		advance(1000);
		assertThat(this.passed).hasSize(17);
		pass("again");
		assertThat(this.line.held()).isOne();
	}

	@Test
	void delayHoldsFourThousandDatagramsAtMost() {
		set(every("late", 1, new FaultEffect.Delay(lateness(1000))));
		IntStream.range(0, 5000).forEach((_) -> pass(""));
		assertThat(this.line.held()).isEqualTo(4096);
		assertThat(this.dropped).hasSize(5000 - 4096);
		advance(1000);
		assertThat(this.passed).hasSize(4096);
		pass("again");
		assertThat(this.line.held()).isOne();
	}

	@Test
	void linesOfOneServerShareTheBound() {
		DatagramFaultLine other = new DatagramFaultLine(this.time.eventLoop(), Fault.Direction.OUTBOUND,
				(datagram) -> take(this.passed, datagram), (datagram) -> take(this.dropped, datagram), () -> {
				});
		set(every("late", 1, new FaultEffect.Delay(lateness(1000))));
		other.set(this.faults);
		IntStream.range(0, 10).forEach((_) -> pass("x".repeat(60_000)));
		IntStream.range(0, 10).forEach((_) -> other.pass(datagram("x".repeat(60_000), 1)));
		assertThat(other.held()).isEqualTo(7);
		other.discard();
		assertThat(this.dropped).hasSize(10);
		assertThat(other.held()).isZero();
		IntStream.range(0, 10).forEach((_) -> pass("x".repeat(60_000)));
		assertThat(this.line.held()).isEqualTo(17);
	}

	@Test
	void normalDelayIsNeverNegative() {
		set(every("late", 1, new FaultEffect.Delay(
				new Lateness(Duration.ofMillis(1), Duration.ofMillis(10), Lateness.Distribution.NORMAL))));
		IntStream.range(0, 1000).forEach((i) -> pass("" + i));
		// 46 % of the draws are below 0, 98 % below 21 ms
		assertThat(this.passed).hasSizeBetween(400, 520);
		advance(21);
		assertThat(this.passed).hasSizeBetween(960, 995);
		advance(100);
		assertThat(this.passed).hasSize(1000);
	}

	@Test
	void nextDatagramOfAnotherCallerDoesNotOvertake() {
		set(every("late", 2, new FaultEffect.Reorder(Lateness.NONE)));
		pass("a", 1);
		pass("b", 1);
		pass("x", 2);
		assertThat(this.passed).containsExactly("a", "x");
		pass("y", 2);
		pass("c", 1);
		assertThat(this.passed).containsExactly("a", "x", "c", "b");
		advance(100);
		assertThat(this.passed).containsExactly("a", "x", "c", "b", "y");
	}

	@Test
	void faultsActInTheOrderOfTheirNames() {
		set(every("b-twice", 1, new FaultEffect.Duplicate(1)), every("a-lost", 2, new FaultEffect.Drop()),
				every("c-late", 4, new FaultEffect.Reorder(Lateness.NONE)));
		List.of("a", "b", "c", "d", "e").forEach(this::pass);
		assertThat(this.passed).containsExactly("a", "a", "c", "e", "c", "e");
		assertThat(this.dropped).containsExactly("b", "d");
	}

	@Test
	void whatIsHeldPassesWhenTheTimeOfTheFaultIsOver() {
		Fault brief = new Fault("late", new FaultEffect.Delay(lateness(1000)), Fault.Direction.OUTBOUND,
				Fault.Unit.MESSAGE, new Fault.Selection(1, 0, 1, Duration.ofMillis(50), SourceFilter.ALL, null));
		set(brief);
		pass("a");
		advance(49);
		assertThat(this.passed).isEmpty();
		advance(1);
		assertThat(this.passed).containsExactly("a");
		pass("b");
		assertThat(this.passed).containsExactly("a", "b");
	}

	@Test
	void faultThatIsInBothSetsKeepsWhatItHolds() {
		Fault late = every("b-late", 1, new FaultEffect.Delay(lateness(100)));
		set(every("a-late", 1, new FaultEffect.Delay(lateness(10))), late);
		pass("a");
		advance(10);
		pass("b");
		set(late, every("c-lost", 1, new FaultEffect.Drop()));
		assertThat(this.line.held()).isEqualTo(2);
		advance(100);
		assertThat(this.dropped).containsExactly("a", "b");
	}

	@Test
	void thereIsOneTimer() {
		set(every("a", 1, new FaultEffect.Delay(lateness(20))), every("b", 1, new FaultEffect.Delay(lateness(10))),
				every("c", 1, new FaultEffect.Bandwidth(1, true, 1000)));
		IntStream.range(0, 100).forEach((_) -> pass("x"));
		assertThat(this.line.held()).isEqualTo(100);
		advance(20);
		IntStream.range(0, 10).forEach((_) -> pass("x"));
		assertThat(this.flushes).isEqualTo(2);
		advance(10);
		assertThat(this.passed).hasSize(1);
		assertThat(this.line.held()).isEqualTo(109);
		assertThat(this.flushes).isEqualTo(3);
	}

	@Test
	void bandwidthQueuesABurstAndDropsTheRest() {
		set(every("slow", 1, new FaultEffect.Bandwidth(10_000, true, 20_000)));
		IntStream.range(0, 100).forEach((_) -> pass("x".repeat(1000)));
		// One passes at once.
		assertThat(this.passed).hasSize(1);
		assertThat(this.line.held()).isEqualTo(20);
		assertThat(this.dropped).hasSize(79);
		assertThat(this.faults.all().getFirst().injected()).isEqualTo(99);
		for (int i = 0; i < 200; i++) {
			advance(10);
		}
		assertThat(this.passed).hasSize(21);
	}

	@Test
	void bandwidthKeepsItsRate() {
		set(every("slow", 1, new FaultEffect.Bandwidth(10_000, false, 64_000)));
		IntStream.range(0, 50).forEach((_) -> pass("x".repeat(1000)));
		for (int i = 0; i < 1000; i++) {
			advance(1);
		}
		assertThat(this.passed).hasSizeBetween(10, 12);
	}

	@Test
	void corruptChangesSoManyBytes() {
		set(every("wrong", 1, new FaultEffect.Corrupt(3)));
		for (int i = 0; i < 100; i++) {
			pass("a".repeat(20));
			assertThat(this.passed.getLast()).hasSize(20);
			assertThat(this.passed.getLast().chars().filter((unit) -> unit != 'a')).hasSize(3);
		}
		pass("ab");
		assertThat(this.passed.getLast().chars().boxed()).hasSize(2)
			.satisfiesExactly((first) -> assertThat(first).isNotEqualTo((int) 'a'),
					(second) -> assertThat(second).isNotEqualTo((int) 'b'));
		pass("");
		assertThat(this.passed.getLast()).isEmpty();
		assertThat(this.faults.all().getFirst().injected()).isEqualTo(302);
	}

	@Test
	void corruptChangesOneOfTheCopiesOnly() {
		set(every("a-twice", 1, new FaultEffect.Duplicate(1)), every("b-wrong", 2, new FaultEffect.Corrupt(1)));
		pass("aaaa");
		assertThat(this.passed).hasSize(2).first().isEqualTo("aaaa");
		assertThat(this.passed.getLast()).isNotEqualTo("aaaa");
	}

	@Test
	void whatIsHeldPassesWhenTheFaultIsGone() {
		set(every("late", 1, new FaultEffect.Delay(lateness(1000))),
				every("order", 1, new FaultEffect.Reorder(Lateness.NONE)));
		List.of("a", "b", "c").forEach(this::pass);
		set();
		assertThat(this.passed).containsExactly("a", "b", "c");
		assertThat(this.line.isEmpty()).isTrue();
	}

	private static Fault every(String name, int every, FaultEffect effect) {
		return new Fault(name, effect, Fault.Direction.OUTBOUND, Fault.Unit.MESSAGE,
				new Fault.Selection(1, 0, every, null, SourceFilter.ALL, 1L));
	}

	private static Lateness lateness(int millis) {
		return new Lateness(Duration.ofMillis(millis), Duration.ZERO, Lateness.Distribution.UNIFORM);
	}

	private void set(Fault... next) {
		this.faults = this.faults.replacedBy(List.of(next));
		this.line.set(this.faults);
	}

	private void pass(String text) {
		pass(text, 1);
	}

	private void pass(String text, int port) {
		this.line.pass(datagram(text, port));
	}

	private FaultyDatagram datagram(String text, int port) {
		return new FaultyDatagram(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1),
				new InetSocketAddress(InetAddress.getLoopbackAddress(), port), this);
	}

	private void take(List<String> list, FaultyDatagram datagram) {
		list.add(datagram.content().toString(StandardCharsets.ISO_8859_1));
		datagram.content().release();
	}

	private void advance(int millis) {
		this.time.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
		this.time.runScheduledPendingTasks();
	}

}
