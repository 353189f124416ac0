package dev.socketecho.fault;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FaultHandlerTests {

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final Target target = new Target();

	private final List<Object> events = new ArrayList<>();

	private FaultSet faults = FaultSet.empty(this.channel.eventLoop().ticker()::nanoTime);

	@BeforeEach
	void freeze() {
		this.channel.freezeTime();
		this.channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
			@Override
			public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
				FaultHandlerTests.this.events.add(event);
			}
		});
	}

	@AfterEach
	void nothingIsHeldAtTheEnd() {
		this.channel.finishAndReleaseAll();
		assertThat(this.target.held).isZero();
	}

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void delayHoldsBytesBack(Fault.Direction direction) {
		set(fault("late", direction, delay(100, 0)));
		pass(direction, "one");
		advance(99);
		assertThat(passed(direction)).isEmpty();
		assertThat(this.target.held).isGreaterThan(3);
		advance(1);
		assertThat(passed(direction)).isEqualTo("one");
		assertThat(this.target.held).isZero();
	}

	@Test
	void delayKeepsTheOrder() {
		set(fault("late", Fault.Direction.OUTBOUND, delay(100, 100)));
		StringBuilder sent = new StringBuilder();
		StringBuilder seen = new StringBuilder();
		for (int i = 0; i < 200; i++) {
			String text = i + ",";
			sent.append(text);
			pass(Fault.Direction.OUTBOUND, text);
			advance(1);
			seen.append(passed(Fault.Direction.OUTBOUND));
		}
		advance(200);
		assertThat(seen + passed(Fault.Direction.OUTBOUND)).isEqualTo(sent.toString());
	}

	@Test
	void delayNeedsOneTimer() {
		set(fault("late", Fault.Direction.OUTBOUND, delay(100, 0)));
		IntStream.range(0, 1000).forEach((i) -> pass(Fault.Direction.OUTBOUND, "x"));
		advance(99);
		assertThat(passed(Fault.Direction.OUTBOUND)).isEmpty();
		advance(1);
		assertThat(passed(Fault.Direction.OUTBOUND)).hasSize(1000);
	}

	@Test
	void delayHoldsTheEndOfTheInputBackBehindTheBytes() {
		set(fault("late", Fault.Direction.INBOUND, delay(100, 0)));
		pass(Fault.Direction.INBOUND, "last");
		this.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		advance(99);
		assertThat(this.events).isEmpty();
		advance(1);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("last");
		assertThat(this.events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
	}

	@Test
	void messageThatIsHeldBackKeepsItsHolder() {
		this.channel.pipeline()
			.addFirst(
					new FaultHandler(
							this.target, Fault.Unit.MESSAGE, replace(new Fault("late", delay(100, 0),
									Fault.Direction.INBOUND, Fault.Unit.MESSAGE, Fault.Selection.ALL)),
							FaultSet.Draws.NONE));
		this.channel.writeInbound(new DefaultByteBufHolder(Unpooled.copiedBuffer("message", StandardCharsets.UTF_8)));
		advance(100);
		assertThat(this.channel.<Object>readInbound()).isInstanceOfSatisfying(ByteBufHolder.class, (message) -> {
			assertThat(message.content().toString(StandardCharsets.UTF_8)).isEqualTo("message");
			message.release();
		});
	}

	@Test
	void discardedInputStillEnds() {
		set(fault("late", Fault.Direction.INBOUND, delay(100, 0)));
		pass(Fault.Direction.INBOUND, "last");
		this.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		this.channel.pipeline().get(FaultHandler.class).discardInput();
		assertThat(this.events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
		assertThat(passed(Fault.Direction.INBOUND)).isEmpty();
	}

	@Test
	void bandwidthPassesWhatTheRateAllows() {
		set(fault("slow", Fault.Direction.OUTBOUND, new FaultEffect.Bandwidth(1000, false, 0)));
		pass(Fault.Direction.OUTBOUND, "x".repeat(2000));
		int atOnce = passed(Fault.Direction.OUTBOUND).length();
		assertThat(atOnce).isBetween(1, 20);
		int passed = atOnce;
		for (int i = 0; i < 1000; i++) {
			advance(1);
			int now = passed(Fault.Direction.OUTBOUND).length();
			assertThat(now).isLessThanOrEqualTo(20);
			passed += now;
		}
		assertThat(passed).isBetween(980, 1020);
	}

	@Test
	void bandwidthOfTheServerIsShared() {
		ActiveFault active = this.faults
			.replacedBy(List.of(fault("slow", Fault.Direction.OUTBOUND, new FaultEffect.Bandwidth(1000, true, 0))))
			.all()
			.getFirst();
		FaultEffect.Bandwidth limit = (FaultEffect.Bandwidth) active.fault().effect();
		assertThat(active.pacer(limit, 0)).isSameAs(active.pacer(limit, 1));
	}

	@Test
	void sliceCutsTheStreamIntoWrites() {
		set(fault("cut", Fault.Direction.OUTBOUND, new FaultEffect.Slice(3, 0,
				new Lateness(Duration.ofMillis(10), Duration.ZERO, Lateness.Distribution.UNIFORM))));
		pass(Fault.Direction.OUTBOUND, "abcdefgh");
		List<String> writes = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			writes.add(passed(Fault.Direction.OUTBOUND));
			advance(10);
		}
		assertThat(writes).containsExactly("abc", "def", "gh");
	}

	@Test
	void messageThatCannotBeCutIsAsLateAsItsLastWrite() {
		this.channel.pipeline()
			.addFirst(new FaultHandler(this.target, Fault.Unit.MESSAGE,
					replace(new Fault("cut", new FaultEffect.Slice(3, 0, lateness(10)), Fault.Direction.INBOUND,
							Fault.Unit.MESSAGE, Fault.Selection.ALL)),
					FaultSet.Draws.NONE));
		pass(Fault.Direction.INBOUND, "abcdefgh");
		pass(Fault.Direction.INBOUND, "ijk");
		advance(19);
		assertThat(passed(Fault.Direction.INBOUND)).isEmpty();
		advance(1);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("abcdefgh");
		advance(9);
		assertThat(passed(Fault.Direction.INBOUND)).isEmpty();
		advance(1);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("ijk");
	}

	@Test
	void sliceMayBeLargerThanAnyWrite() {
		int most = Integer.MAX_VALUE - 15;
		set(fault("cut", Fault.Direction.OUTBOUND, new FaultEffect.Slice(most, most - 1, Lateness.NONE)));
		for (int i = 0; i < 100; i++) {
			pass(Fault.Direction.OUTBOUND, "abc");
			assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("abc");
		}
	}

	@Test
	void sliceWithoutDelayPassesAllAtOnceInSeveralWrites() {
		set(fault("cut", Fault.Direction.OUTBOUND, new FaultEffect.Slice(3, 2, Lateness.NONE)));
		pass(Fault.Direction.OUTBOUND, "abcdefghijklmnopqrstuvwxyz");
		assertThat(this.channel.outboundMessages()).hasSizeGreaterThan(5)
			.allSatisfy((write) -> assertThat(((ByteBuf) write).readableBytes()).isBetween(1, 5));
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("abcdefghijklmnopqrstuvwxyz");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 255, 1000 })
	void corruptChangesSoManyBytesAndCountsThem(int bytes) {
		set(fault("wrong", Fault.Direction.INBOUND, new FaultEffect.Corrupt(bytes)));
		String sent = "x".repeat(300);
		for (int i = 0; i < 50; i++) {
			pass(Fault.Direction.INBOUND, sent);
			byte[] seen = passedBytes(Fault.Direction.INBOUND);
			assertThat(IntStream.range(0, 300).filter((at) -> seen[at] != 'x').count()).isEqualTo(Math.min(bytes, 300));
		}
		assertThat(injected("wrong")).isEqualTo(50L * Math.min(bytes, 300));
	}

	@Test
	void corruptLeavesTheBufferOfOthersAlone() {
		set(fault("wrong", Fault.Direction.OUTBOUND, new FaultEffect.Corrupt(1)));
		ByteBuf shared = Unpooled.copiedBuffer("same", StandardCharsets.UTF_8);
		this.channel.writeOutbound(shared.retainedSlice());
		assertThat(shared.toString(StandardCharsets.UTF_8)).isEqualTo("same");
		shared.release();
	}

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void stallPassesExactlySoManyBytes(Fault.Direction direction) {
		set(fault("stuck", direction, new FaultEffect.Stall(new FaultEffect.Trigger(10, Duration.ZERO))));
		for (int i = 0; i < 10; i++) {
			pass(direction, "abc");
		}
		advance(100_000);
		assertThat(passed(direction)).isEqualTo("abcabcabca");
		assertThat(injected("stuck")).isOne();
		set();
		assertThat(passed(direction)).as("delivered when the fault is gone").isEqualTo("bcabcabcabcabcabcabc");
	}

	@Test
	void stallEndsWithTheTimeOfTheFault() {
		set(new Fault("stuck", new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE), Fault.Direction.OUTBOUND,
				Fault.Unit.CONNECTION, new Fault.Selection(1, 0, 1, Duration.ofSeconds(5), SourceFilter.ALL, null)));
		pass(Fault.Direction.OUTBOUND, "abc");
		advance(4999);
		assertThat(passed(Fault.Direction.OUTBOUND)).isEmpty();
		advance(2);
		pass(Fault.Direction.OUTBOUND, "def");
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("abcdef");
	}

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void closeLetsMarksThroughAndNoMoreBytes(Fault.Direction direction) {
		set(fault("end", direction, new FaultEffect.Close(new FaultEffect.Trigger(2, Duration.ZERO))));
		pass(direction, "ab");
		this.channel.runPendingTasks();
		assertThat(this.target.calls).as("without waiting for another byte").containsExactly("close");
		pass(direction, "c");
		this.channel.runPendingTasks();
		assertThat(passed(direction)).isEqualTo("ab");
		assertThat(this.channel.writeOneOutbound(Unpooled.EMPTY_BUFFER).isSuccess()).isFalse();
		assertThat(this.target.calls).containsExactly("close");
	}

	@Test
	void resetAtOnceNeedsNoByte() {
		set(fault("end", Fault.Direction.OUTBOUND, new FaultEffect.Reset(FaultEffect.Trigger.AT_ONCE)));
		this.channel.runPendingTasks();
		assertThat(this.target.calls).containsExactly("reset");
	}

	@Test
	void timeAndBytesHaveToBeReachedBoth() {
		set(fault("end", Fault.Direction.INBOUND,
				new FaultEffect.Reset(new FaultEffect.Trigger(3, Duration.ofSeconds(2)))));
		pass(Fault.Direction.INBOUND, "abcdef");
		advance(1999);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("abcdef");
		assertThat(this.target.calls).isEmpty();
		advance(1);
		assertThat(this.target.calls).containsExactly("reset");
	}

	@Test
	void slowCloseHoldsTheEndOfTheInputBack() {
		set(fault("slow", Fault.Direction.INBOUND,
				new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(500))));
		pass(Fault.Direction.INBOUND, "abc");
		this.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("abc");
		advance(499);
		assertThat(this.events).isEmpty();
		advance(1);
		assertThat(this.events).hasSize(1);
	}

	@Test
	void slowCloseSaysHowLateFinIs() {
		set(fault("slow", Fault.Direction.OUTBOUND,
				new FaultEffect.SlowClose(new FaultEffect.Trigger(3, Duration.ZERO), lateness(500))));
		FaultHandler handler = this.channel.pipeline().get(FaultHandler.class);
		handler.endOutput();
		assertThat(this.target.calls).as("before the third byte").containsExactly("end");
		pass(Fault.Direction.OUTBOUND, "abc");
		handler.endOutput();
		advance(499);
		assertThat(this.target.calls).hasSize(1);
		advance(1);
		assertThat(this.target.calls).containsExactly("end", "end");
	}

	@Test
	void endOfTheOutputPassesWhenSlowCloseIsGone() {
		set(fault("slow", Fault.Direction.OUTBOUND,
				new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(500))));
		this.channel.pipeline().get(FaultHandler.class).endOutput();
		set();
		assertThat(this.target.calls).containsExactly("end");
	}

	static Stream<FaultEffect> effectsThatHold() {
		return Stream.of(delay(20_000, 0), new FaultEffect.Slice(1, 0, lateness(20_000)),
				new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(20_000)),
				new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE));
	}

	@ParameterizedTest
	@MethodSource("effectsThatHold")
	void whatIsHeldPassesWhenTheTimeOfTheFaultIsOver(FaultEffect effect) {
		Fault.Selection selection = new Fault.Selection(1, 0, 1, Duration.ofSeconds(5), SourceFilter.ALL, null);
		set(new Fault("in", effect, Fault.Direction.INBOUND, Fault.Unit.CONNECTION, selection),
				new Fault("out", effect, Fault.Direction.OUTBOUND, Fault.Unit.CONNECTION, selection));
		pass(Fault.Direction.INBOUND, "abc");
		this.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		pass(Fault.Direction.OUTBOUND, "abc");
		this.channel.pipeline().get(FaultHandler.class).endOutput();
		advance(4999);
		assertThat(this.events).isEmpty();
		assertThat(this.target.calls).isEmpty();
		advance(1);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("abc");
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("abc");
		assertThat(this.events).hasSize(1);
		assertThat(this.target.calls).containsExactly("end");
	}

	@Test
	void faultsActInTheOrderOfTheirNames() {
		set(fault("b-stuck", Fault.Direction.OUTBOUND,
				new FaultEffect.Stall(new FaultEffect.Trigger(2, Duration.ZERO))),
				fault("a-late", Fault.Direction.OUTBOUND, delay(100, 0)));
		pass(Fault.Direction.OUTBOUND, "abc");
		advance(100);
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("ab");
	}

	@Test
	void faultThatStaysKeepsWhatItCountedAndHolds() {
		Fault stuck = fault("stuck", Fault.Direction.OUTBOUND,
				new FaultEffect.Stall(new FaultEffect.Trigger(2, Duration.ZERO)));
		set(stuck);
		pass(Fault.Direction.OUTBOUND, "abcd");
		set(stuck, fault("another", Fault.Direction.OUTBOUND, delay(0, 0)));
		pass(Fault.Direction.OUTBOUND, "ef");
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("ab");
		assertThat(injected("stuck")).isOne();
		set();
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("cdef");
	}

	@Test
	void removedHandlerPassesOnWhatItHolds() {
		set(fault("late", Fault.Direction.INBOUND, delay(100, 0)),
				fault("stuck", Fault.Direction.INBOUND, new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE)));
		pass(Fault.Direction.INBOUND, "abc");
		this.channel.pipeline().remove(FaultHandler.class);
		assertThat(passed(Fault.Direction.INBOUND)).isEqualTo("abc");
	}

	@Test
	void sourceIsAskedFirst() {
		set(new Fault("stuck", new FaultEffect.Stall(FaultEffect.Trigger.AT_ONCE), Fault.Direction.OUTBOUND,
				Fault.Unit.CONNECTION, new Fault.Selection(1, 0, 1, null,
						new SourceFilter(List.of(CidrBlock.of("192.0.2.0/24")), List.of()), null)));
		pass(Fault.Direction.OUTBOUND, "abc");
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("abc");
	}

	@Test
	void messagesAreDrawnOneByOne() {
		this.channel.pipeline()
			.addFirst(new FaultHandler(
					this.target, Fault.Unit.MESSAGE, replace(new Fault("some", delay(100, 0), Fault.Direction.OUTBOUND,
							Fault.Unit.MESSAGE, new Fault.Selection(1, 0, 3, null, SourceFilter.ALL, null))),
					FaultSet.Draws.NONE));
		pass(Fault.Direction.OUTBOUND, "a");
		pass(Fault.Direction.OUTBOUND, "b");
		pass(Fault.Direction.OUTBOUND, "c");
		pass(Fault.Direction.OUTBOUND, "d");
		assertThat(passed(Fault.Direction.OUTBOUND)).as("the third waits, and the others behind it").isEqualTo("ab");
		advance(100);
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("cd");
		assertThat(injected("some")).isOne();
	}

	@Test
	void resetInTheMiddleOfAMessage() {
		this.channel.pipeline()
			.addFirst(new FaultHandler(this.target, Fault.Unit.MESSAGE,
					replace(new Fault("cut", new FaultEffect.Reset(new FaultEffect.Trigger(2, Duration.ZERO)),
							Fault.Direction.OUTBOUND, Fault.Unit.MESSAGE,
							new Fault.Selection(1, 0, 2, null, SourceFilter.ALL, null))),
					FaultSet.Draws.NONE));
		pass(Fault.Direction.OUTBOUND, "first");
		pass(Fault.Direction.OUTBOUND, "second");
		pass(Fault.Direction.OUTBOUND, "third");
		this.channel.runPendingTasks();
		assertThat(passed(Fault.Direction.OUTBOUND)).isEqualTo("firstse");
		assertThat(this.target.calls).containsExactly("reset");
	}

	private static Fault fault(String name, Fault.Direction direction, FaultEffect effect) {
		return new Fault(name, effect, direction, Fault.Unit.CONNECTION, Fault.Selection.ALL);
	}

	private static FaultEffect delay(int delay, int jitter) {
		return new FaultEffect.Delay(
				new Lateness(Duration.ofMillis(delay), Duration.ofMillis(jitter), Lateness.Distribution.UNIFORM));
	}

	private static Lateness lateness(int millis) {
		return new Lateness(Duration.ofMillis(millis), Duration.ZERO, Lateness.Distribution.UNIFORM);
	}

	private FaultSet replace(Fault... next) {
		this.faults = this.faults.replacedBy(List.of(next));
		return this.faults;
	}

	private void set(Fault... next) {
		FaultSet before = this.faults;
		FaultSet set = replace(next);
		FaultSet.Draws draws = set.draw(this.target.faultSource(), before);
		FaultHandler handler = this.channel.pipeline().get(FaultHandler.class);
		if (handler == null) {
			this.channel.pipeline().addFirst(new FaultHandler(this.target, Fault.Unit.CONNECTION, set, draws));
		}
		else {
			handler.set(set, draws);
		}
	}

	private long injected(String name) {
		return this.faults.all()
			.stream()
			.filter((active) -> active.fault().name().equals(name))
			.findFirst()
			.orElseThrow()
			.injected();
	}

	private void pass(Fault.Direction direction, String text) {
		ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
		switch (direction) {
			case OUTBOUND -> {
				this.channel.write(bytes, this.channel.voidPromise());
				this.channel.flush();
			}
			case INBOUND -> this.channel.writeInbound(bytes);
		}
	}

	private void advance(int millis) {
		this.channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
		this.channel.runScheduledPendingTasks();
		this.channel.runPendingTasks();
	}

	private String passed(Fault.Direction direction) {
		return new String(passedBytes(direction), StandardCharsets.UTF_8);
	}

	private byte[] passedBytes(Fault.Direction direction) {
		ByteBuf all = Unpooled.buffer();
		Stream
			.generate(() -> (ByteBuf) ((direction == Fault.Direction.OUTBOUND) ? this.channel.readOutbound()
					: this.channel.readInbound()))
			.takeWhile((next) -> next != null)
			.forEach((next) -> {
				all.writeBytes(next);
				next.release();
			});
		byte[] bytes = new byte[all.readableBytes()];
		all.readBytes(bytes);
		return bytes;
	}

	private static final class Target implements FaultTarget {

		private final List<String> calls = new ArrayList<>();

		private long held;

		@Override
		public InetAddress faultSource() {
			return InetAddress.getLoopbackAddress();
		}

		@Override
		public void faultHolds(long bytes) {
			this.held += bytes;
		}

		@Override
		public void faultRead(Fault.Unit unit, int bytes) {
		}

		@Override
		public void faultPassed(Fault.Unit unit, int bytes) {
		}

		@Override
		public void faultEnds() {
			this.calls.add("end");
		}

		@Override
		public void faultCloses() {
			this.calls.add("close");
		}

		@Override
		public void faultResets() {
			this.calls.add("reset");
		}

	}

}
