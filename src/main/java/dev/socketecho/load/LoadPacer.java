package dev.socketecho.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the schedule of a run with a rate, on one event loop: messages are evenly spaced
 * over all connections of the run, which take turns.
 * <p>
 * The event loop paces itself. It sleeps until shortly before a message is due, because
 * Linux wakes a thread up to 50 µs late and an idle processor takes some time, too. From
 * there on it looks at the clock between its reads and never sleeps. A thread of its own
 * would spin as much, and its hand-over would wake the event loop up each time. The task
 * that looks at the clock is one periodic task, so that spinning allocates nothing. With
 * one processor only there is no spinning: it would take the server's.
 */
final class LoadPacer {

	/** How long before a message is due the event loop stops sleeping, in ns. */
	private static final long AHEAD = TimeUnit.MICROSECONDS.toNanos(150);

	/** After so many messages, the event loop reads. */
	private static final int BATCH = 1024;

	private final LoadLoop loop;

	private final int number;

	private final int loops;

	private final int connections;

	private final boolean spins;

	private final List<LoadConnection<?>> touched = new ArrayList<>();

	/** The number of the next message, among those of all event loops. */
	private long next;

	private @Nullable Future<?> spinning;

	/**
	 * Creates an instance.
	 * @param number the number of the event loop, from 0
	 * @param loops how many event loops the run has
	 * @param connections how many connections the run has; each event loop has those
	 * whose numbers are its own, modulo the number of event loops
	 * @param spins whether there is a processor to spin on
	 */
	LoadPacer(LoadLoop loop, int number, int loops, int connections, boolean spins) {
		this.loop = loop;
		this.number = number;
		this.loops = loops;
		this.connections = connections;
		this.spins = spins;
	}

	/**
	 * Starts the schedule. Called on the event loop, once.
	 */
	void start() {
		skipOthers();
		run();
	}

	private void run() {
		LoadPlan plan = this.loop.plan();
		sendDue(plan.now());
		long due = plan.due(this.next);
		if (!plan.isSent(due)) {
			stopSpinning();
			return;
		}
		long wait = due - plan.now();
		if (wait > AHEAD || (wait > 0 && !this.spins)) {
			stopSpinning();
			this.loop.eventLoop().schedule(this::run, this.spins ? wait - AHEAD : wait, TimeUnit.NANOSECONDS);
		}
		else if (this.spinning == null) {
			this.spinning = this.loop.eventLoop().scheduleWithFixedDelay(this::run, 1, 1, TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Whether each message that was due before the end was given to its connection.
	 */
	boolean isDone() {
		return !this.loop.plan().isSent(this.loop.plan().due(this.next));
	}

	/**
	 * Gives the messages that were due, and are late, to their connections. They are not
	 * sent any more.
	 */
	void finish() {
		stopSpinning();
		while (!isDone()) {
			connection().due(this.loop.plan().due(this.next));
			advance();
		}
	}

	private LoadConnection<?> connection() {
		return this.loop.connections().get((int) (this.next % this.connections) / this.loops);
	}

	private void advance() {
		this.next++;
		skipOthers();
	}

	private void stopSpinning() {
		if (this.spinning != null) {
			this.spinning.cancel(false);
			this.spinning = null;
		}
	}

	private void sendDue(long now) {
		LoadPlan plan = this.loop.plan();
		for (int i = 0; i < BATCH; i++) {
			long due = plan.due(this.next);
			if (due > now || !plan.isSent(due)) {
				break;
			}
			LoadConnection<?> connection = connection();
			connection.due(due);
			this.touched.add(connection);
			advance();
		}
		if (!this.touched.isEmpty()) {
			for (LoadConnection<?> connection : this.touched) {
				connection.advance(plan.now());
			}
			this.touched.clear();
			this.loop.figures().report();
		}
	}

	/**
	 * Moves on to the next message of this event loop.
	 */
	private void skipOthers() {
		while (this.next % this.connections % this.loops != this.number) {
			this.next++;
		}
	}

}
