package dev.socketecho.fault;

import java.util.stream.IntStream;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.socketecho.fault.Faults.connections;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.fault.Faults.lateness;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Delays of a connection: how long bytes are held, in which order they pass, and what
 * waits behind them.
 */
class FaultHandlerDelayTests {

	@AutoClose
	private final FaultyChannel channel = new FaultyChannel();

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void delayHoldsBytesBack(Fault.Direction direction) {
		this.channel.set(connections("late", direction, delay(100)));
		this.channel.pass(direction, "one");
		this.channel.advance(99);
		assertThat(this.channel.passed(direction)).isEmpty();
		assertThat(this.channel.held()).isGreaterThan(3);
		this.channel.advance(1);
		assertThat(this.channel.passed(direction)).isEqualTo("one");
		assertThat(this.channel.held()).isZero();
	}

	@Test
	void delayKeepsTheOrder() {
		this.channel.set(connections("late", Fault.Direction.OUTBOUND, new FaultEffect.Delay(lateness(100, 100))));
		StringBuilder sent = new StringBuilder();
		StringBuilder seen = new StringBuilder();
		for (int i = 0; i < 200; i++) {
			String text = i + ",";
			sent.append(text);
			this.channel.pass(Fault.Direction.OUTBOUND, text);
			this.channel.advance(1);
			seen.append(this.channel.passed(Fault.Direction.OUTBOUND));
		}
		this.channel.advance(200);
		assertThat(seen + this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo(sent.toString());
	}

	@Test
	void delayNeedsOneTimer() {
		this.channel.set(connections("late", Fault.Direction.OUTBOUND, delay(100)));
		IntStream.range(0, 1000).forEach((i) -> this.channel.pass(Fault.Direction.OUTBOUND, "x"));
		this.channel.advance(99);
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).hasSize(1000);
	}

	@Test
	void delayHoldsTheEndOfTheInputBackBehindTheBytes() {
		this.channel.set(connections("late", Fault.Direction.INBOUND, delay(100)));
		this.channel.pass(Fault.Direction.INBOUND, "last");
		this.channel.endInput();
		this.channel.advance(99);
		assertThat(this.channel.events).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("last");
		assertThat(this.channel.events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
	}

	@Test
	void discardedInputStillEnds() {
		this.channel.set(connections("late", Fault.Direction.INBOUND, delay(100)));
		this.channel.pass(Fault.Direction.INBOUND, "last");
		this.channel.endInput();
		this.channel.handler().discardInput();
		assertThat(this.channel.events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEmpty();
	}

}
