package dev.socketecho.fault;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.netty.util.concurrent.EventExecutor;

/**
 * The faults of one UDP socket in one direction, one behind the other in the order of
 * their names. Unlike on TCP, what is late does not hold up the others.
 * <p>
 * Confined to the socket's event loop.
 */
public final class DatagramFaultLine {

	private final EventExecutor executor;

	private final Fault.Direction direction;

	private final Consumer<FaultyDatagram> exit;

	private final Consumer<FaultyDatagram> dropped;

	private final Runnable flush;

	private List<DatagramStage> stages = List.of();

	private int held;

	/**
	 * Creates a line without faults.
	 * @param executor the socket's event loop
	 * @param direction which faults it is for
	 * @param exit takes over what has passed
	 * @param dropped takes over what is lost
	 * @param flush called when datagrams have passed that waited
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
	 * Puts other faults in the place of those that are there. Faults that are in both
	 * stay as they are; what the others hold back passes at once.
	 * @param faults the faults; those of the other direction are left alone
	 */
	public void set(FaultSet faults) {
		List<ActiveFault> wanted = faults.all()
			.stream()
			.filter((active) -> active.fault().direction() == this.direction)
			.toList();
		Map<ActiveFault, DatagramStage> known = releaseAllBut(wanted);
		List<DatagramStage> next = new ArrayList<>();
		for (ActiveFault fault : wanted) {
			DatagramStage stage = known.get(fault);
			next.add((stage != null) ? stage : DatagramStages.of(fault, this));
		}
		for (int i = 0; i < next.size(); i++) {
			next.get(i).next((i + 1 < next.size()) ? next.get(i + 1) : null);
		}
		this.stages = List.copyOf(next);
		flush();
	}

	/**
	 * The last one first: so what the ones before it hold does not come to it again.
	 */
	private Map<ActiveFault, DatagramStage> releaseAllBut(List<ActiveFault> wanted) {
		Map<ActiveFault, DatagramStage> known = new IdentityHashMap<>();
		DatagramStage behind = null;
		for (DatagramStage stage : this.stages.reversed()) {
			stage.next(behind);
			if (wanted.contains(stage.fault())) {
				known.put(stage.fault(), stage);
				behind = stage;
			}
			else {
				stage.release();
			}
		}
		return known;
	}

	/**
	 * Tells whether there are faults.
	 * @return whether there are none
	 */
	public boolean isEmpty() {
		return this.stages.isEmpty();
	}

	/**
	 * Takes a datagram over.
	 * @param datagram the datagram
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
	 * Tells how many datagrams are held back.
	 * @return 0 or more
	 */
	public int held() {
		return this.held;
	}

	/**
	 * Drops what is held back: the socket closes.
	 */
	public void discard() {
		this.stages.forEach(DatagramStage::discard);
	}

	void exit(FaultyDatagram datagram) {
		this.exit.accept(datagram);
	}

	void drop(FaultyDatagram datagram) {
		this.dropped.accept(datagram);
	}

	void flush() {
		this.flush.run();
	}

	void holds(int datagrams) {
		this.held += datagrams;
	}

	EventExecutor executor() {
		return this.executor;
	}

	long now() {
		return this.executor.ticker().nanoTime();
	}

}
