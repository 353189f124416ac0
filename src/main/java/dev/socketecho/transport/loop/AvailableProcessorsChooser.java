package dev.socketecho.transport.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;
import io.netty.util.concurrent.Ticker;

/**
 * Distributes new sockets over as many event loops as the process has processors now.
 * Netty calls it for each new channel of a server or client. The number of processors can
 * fall at run time, when an operator or Kubernetes reduces the process's affinity or
 * quota. Two busy event loops on one processor cost more than one event loop, and the
 * peers of each have to wait for the other. Open sockets stay on their event loops.
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
	 * Returns a factory of choosers that ask the JVM for the number of processors, once a
	 * second at most.
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
