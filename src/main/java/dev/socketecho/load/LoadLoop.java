package dev.socketecho.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.SocketError;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop does in a run: it has connections and figures of its own.
 * {@link LoadPacer} tells it when messages are due. Without a schedule, the replies make
 * the connections send. Confined to the event loop, where nothing else is said.
 */
final class LoadLoop {

	private static final long SHORTEST_TICK = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(100);

	private final EventLoop eventLoop;

	private final LoadPlan plan;

	private final LoadFigures figures;

	private final long tickNanos;

	private final List<LoadConnection<?>> connections = new ArrayList<>();

	private final CompletableFuture<LoadFigures> done = new CompletableFuture<>();

	private Future<?> ticks;

	private @Nullable LoadPacer pacer;

	/**
	 * Creates an event loop's part of a run. Any thread.
	 * @param timeoutNanos how long a reply may take, in ns
	 */
	LoadLoop(EventLoop eventLoop, LoadPlan plan, LoadFigures figures, long timeoutNanos) {
		this.eventLoop = eventLoop;
		this.plan = plan;
		this.figures = figures;
		this.tickNanos = Math.clamp(timeoutNanos / 20, SHORTEST_TICK, LONGEST_TICK);
		this.ticks = eventLoop.newSucceededFuture(null);
	}

	EventLoop eventLoop() {
		return this.eventLoop;
	}

	LoadPlan plan() {
		return this.plan;
	}

	LoadFigures figures() {
		return this.figures;
	}

	/**
	 * The connections. They are added before the run starts.
	 */
	List<LoadConnection<?>> connections() {
		return this.connections;
	}

	long now() {
		return this.plan.now();
	}

	private boolean isStarted() {
		return !this.ticks.isDone();
	}

	/**
	 * Whether a message may be sent now, if there is no schedule.
	 */
	boolean isSending(long now) {
		return isStarted() && this.plan.isSent(now);
	}

	/**
	 * Counts an error that belongs to no message, unless it is the warm-up's.
	 */
	void error(SocketError error) {
		if (!this.plan.isStarted() || this.plan.isMeasured(now())) {
			this.figures.error(error);
		}
	}

	/**
	 * Begins to send. The connections are open, or have failed.
	 * @param pacer tells when messages are due
	 */
	void start(LoadPacer pacer) {
		this.ticks = this.eventLoop.scheduleWithFixedDelay(this::tick, this.tickNanos, this.tickNanos,
				TimeUnit.NANOSECONDS);
		if (this.plan.isOpenLoop()) {
			this.pacer = pacer;
			pacer.start();
		}
		else {
			long now = now();
			this.connections.forEach((connection) -> connection.advance(now));
		}
	}

	/**
	 * Gives late replies up, and ends when the last message is settled.
	 */
	void tick() {
		long now = now();
		boolean idle = this.pacer == null || this.pacer.isDone();
		for (LoadConnection<?> connection : this.connections) {
			connection.expire(now);
			if (!this.plan.isOpenLoop()) {
				connection.advance(now);
			}
			idle &= connection.messages().open() == 0;
		}
		this.figures.report();
		if (!this.plan.isSent(now) && (idle || this.plan.isOver(now))) {
			end();
		}
	}

	/**
	 * Closes the connections.
	 */
	void end() {
		if (this.done.isDone()) {
			return;
		}
		this.ticks.cancel(false);
		if (this.pacer != null) {
			this.pacer.finish();
		}
		this.connections.forEach(LoadConnection::close);
		this.figures.report();
		this.done.complete(this.figures.copy());
	}

	/**
	 * Returns the end. Any thread.
	 * @return completes with the figures when the connections are closed
	 */
	CompletableFuture<LoadFigures> done() {
		return this.done;
	}

	/**
	 * Copies the figures. Any thread.
	 * @return completes on the event loop, or with the last figures
	 */
	CompletableFuture<LoadFigures> snapshot() {
		CompletableFuture<LoadFigures> copy = new CompletableFuture<>();
		this.done.thenAccept(copy::complete);
		execute(() -> copy.complete(this.figures.copy()));
		return copy;
	}

	/**
	 * Runs a task on the event loop, unless that has ended with the run. Any thread.
	 */
	void execute(Runnable task) {
		try {
			this.eventLoop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			if (!this.done.isDone()) {
				throw ex;
			}
		}
	}

}
