package dev.socketecho.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.connections;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.fault.Faults.lateness;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sets of faults: their order, whom and how long they are for, and what happens when one
 * comes or goes.
 */
class FaultHandlerSetTests {

	@AutoClose
	private final FaultyChannel channel = new FaultyChannel();

	@Test
	void faultsActInTheOrderOfTheirNames() {
		this.channel.set(connections("b-stuck", Fault.Direction.OUTBOUND, new FaultEffect.Stall(after(2))),
				connections("a-late", Fault.Direction.OUTBOUND, delay(100)));
		this.channel.pass(Fault.Direction.OUTBOUND, "abc");
		this.channel.advance(100);
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("ab");
	}

	@Test
	void faultThatStaysKeepsWhatItCountedAndHolds() {
		Fault stuck = connections("stuck", Fault.Direction.OUTBOUND, new FaultEffect.Stall(after(2)));
		this.channel.set(stuck);
		this.channel.pass(Fault.Direction.OUTBOUND, "abcd");
		this.channel.set(stuck, connections("another", Fault.Direction.OUTBOUND, delay(0)));
		this.channel.pass(Fault.Direction.OUTBOUND, "ef");
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("ab");
		assertThat(this.channel.injected("stuck")).isOne();
		this.channel.set();
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("cdef");
	}

	@Test
	void removedHandlerPassesOnWhatItHolds() {
		this.channel.set(connections("late", Fault.Direction.INBOUND, delay(100)),
				connections("stuck", Fault.Direction.INBOUND, new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE)));
		this.channel.pass(Fault.Direction.INBOUND, "abc");
		this.channel.embedded.pipeline().remove(FaultHandler.class);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("abc");
	}

	@Test
	void sourceIsAskedFirst() {
		this.channel.set(new Fault("stuck", new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE),
				Fault.Direction.OUTBOUND, Fault.Unit.CONNECTION, new Fault.Selection(1, 0, 1, null,
						new SourceFilter(List.of(CidrBlock.of("192.0.2.0/24")), List.of()), null)));
		this.channel.pass(Fault.Direction.OUTBOUND, "abc");
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("abc");
	}

	@Test
	void stallEndsWithTheTimeOfTheFault() {
		this.channel.set(new Fault("stuck", new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE),
				Fault.Direction.OUTBOUND, Fault.Unit.CONNECTION,
				new Fault.Selection(1, 0, 1, Duration.ofSeconds(5), SourceFilter.ALL, null)));
		this.channel.pass(Fault.Direction.OUTBOUND, "abc");
		this.channel.advance(4999);
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEmpty();
		this.channel.advance(2);
		this.channel.pass(Fault.Direction.OUTBOUND, "def");
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("abcdef");
	}

	static Stream<FaultEffect> effectsThatHold() {
		return Stream.of(delay(20_000), new FaultEffect.Slice(1, 0, lateness(20_000)),
				new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(20_000)),
				new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE));
	}

	@ParameterizedTest
	@MethodSource("effectsThatHold")
	void whatIsHeldPassesWhenTheTimeOfTheFaultIsOver(FaultEffect effect) {
		Fault.Selection selection = new Fault.Selection(1, 0, 1, Duration.ofSeconds(5), SourceFilter.ALL, null);
		this.channel.set(new Fault("in", effect, Fault.Direction.INBOUND, Fault.Unit.CONNECTION, selection),
				new Fault("out", effect, Fault.Direction.OUTBOUND, Fault.Unit.CONNECTION, selection));
		this.channel.pass(Fault.Direction.INBOUND, "abc");
		this.channel.endInput();
		this.channel.pass(Fault.Direction.OUTBOUND, "abc");
		this.channel.handler().endOutput();
		this.channel.advance(4999);
		assertThat(this.channel.events).isEmpty();
		assertThat(this.channel.calls).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("abc");
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("abc");
		assertThat(this.channel.events).hasSize(1);
		assertThat(this.channel.calls).containsExactly("end");
	}

}
