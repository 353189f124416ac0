package dev.socketecho.transport;

import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;

/**
 * Lets event loops that share a processor take turns by the batch. A busy event loop has
 * no reason to sleep, and the scheduler takes the processor from it only at the end of
 * its slice, milliseconds later: so long the sockets of the others would wait. Where each
 * has a processor of its own, a turn given away costs less than a microsecond.
 * <p>
 * Each event loop has its own, which is confined to it.
 */
final class ProcessorTurn {

	/** How long an event loop works before it lets others go first. */
	private static final long LENGTH_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

	private static final Ticker TICKER = Ticker.systemTicker();

	private static final FastThreadLocal<ProcessorTurn> current = new FastThreadLocal<>() {
		@Override
		protected ProcessorTurn initialValue() {
			return new ProcessorTurn();
		}
	};

	private long began;

	private ProcessorTurn() {
	}

	/**
	 * The turns of the event loop that calls.
	 */
	static ProcessorTurn ofEventLoop() {
		return current.get();
	}

	/**
	 * Lets others go first if this turn is over. To be called where a piece of work is
	 * done.
	 * @param nanoTime the time now, by {@link Ticker#systemTicker}
	 */
	void check(long nanoTime) {
		if (nanoTime - this.began > LENGTH_NANOS) {
			Thread.yield();
			this.began = TICKER.nanoTime();
		}
	}

}
