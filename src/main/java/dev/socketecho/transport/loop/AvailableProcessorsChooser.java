package dev.socketecho.transport.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;
import io.netty.util.concurrent.Ticker;

/**
 * Gives new sockets, in turn, to as many event loops as the process has processors now.
 * That number can fall while it runs, when an operator or Kubernetes narrows its affinity
 * or quota; two busy event loops on one processor cost more than one, and make each
 * other's peers wait. Sockets stay where they are.
 * <p>
 * Thread-safe.
 */
final class AvailableProcessorsChooser implements EventExecutorChooser {

	private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final EventExecutor[] executors;

	private final IntSupplier processors;

	private final Ticker ticker;

	private final AtomicInteger turns = new AtomicInteger();

	private volatile int inUse;

	private volatile long refreshed;

	AvailableProcessorsChooser(EventExecutor[] executors, IntSupplier processors, Ticker ticker) {
		this.executors = executors;
		this.processors = processors;
		this.ticker = ticker;
		refresh(ticker.nanoTime());
	}

	/**
	 * Returns a factory of choosers that ask the JVM, once a second at most.
	 */
	static EventExecutorChooserFactory factory() {
		return (executors) -> new AvailableProcessorsChooser(executors, Runtime.getRuntime()::availableProcessors,
				Ticker.systemTicker());
	}

	@Override
	public EventExecutor next() {
		long now = this.ticker.nanoTime();
		if (now - this.refreshed > REFRESH_NANOS) {
			refresh(now);
		}
		return this.executors[Integer.remainderUnsigned(this.turns.getAndIncrement(), this.inUse)];
	}

	private void refresh(long now) {
		this.inUse = Math.clamp(this.processors.getAsInt(), 1, this.executors.length);
		this.refreshed = now;
	}

}
