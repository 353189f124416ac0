package dev.socketecho.fault;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A channel with a {@link FaultHandler}, for the tests of it. Its time stands still but
 * for {@link #advance}.
 */
final class FaultyChannel implements AutoCloseable {

	final EmbeddedChannel embedded = new EmbeddedChannel();

	/** The events that have come through the handler. */
	final List<Object> events = new ArrayList<>();

	/** What the handler has asked of the connection: end, close or reset. */
	final List<String> calls = new ArrayList<>();

	private final Target target = new Target();

	private FaultSet faults = FaultSet.empty(this.embedded.eventLoop().ticker()::nanoTime);

	private long held;

	FaultyChannel() {
		this.embedded.freezeTime();
		this.embedded.pipeline().addLast(new ChannelInboundHandlerAdapter() {
			@Override
			public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
				FaultyChannel.this.events.add(event);
			}
		});
	}

	/**
	 * Sets the faults of the connection.
	 */
	void set(Fault... next) {
		FaultSet before = this.faults;
		this.faults = before.replacedBy(List.of(next));
		FaultSet.Draws draws = this.faults.draw(this.target.faultSource(), before);
		FaultHandler handler = this.embedded.pipeline().get(FaultHandler.class);
		if (handler == null) {
			this.embedded.pipeline().addFirst(new FaultHandler(this.target, Fault.Unit.CONNECTION, this.faults, draws));
		}
		else {
			handler.set(this.faults, draws);
		}
	}

	/**
	 * Sets the faults of the messages, once.
	 */
	void setForMessages(Fault... next) {
		this.faults = this.faults.replacedBy(List.of(next));
		this.embedded.pipeline()
			.addFirst(new FaultHandler(this.target, Fault.Unit.MESSAGE, this.faults, FaultSet.Draws.NONE));
	}

	FaultSet faults() {
		return this.faults;
	}

	FaultHandler handler() {
		return this.embedded.pipeline().get(FaultHandler.class);
	}

	void pass(Fault.Direction direction, String text) {
		ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
		switch (direction) {
			case OUTBOUND -> {
				this.embedded.write(bytes, this.embedded.voidPromise());
				this.embedded.flush();
			}
			case INBOUND -> this.embedded.writeInbound(bytes);
		}
	}

	void endInput() {
		this.embedded.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
	}

	void advance(int millis) {
		this.embedded.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
		this.embedded.runScheduledPendingTasks();
		this.embedded.runPendingTasks();
	}

	/**
	 * What has come through the handler since the last call.
	 */
	String passed(Fault.Direction direction) {
		return new String(passedBytes(direction), StandardCharsets.UTF_8);
	}

	byte[] passedBytes(Fault.Direction direction) {
		ByteBuf all = Unpooled.buffer();
		Stream
			.generate(() -> (ByteBuf) ((direction == Fault.Direction.OUTBOUND) ? this.embedded.readOutbound()
					: this.embedded.readInbound()))
			.takeWhile((next) -> next != null)
			.forEach((next) -> {
				all.writeBytes(next);
				next.release();
			});
		byte[] bytes = new byte[all.readableBytes()];
		all.readBytes(bytes);
		return bytes;
	}

	long injected(String name) {
		return this.faults.all()
			.stream()
			.filter((active) -> active.fault().name().equals(name))
			.findFirst()
			.orElseThrow()
			.injected();
	}

	/**
	 * The bytes that the handler holds back, as it has told the connection.
	 */
	long held() {
		return this.held;
	}

	/**
	 * Closes the channel. Nothing may be held at the end.
	 */
	@Override
	public void close() {
		this.embedded.finishAndReleaseAll();
		assertThat(this.held).isZero();
	}

	private final class Target implements FaultTarget {

		@Override
		public InetAddress faultSource() {
			return InetAddress.getLoopbackAddress();
		}

		@Override
		public void faultHolds(long bytes) {
			FaultyChannel.this.held += bytes;
		}

		@Override
		public void faultRead(Fault.Unit unit, int bytes) {
		}

		@Override
		public void faultPassed(Fault.Unit unit, int bytes) {
		}

		@Override
		public void faultEnds() {
			FaultyChannel.this.calls.add("end");
		}

		@Override
		public void faultCloses() {
			FaultyChannel.this.calls.add("close");
		}

		@Override
		public void faultResets() {
			FaultyChannel.this.calls.add("reset");
		}

	}

}
