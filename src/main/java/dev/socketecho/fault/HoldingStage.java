package dev.socketecho.fault;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A stage that can hold chunks back. It has one timer at most, however many it holds.
 */
abstract class HoldingStage extends Stage {

	/** What a chunk that is held costs beside its bytes. */
	private static final int OVERHEAD = 256;

	private final ArrayDeque<Held> queue = new ArrayDeque<>(0);

	private @Nullable Future<?> timer;

	HoldingStage(ActiveFault fault, FaultLine line, @Nullable Draw connection) {
		super(fault, line, connection);
	}

	/**
	 * Passes on what may pass by now, and schedules the rest.
	 */
	abstract void advance();

	final boolean isEmpty() {
		return this.queue.isEmpty();
	}

	final Held first() {
		return this.queue.getFirst();
	}

	/**
	 * Holds a chunk back.
	 * @param draw the random numbers for it, {@code null} if it waits only because others
	 * are before it
	 * @param due when it passes, for the stages that know
	 */
	final void hold(Chunk chunk, @Nullable Draw draw, long due) {
		this.queue.add(new Held(compact(chunk), draw, due));
		line().hold(chunk.length() + OVERHEAD);
	}

	/**
	 * Draws for a chunk, and passes it on at once if the fault leaves it alone and none
	 * is before it. Any other one waits for {@link #advance}.
	 */
	final void passInTurn(Chunk chunk) {
		Draw draw = drawAndCount(chunk);
		boolean first = isEmpty();
		if (draw == null && first) {
			passOn(chunk);
			return;
		}
		hold(chunk, draw, 0);
		if (first) {
			advance();
		}
	}

	/**
	 * A part of the buffer that the event loop reads into would keep all of it.
	 */
	private Chunk compact(Chunk chunk) {
		if (chunk.isMark()) {
			return chunk;
		}
		ByteBuf content = chunk.content();
		try {
			return chunk.with(line().alloc()
				.directBuffer(content.readableBytes())
				.writeBytes(content, content.readerIndex(), content.readableBytes()));
		}
		finally {
			content.release();
		}
	}

	/**
	 * Passes the first chunk on.
	 */
	final void passFirst() {
		Chunk chunk = this.queue.removeFirst().chunk();
		passOn(chunk, chunk.length() + OVERHEAD);
	}

	/**
	 * Passes the first bytes of the first chunk on: all of it if it has no more.
	 */
	final void passFirst(int bytes) {
		Chunk chunk = first().chunk();
		if (bytes >= chunk.length()) {
			passFirst();
		}
		else {
			passOn(chunk.cut(bytes), bytes);
		}
	}

	/**
	 * The connection is told last: it may read on at once, and must not overtake this.
	 */
	private void passOn(Chunk chunk, int cost) {
		line().took(cost);
		try {
			passOn(chunk);
		}
		finally {
			line().target().faultHolds(-cost);
		}
	}

	/**
	 * Has {@link #advance} called later, unless it is to be called already: at the latest
	 * when the time of the fault is over.
	 */
	final void advanceIn(long nanos) {
		if (this.timer == null) {
			long delay = Math.min(nanos, fault().remaining(line().now()));
			this.timer = line().executor().schedule(this::due, Math.max(delay, 1), TimeUnit.NANOSECONDS);
		}
	}

	private void due() {
		this.timer = null;
		try {
			advance();
			line().flush();
		}
		catch (Throwable ex) {
			line().fail(ex); // A stream that has lost bytes has to end.
		}
	}

	private void cancel() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	@Override
	void release() {
		cancel();
		while (!isEmpty()) {
			passFirst();
		}
	}

	@Override
	void discard() {
		cancel();
		while (!isEmpty()) {
			Chunk chunk = this.queue.removeFirst().chunk();
			chunk.discard();
			line().took(chunk.length() + OVERHEAD);
			line().target().faultHolds(-chunk.length() - OVERHEAD);
		}
	}

	/**
	 * A chunk that is held.
	 */
	record Held(Chunk chunk, @Nullable Draw draw, long due) {

		Draw drawn() {
			return Objects.requireNonNull(this.draw);
		}

	}

}
