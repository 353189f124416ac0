package dev.socketecho.fault.datagram;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.fault.ActiveFault;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultSet;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one UDP socket in one direction, in the order of their names. The
 * transport hands over each datagram with {@link #pass}; it goes through one
 * {@link DatagramStage} after the other, and leaves the line at the exit, or is dropped.
 * Unlike on TCP, a datagram that is late does not make the others late.
 * <p>
 * There is one timer for all stages. Confined to the socket's event loop.
 */
public final class DatagramFaultLine {

	private final EventExecutor executor;

	private final Fault.Direction direction;

	private final Consumer<FaultyDatagram> exit;

	private final Consumer<FaultyDatagram> dropped;

	private final Runnable flush;

	private List<DatagramStage> stages = List.of();

	private int held;

	private @Nullable Future<?> timer;

	private long timerDue;

	/**
	 * Creates a line without faults. The functions take over the datagrams' references
	 * and must not throw.
	 * @param executor the socket's event loop
	 * @param direction which faults the line is for
	 * @param exit called for each datagram that has passed
	 * @param dropped called for each datagram that is lost
	 * @param flush called after datagrams have passed that were held back
	 */
	public DatagramFaultLine(EventExecutor executor, Fault.Direction direction, Consumer<FaultyDatagram> exit,
			Consumer<FaultyDatagram> dropped, Runnable flush) {
		this.executor = executor;
		this.direction = direction;
		this.exit = exit;
		this.dropped = dropped;
		this.flush = flush;
	}

	/**
	 * Replaces the faults. A fault that is in the old set and in the new one continues
	 * with what it holds. What the removed faults hold passes at once.
	 * @param faults the faults; those of the other direction are ignored
	 */
	public void set(FaultSet faults) {
		List<ActiveFault> wanted = faults.all()
			.stream()
			.filter((active) -> active.fault().direction() == this.direction)
			.toList();
		Map<ActiveFault, DatagramStage> kept = releaseAllBut(wanted);
		List<DatagramStage> next = new ArrayList<>();
		for (ActiveFault fault : wanted) {
			DatagramStage stage = kept.get(fault);
			next.add((stage != null) ? stage : DatagramStage.of(fault, this));
		}
		for (int i = 0; i < next.size(); i++) {
			next.get(i).next((i + 1 < next.size()) ? next.get(i + 1) : null);
		}
		this.stages = List.copyOf(next);
		this.flush.run();
	}

	/**
	 * Starts with the last stage, so that datagrams which an earlier stage releases do
	 * not get to a stage that is removed, too.
	 */
	private Map<ActiveFault, DatagramStage> releaseAllBut(List<ActiveFault> wanted) {
		Map<ActiveFault, DatagramStage> kept = new IdentityHashMap<>();
		DatagramStage following = null;
		for (DatagramStage stage : this.stages.reversed()) {
			stage.next(following);
			if (wanted.contains(stage.fault())) {
				kept.put(stage.fault(), stage);
				following = stage;
			}
			else {
				stage.release();
			}
		}
		return kept;
	}

	/**
	 * Returns whether the line has no faults.
	 * @return whether all datagrams would pass as they are
	 */
	public boolean isEmpty() {
		return this.stages.isEmpty();
	}

	/**
	 * Sends a datagram through the line. It may leave the line within the call, later, or
	 * never.
	 * @param datagram the datagram; this takes over the caller's reference
	 */
	public void pass(FaultyDatagram datagram) {
		if (this.stages.isEmpty()) {
			exit(datagram);
		}
		else {
			this.stages.getFirst().pass(datagram);
		}
	}

	/**
	 * Returns how many datagrams are held back.
	 * @return 0 or more
	 */
	public int held() {
		return this.held;
	}

	/**
	 * Drops the datagrams that are held back. Called when the socket closes.
	 */
	public void discard() {
		stopTimer();
		this.stages.forEach(DatagramStage::discard);
	}

	void exit(FaultyDatagram datagram) {
		this.exit.accept(datagram);
	}

	void drop(FaultyDatagram datagram) {
		this.dropped.accept(datagram);
	}

	void holds(int datagrams) {
		this.held += datagrams;
	}

	/**
	 * Returns the time of the event loop, in ns.
	 */
	long now() {
		return this.executor.ticker().nanoTime();
	}

	/**
	 * Has {@link DatagramStage#advance} called for all stages at this time, or earlier.
	 * @param due the time by {@link #now}
	 */
	void wakeAt(long due) {
		if (this.timer != null && this.timerDue - due <= 0) {
			return;
		}
		stopTimer();
		this.timerDue = due;
		this.timer = this.executor.schedule(this::advance, Math.max(due - now(), 1), TimeUnit.NANOSECONDS);
	}

	private void advance() {
		this.timer = null;
		try {
			this.stages.forEach((stage) -> stage.advance(now()));
		}
		finally {
			this.flush.run();
		}
	}

	private void stopTimer() {
		Future<?> pending = this.timer;
		if (pending != null) {
			this.timer = null;
			pending.cancel(false);
		}
	}

}
