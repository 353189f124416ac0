package dev.socketecho.fault.datagram;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

import dev.socketecho.fault.ActiveFault;
import dev.socketecho.fault.Draw;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.fault.Pacer;
import org.jspecify.annotations.Nullable;

/**
 * What each fault does to datagrams, one class for each.
 */
final class DatagramStages {

	private DatagramStages() {
	}

	/**
	 * Changes bytes.
	 */
	static final class Corrupt extends DatagramStage {

		private final int bytes;

		Corrupt(ActiveFault fault, DatagramFaultLine line, int bytes) {
			super(fault, line);
			this.bytes = bytes;
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			// Other datagrams may share the memory of the payload.
			FaultyDatagram copy = copy(datagram);
			if (copy != null) {
				fault().inject(draw.corrupt(copy.content(), this.bytes));
				passOn(copy);
			}
		}

	}

	/**
	 * Loses datagrams.
	 */
	static final class Drop extends DatagramStage {

		Drop(ActiveFault fault, DatagramFaultLine line) {
			super(fault, line);
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			drop(datagram);
		}

	}

	/**
	 * Repeats datagrams.
	 */
	static final class Duplicate extends DatagramStage {

		private final int copies;

		Duplicate(ActiveFault fault, DatagramFaultLine line, int copies) {
			super(fault, line);
			this.copies = copies;
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			for (int i = 0; i < this.copies; i++) {
				passOn(datagram.with(datagram.content().retainedDuplicate()));
			}
			passOn(datagram);
		}

	}

	/**
	 * Delays each datagram on its own: datagrams that are less late overtake it.
	 */
	static final class Late extends HoldingDatagramStage {

		private final Lateness lateness;

		private final PriorityQueue<Held> queue = new PriorityQueue<>();

		private long number;

		Late(ActiveFault fault, DatagramFaultLine line, Lateness lateness) {
			super(fault, line);
			this.lateness = lateness;
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			long nanos = this.lateness.nanos(draw);
			if (nanos == 0) {
				passOn(datagram);
				return;
			}
			FaultyDatagram held = hold(datagram, MOST_BYTES);
			if (held != null) {
				long now = line().now();
				this.queue.add(new Held(held, now + nanos, this.number++));
				wakeIn(nanos, now);
			}
		}

		@Override
		void advance(long now) {
			for (Held first = this.queue.peek(); first != null; first = this.queue.peek()) {
				if (first.due() - now > 0 && !fault().isOver(now)) {
					wakeIn(first.due() - now, now);
					return;
				}
				passFirst();
			}
		}

		@Override
		@Nullable FaultyDatagram removeFirst() {
			Held first = this.queue.poll();
			return (first != null) ? first.datagram() : null;
		}

	}

	/**
	 * A datagram that is held until a time.
	 *
	 * @param due when it passes
	 * @param number the order of datagrams that are due at the same time
	 */
	private record Held(FaultyDatagram datagram, long due, long number) implements Comparable<Held> {

		private static final Comparator<Held> order = Comparator.comparingLong(Held::due)
			.thenComparingLong(Held::number);

		@Override
		public int compareTo(Held other) {
			return order.compare(this, other);
		}

	}

	/**
	 * Limits the rate as a router does: a queue, and what has no room in it is dropped.
	 */
	static final class Paced extends HoldingDatagramStage {

		private final Pacer pacer;

		private final long burst;

		private final Queue<FaultyDatagram> queue = new ArrayDeque<>(0);

		Paced(ActiveFault fault, DatagramFaultLine line, FaultEffect.Bandwidth limit) {
			super(fault, line);
			this.pacer = fault.pacer(limit, line.now());
			this.burst = limit.burst();
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			long now = line().now();
			long wait = this.queue.isEmpty() ? this.pacer.take(datagram.length(), now) : 0;
			if (this.queue.isEmpty() && wait == 0) {
				passOn(datagram);
				return;
			}
			fault().inject(1);
			FaultyDatagram held = hold(datagram, this.burst);
			if (held != null) {
				this.queue.add(held);
				if (wait > 0) {
					wakeIn(wait, now);
				}
			}
		}

		@Override
		void advance(long now) {
			for (FaultyDatagram first = this.queue.peek(); first != null; first = this.queue.peek()) {
				long wait = fault().isOver(now) ? 0 : this.pacer.take(first.length(), now);
				if (wait > 0) {
					wakeIn(wait, now);
					return;
				}
				passFirst();
			}
		}

		@Override
		@Nullable FaultyDatagram removeFirst() {
			return this.queue.poll();
		}

	}

}
