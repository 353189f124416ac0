package dev.socketecho.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one connection in one direction, one behind the other in the order of
 * their names.
 * <p>
 * Confined to the connection's event loop.
 */
final class FaultLine {

	private final ChannelHandlerContext ctx;

	private final FaultTarget target;

	private final boolean whole;

	private final Exit exit;

	private List<Stage> stages = List.of();

	private long held;

	/**
	 * Creates a line without faults.
	 * @param whole whether chunks are messages that cannot pass in parts
	 * @param exit what is behind the last fault
	 */
	FaultLine(ChannelHandlerContext ctx, FaultTarget target, boolean whole, Exit exit) {
		this.ctx = ctx;
		this.target = target;
		this.whole = whole;
		this.exit = exit;
	}

	/**
	 * Puts other faults in the place of those that are there. Faults that are in both
	 * stay as they are; what the others hold back passes at once.
	 * @param faults in the order of their names
	 * @param draws of the faults that are drawn for connections and are new
	 */
	void set(List<ActiveFault> faults, FaultSet.Draws draws) {
		Map<ActiveFault, Stage> known = releaseAllBut(faults);
		List<Stage> added = new ArrayList<>();
		List<Stage> next = new ArrayList<>();
		for (ActiveFault fault : faults) {
			Stage stage = known.get(fault);
			if (stage == null) {
				stage = stage(fault, draws.of(fault));
				if (stage == null) {
					continue;
				}
				added.add(stage);
			}
			next.add(stage);
		}
		for (int i = 0; i < next.size(); i++) {
			next.get(i).next((i + 1 < next.size()) ? next.get(i + 1) : null);
		}
		this.stages = Collections.unmodifiableList(next);
		added.forEach(Stage::start);
	}

	/**
	 * Has the faults that are no more pass on what they hold, the last one first: so what
	 * the ones before it hold does not come to it again.
	 */
	private Map<ActiveFault, Stage> releaseAllBut(List<ActiveFault> faults) {
		Map<ActiveFault, Stage> known = new IdentityHashMap<>();
		Stage behind = null;
		for (Stage stage : this.stages.reversed()) {
			stage.next(behind);
			if (faults.contains(stage.fault())) {
				known.put(stage.fault(), stage);
				behind = stage;
			}
			else {
				stage.release();
			}
		}
		return known;
	}

	private @Nullable Stage stage(ActiveFault fault, @Nullable Draw connection) {
		if (connection == null && fault.fault().unit() == Fault.Unit.CONNECTION) {
			return null;
		}
		return switch (fault.fault().effect()) {
			case FaultEffect.Delay delay -> new DelayStage(fault, this, connection, delay.lateness());
			case FaultEffect.Bandwidth limit -> new BandwidthStage(fault, this, connection, limit);
			case FaultEffect.Slice slice -> new SliceStage(fault, this, connection, slice);
			case FaultEffect.Corrupt corrupt -> new CorruptStage(fault, this, connection, corrupt.bytes());
			case FaultEffect.Stall stall -> new EndStage(fault, this, connection, stall.trigger(), null);
			case FaultEffect.Close close ->
				new EndStage(fault, this, connection, close.trigger(), this.target::faultCloses);
			case FaultEffect.Reset reset ->
				new EndStage(fault, this, connection, reset.trigger(), this.target::faultResets);
			case FaultEffect.SlowClose slow ->
				(connection != null) ? new SlowCloseStage(fault, this, connection, slow) : null;
			// Datagrams only
			case FaultEffect.Drop _, FaultEffect.Duplicate _, FaultEffect.Reorder _ ->
				throw new IllegalArgumentException("no fault of a stream: " + fault.fault());
		};
	}

	void pass(Chunk chunk) {
		if (this.stages.isEmpty()) {
			exit(chunk);
		}
		else {
			this.stages.getFirst().pass(chunk);
		}
	}

	void exit(Chunk chunk) {
		this.exit.pass(this.ctx, chunk);
	}

	/**
	 * To be called when chunks have passed that waited.
	 */
	void flush() {
		this.exit.flush(this.ctx);
	}

	/**
	 * Ends the connection after an error.
	 */
	void fail(Throwable cause) {
		this.ctx.fireExceptionCaught(cause);
	}

	void hold(int bytes) {
		this.held += bytes;
		this.target.faultHolds(bytes);
	}

	/**
	 * Bytes are not held any more. The caller tells the connection, once they have
	 * passed.
	 */
	void took(int bytes) {
		this.held -= bytes;
	}

	/**
	 * How much is held back.
	 */
	long held() {
		return this.held;
	}

	/**
	 * Throws away what is held back.
	 */
	void discard() {
		this.stages.forEach(Stage::discard);
	}

	FaultTarget target() {
		return this.target;
	}

	boolean isWhole() {
		return this.whole;
	}

	EventExecutor executor() {
		return this.ctx.executor();
	}

	ByteBufAllocator alloc() {
		return this.ctx.alloc();
	}

	long now() {
		return this.ctx.executor().ticker().nanoTime();
	}

	/**
	 * What is behind the last fault: the rest of the pipeline.
	 */
	interface Exit {

		void pass(ChannelHandlerContext ctx, Chunk chunk);

		void flush(ChannelHandlerContext ctx);

	}

}
