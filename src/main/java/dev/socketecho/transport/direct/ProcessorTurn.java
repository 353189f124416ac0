package dev.socketecho.transport.direct;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;

/**
 * Lets event loops that share a processor take short turns. A busy event loop never
 * sleeps, and the scheduler takes the processor from it only at the end of its time
 * slice, after milliseconds. The sockets of the other event loops would have to wait for
 * that long. So a busy event loop yields after 200 microseconds, if others are busy. A
 * yield costs less than a microsecond where each event loop has a processor of its own.
 * <p>
 * {@code NettyTcpConnection} calls it after each read. Each event loop has its own
 * instance, which is confined to it.
 */
public final class ProcessorTurn {

	/** How long an event loop works before it yields. */
	private static final long LENGTH_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

	/** An event loop whose turn began longer ago is idle: no time slice is that long. */
	private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/** How many reads share one reading of the clock, which costs 30 ns. */
	private static final int READINGS_SHARED = 8;

	/** The instances of all event loops of the process; looked at once a turn. */
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

	/** The last reading of the clock. */
	private long now;

	/** How many more reads may use the last reading of the clock. */
	private int readingsLeft;

	/** How many reads may share one reading of the clock. */
	private int readingsShared = 1;

	private ProcessorTurn() {
	}

	/**
	 * Returns the instance of the current event loop.
	 * @return the instance, to be used on this thread only
	 */
	public static ProcessorTurn ofEventLoop() {
		return current.get();
	}

	/**
	 * Called before the event loop waits for events. Only on event loops that call this
	 * do several reads share one reading of the clock: a reading must not outlive a wait.
	 */
	void polling() {
		this.readingsLeft = 0;
		this.readingsShared = READINGS_SHARED;
	}

	/**
	 * Called after a read is handled. Yields to the other event loops if this turn is
	 * over.
	 * @return the time of this call or shortly before, in nanoseconds of
	 * {@link Ticker#systemTicker}
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
