package dev.socketecho.transport.direct;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;

/**
 * Lets event loops that share a processor take turns by the batch. A busy event loop has
 * no reason to sleep, and the scheduler takes the processor from it only at the end of
 * its slice, milliseconds later: so long the sockets of the others would wait. Where each
 * has a processor of its own, a turn given away costs less than a microsecond; where only
 * one is busy, none is given away.
 * <p>
 * Each event loop has its own, which is confined to it.
 */
public final class ProcessorTurn {

	/** How long an event loop works before it lets others go first. */
	private static final long LENGTH_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

	/** Who has not worked for longer than any scheduler's slice has nothing to do. */
	private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/** How many pieces of work go by one reading of the clock, which costs 30 ns. */
	private static final int READINGS_SHARED = 8;

	/** Of all event loops of the process; read once a turn. */
	private static final List<ProcessorTurn> turns = new CopyOnWriteArrayList<>();

	private static final Ticker TICKER = Ticker.systemTicker();

	private static final FastThreadLocal<ProcessorTurn> current = new FastThreadLocal<>() {
		@Override
		protected ProcessorTurn initialValue() {
			ProcessorTurn turn = new ProcessorTurn();
			turns.add(turn);
			return turn;
		}

		@Override
		protected void onRemoval(ProcessorTurn turn) {
			turns.remove(turn);
		}
	};

	private volatile long began = TICKER.nanoTime();

	/** What the clock showed when it was last read. */
	private long now;

	/** So many pieces of work may still go by the last reading of the clock. */
	private int readingsLeft;

	/** How many pieces of work may share one reading of the clock. */
	private int readingsShared = 1;

	private ProcessorTurn() {
	}

	/**
	 * The turns of the event loop that calls.
	 */
	public static ProcessorTurn ofEventLoop() {
		return current.get();
	}

	/**
	 * To be called when the event loop is going to wait for events: only where it is, one
	 * reading of the clock does for a few pieces of work.
	 */
	void polling() {
		this.readingsLeft = 0;
		this.readingsShared = READINGS_SHARED;
	}

	/**
	 * A piece of work is done: lets others go first if this turn is over.
	 * @return the time when that piece of work was done, or one shortly before, by
	 * {@link Ticker#systemTicker}, in ns
	 */
	public long workDone() {
		if (this.readingsLeft == 0) {
			this.now = TICKER.nanoTime();
			this.readingsLeft = this.readingsShared;
		}
		this.readingsLeft--;
		long done = this.now;
		if (done - this.began > LENGTH_NANOS) {
			this.began = done;
			if (othersAreBusy(done)) {
				Thread.yield();
				this.began = TICKER.nanoTime();
			}
		}
		return done;
	}

	private boolean othersAreBusy(long nanoTime) {
		for (ProcessorTurn other : turns) {
			if (other != this && nanoTime - other.began < BUSY_NANOS) {
				return true;
			}
		}
		return false;
	}

}
