package dev.socketecho.fault;

import java.time.Duration;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.connections;
import static dev.socketecho.fault.Faults.lateness;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults that stop or end a connection: stall, close, reset and slow close.
 */
class FaultHandlerEndTests {

	@AutoClose
	private final FaultyChannel channel = new FaultyChannel();

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void stallPassesExactlySoManyBytes(Fault.Direction direction) {
		this.channel.set(connections("stuck", direction, new FaultEffect.Stall(after(10))));
		for (int i = 0; i < 10; i++) {
			this.channel.pass(direction, "abc");
		}
		this.channel.advance(100_000);
		assertThat(this.channel.passed(direction)).isEqualTo("abcabcabca");
		assertThat(this.channel.injected("stuck")).isOne();
		this.channel.set();
		assertThat(this.channel.passed(direction)).as("delivered when the fault is gone")
			.isEqualTo("bcabcabcabcabcabcabc");
	}

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void closeLetsMarksThroughAndNoMoreBytes(Fault.Direction direction) {
		this.channel.set(connections("end", direction, new FaultEffect.Close(after(2))));
		this.channel.pass(direction, "ab");
		this.channel.embedded.runPendingTasks();
		assertThat(this.channel.calls).as("without waiting for another byte").containsExactly("close");
		this.channel.pass(direction, "c");
		this.channel.embedded.runPendingTasks();
		assertThat(this.channel.passed(direction)).isEqualTo("ab");
		assertThat(this.channel.embedded.writeOneOutbound(Unpooled.EMPTY_BUFFER).isSuccess()).isFalse();
		assertThat(this.channel.calls).containsExactly("close");
	}

	@Test
	void resetAtOnceNeedsNoByte() {
		this.channel
			.set(connections("end", Fault.Direction.OUTBOUND, new FaultEffect.Reset(FaultEffect.Trigger.AT_ONCE)));
		this.channel.embedded.runPendingTasks();
		assertThat(this.channel.calls).containsExactly("reset");
	}

	@Test
	void timeAndBytesHaveToBeReachedBoth() {
		this.channel.set(connections("end", Fault.Direction.INBOUND,
				new FaultEffect.Reset(new FaultEffect.Trigger(3, Duration.ofSeconds(2)))));
		this.channel.pass(Fault.Direction.INBOUND, "abcdef");
		this.channel.advance(1999);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("abcdef");
		assertThat(this.channel.calls).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.calls).containsExactly("reset");
	}

	@Test
	void slowCloseHoldsTheEndOfTheInputBack() {
		this.channel.set(connections("slow", Fault.Direction.INBOUND,
				new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(500))));
		this.channel.pass(Fault.Direction.INBOUND, "abc");
		this.channel.endInput();
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("abc");
		this.channel.advance(499);
		assertThat(this.channel.events).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.events).hasSize(1);
	}

	@Test
	void slowCloseSaysHowLateFinIs() {
		this.channel
			.set(connections("slow", Fault.Direction.OUTBOUND, new FaultEffect.SlowClose(after(3), lateness(500))));
		FaultHandler handler = this.channel.handler();
		handler.endOutput();
		assertThat(this.channel.calls).as("before the third byte").containsExactly("end");
		this.channel.pass(Fault.Direction.OUTBOUND, "abc");
		handler.endOutput();
		this.channel.advance(499);
		assertThat(this.channel.calls).hasSize(1);
		this.channel.advance(1);
		assertThat(this.channel.calls).containsExactly("end", "end");
	}

	@Test
	void endOfTheOutputPassesWhenSlowCloseIsGone() {
		this.channel.set(connections("slow", Fault.Direction.OUTBOUND,
				new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(500))));
		this.channel.handler().endOutput();
		this.channel.set();
		assertThat(this.channel.calls).containsExactly("end");
	}

}
