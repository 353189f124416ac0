package dev.socketecho.fault;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.fault.Faults.connections;
import static dev.socketecho.fault.Faults.lateness;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What bandwidths, slices and corruptions do to the bytes of a connection.
 */
class FaultHandlerBytesTests {

	@AutoClose
	private final FaultyChannel channel = new FaultyChannel();

	@Test
	void bandwidthPassesWhatTheRateAllows() {
		this.channel.set(connections("slow", Fault.Direction.OUTBOUND, new FaultEffect.Bandwidth(1000, false, 0)));
		this.channel.pass(Fault.Direction.OUTBOUND, "x".repeat(2000));
		int atOnce = this.channel.passed(Fault.Direction.OUTBOUND).length();
		assertThat(atOnce).isBetween(1, 20);
		int passed = atOnce;
		for (int i = 0; i < 1000; i++) {
			this.channel.advance(1);
			int now = this.channel.passed(Fault.Direction.OUTBOUND).length();
			assertThat(now).isLessThanOrEqualTo(20);
			passed += now;
		}
		assertThat(passed).isBetween(980, 1020);
	}

	@Test
	void bandwidthOfTheServerIsShared() {
		ActiveFault active = this.channel.faults()
			.replacedBy(
					List.of(connections("slow", Fault.Direction.OUTBOUND, new FaultEffect.Bandwidth(1000, true, 0))))
			.all()
			.getFirst();
		FaultEffect.Bandwidth limit = (FaultEffect.Bandwidth) active.fault().effect();
		assertThat(active.pacer(limit, 0)).isSameAs(active.pacer(limit, 1));
	}

	@Test
	void sliceCutsTheStreamIntoWrites() {
		this.channel.set(connections("cut", Fault.Direction.OUTBOUND, new FaultEffect.Slice(3, 0, lateness(10))));
		this.channel.pass(Fault.Direction.OUTBOUND, "abcdefgh");
		List<String> writes = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			writes.add(this.channel.passed(Fault.Direction.OUTBOUND));
			this.channel.advance(10);
		}
		assertThat(writes).containsExactly("abc", "def", "gh");
	}

	@Test
	void sliceMayBeLargerThanAnyWrite() {
		int most = Integer.MAX_VALUE - 15;
		this.channel
			.set(connections("cut", Fault.Direction.OUTBOUND, new FaultEffect.Slice(most, most - 1, Lateness.NONE)));
		for (int i = 0; i < 100; i++) {
			this.channel.pass(Fault.Direction.OUTBOUND, "abc");
			assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("abc");
		}
	}

	@Test
	void sliceWithoutDelayPassesAllAtOnceInSeveralWrites() {
		this.channel.set(connections("cut", Fault.Direction.OUTBOUND, new FaultEffect.Slice(3, 2, Lateness.NONE)));
		this.channel.pass(Fault.Direction.OUTBOUND, "abcdefghijklmnopqrstuvwxyz");
		assertThat(this.channel.embedded.outboundMessages()).hasSizeGreaterThan(5)
			.allSatisfy((write) -> assertThat(((ByteBuf) write).readableBytes()).isBetween(1, 5));
		assertThat(this.channel.passed(Fault.Direction.OUTBOUND)).isEqualTo("abcdefghijklmnopqrstuvwxyz");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 255, 1000 })
	void corruptChangesSoManyBytesAndCountsThem(int bytes) {
		this.channel.set(connections("wrong", Fault.Direction.INBOUND, new FaultEffect.Corrupt(bytes)));
		String sent = "x".repeat(300);
		for (int i = 0; i < 50; i++) {
			this.channel.pass(Fault.Direction.INBOUND, sent);
			byte[] seen = this.channel.passedBytes(Fault.Direction.INBOUND);
			assertThat(IntStream.range(0, 300).filter((at) -> seen[at] != 'x').count()).isEqualTo(Math.min(bytes, 300));
		}
		assertThat(this.channel.injected("wrong")).isEqualTo(50L * Math.min(bytes, 300));
	}

	@Test
	void corruptLeavesTheBufferOfOthersAlone() {
		this.channel.set(connections("wrong", Fault.Direction.OUTBOUND, new FaultEffect.Corrupt(1)));
		ByteBuf shared = Unpooled.copiedBuffer("same", StandardCharsets.UTF_8);
		this.channel.embedded.writeOutbound(shared.retainedSlice());
		assertThat(shared.toString(StandardCharsets.UTF_8)).isEqualTo("same");
		shared.release();
	}

}
