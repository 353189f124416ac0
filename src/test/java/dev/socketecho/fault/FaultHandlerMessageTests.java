package dev.socketecho.fault;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.fault.Faults.lateness;
import static dev.socketecho.fault.Faults.messages;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults of single messages.
 */
class FaultHandlerMessageTests {

	@AutoClose
	private final FaultyChannel channel = new FaultyChannel();

	@Test
	void messageThatIsHeldBackKeepsItsHolder() {
		this.channel.setForMessages(messages("late", Fault.Direction.INBOUND, delay(100)));
		this.channel.embedded
			.writeInbound(new DefaultByteBufHolder(Unpooled.copiedBuffer("message", StandardCharsets.UTF_8)));
		this.channel.advance(100);
		assertThat(this.channel.embedded.<Object>readInbound()).isInstanceOfSatisfying(ByteBufHolder.class,
				(message) -> {
					assertThat(message.content().toString(StandardCharsets.UTF_8)).isEqualTo("message");
					message.release();
				});
	}

	@Test
	void messageThatCannotBeCutIsAsLateAsItsLastWrite() {
		this.channel
			.setForMessages(messages("cut", Fault.Direction.INBOUND, new FaultEffect.Slice(3, 0, lateness(10))));
		this.channel.pass(Fault.Direction.INBOUND, "abcdefgh");
		this.channel.pass(Fault.Direction.INBOUND, "ijk");
		this.channel.advance(19);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("abcdefgh");
		this.channel.advance(9);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEmpty();
		this.channel.advance(1);
		assertThat(this.channel.passed(Fault.Direction.INBOUND)).isEqualTo("ijk");
	}

	@Test
	void messagesAreDrawnOneByOne() {
		this.channel.setForMessages(messages("some", Fault.Direction.OUTBOUND, delay(100), 3));
		this.channel.pass(Fault.Direction.OUTBOUND, "a");
		this.channel.pass(Fault.Direction.OUTBOUND, "b");
		this.channel.pass(Fault.Direction.OUTBOUND, "c");
		this.channel.pass(Fault.Direction.OUTBOUND, "d");
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).as("the third waits, and the others behind it")
			.isEqualTo("ab");
		this.channel.advance(100);
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("cd");
		assertThat(this.channel.injected("some")).isOne();
	}

	@Test
	void resetInTheMiddleOfAMessage() {
		this.channel.setForMessages(messages("cut", Fault.Direction.OUTBOUND, new FaultEffect.Reset(after(2)), 2));
		this.channel.pass(Fault.Direction.OUTBOUND, "first");
		this.channel.pass(Fault.Direction.OUTBOUND, "second");
		this.channel.pass(Fault.Direction.OUTBOUND, "third");
		this.channel.embedded.runPendingTasks();
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("firstse");
		assertThat(this.channel.calls).containsExactly("reset");
	}

}
