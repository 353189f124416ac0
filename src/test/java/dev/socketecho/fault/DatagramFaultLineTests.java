package dev.socketecho.fault;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

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
	void bandwidthQueuesABurstAndDropsTheRest() {
		set(every("slow", 1, new FaultEffect.Bandwidth(10_000, false, 20_000)));
		IntStream.range(0, 100).forEach((_) -> pass("x".repeat(1000)));
		int queued = this.line.held();
		assertThat(queued).isBetween(10, 20);
		assertThat(this.dropped).hasSize(100 - queued - this.passed.size());
		for (int i = 0; i < 1000; i++) {
			advance(10);
		}
		assertThat(this.passed).hasSize(100 - this.dropped.size());
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
	void corruptChangesTheDatagram() {
		set(every("wrong", 1, new FaultEffect.Corrupt(2)));
		pass("aaaaaaaa");
		pass("");
		assertThat(this.passed.getFirst()).hasSize(8).isNotEqualTo("aaaaaaaa");
		assertThat(this.passed.getLast()).isEmpty();
		assertThat(this.faults.all().getFirst().injected()).isEqualTo(2);
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
		this.line.pass(new FaultyDatagram(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1),
				InetAddress.getLoopbackAddress(), this));
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
