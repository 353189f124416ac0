package dev.socketecho.fault.datagram;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import dev.socketecho.fault.ActiveFault;
import dev.socketecho.fault.Draw;
import org.jspecify.annotations.Nullable;

/**
 * A stage that can hold datagrams back, until they are due, until the fault is removed or
 * its time is over, or until the socket closes.
 */
abstract class HoldingDatagramStage extends DatagramStage {

	/** How many bytes a fault without a limit of its own holds at most. */
	static final long MOST_BYTES = 1024 * 1024;

	HoldingDatagramStage(ActiveFault fault, DatagramFaultLine line) {
		super(fault, line);
	}

	/**
	 * Removes the datagram that is to pass next.
	 * @return {@code null} if none is held
	 */
	abstract @Nullable FaultyDatagram removeFirst();

	/**
	 * Makes a datagram one that is held. Its payload is copied, because a part of the
	 * buffer that a burst was received into would keep all of that buffer.
	 * @param maxBytes how many bytes the fault may hold, on all sockets together
	 * @return the datagram to hold, {@code null} if it was dropped because the fault
	 * holds too much
	 */
	final @Nullable FaultyDatagram hold(FaultyDatagram datagram, long maxBytes) {
		int length = datagram.length();
		if (!fault().hold(length, maxBytes)) {
			drop(datagram);
			return null;
		}
		FaultyDatagram copy = copy(datagram);
		if (copy == null) {
			fault().free(length);
			return null;
		}
		line().holds(1);
		return copy;
	}

	/**
	 * Passes on the datagram that is first.
	 * @return whether there was one
	 */
	final boolean passFirst() {
		FaultyDatagram first = removeFirst();
		if (first == null) {
			return false;
		}
		passHeld(first);
		return true;
	}

	/**
	 * Passes on a datagram that was held and is removed.
	 */
	final void passHeld(FaultyDatagram datagram) {
		noLongerHeld(datagram);
		passOn(datagram);
	}

	private void noLongerHeld(FaultyDatagram datagram) {
		fault().free(datagram.length());
		line().holds(-1);
	}

	@Override
	final void release() {
		while (passFirst()) {
			// All of them
		}
	}

	@Override
	final void discard() {
		for (FaultyDatagram first = removeFirst(); first != null; first = removeFirst()) {
			noLongerHeld(first);
			drop(first);
		}
	}

	/**
	 * Has the line wake this stage when a datagram is due, or when the fault's time is
	 * over, if that is earlier.
	 */
	final void wakeIn(long nanos, long now) {
		line().wakeAt(now + Math.min(nanos, fault().remaining(now)));
	}

	/**
	 * Holds each datagram until the next datagram of the same caller has passed. The next
	 * datagram of another caller would not change the order that either of them sees.
	 */
	static final class Overtaken extends HoldingDatagramStage {

		private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

		/** By caller. Whoever waits longest is first. */
		private final Map<InetSocketAddress, Waiting> waiting = new LinkedHashMap<>();

		Overtaken(ActiveFault fault, DatagramFaultLine line) {
			super(fault, line);
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			FaultyDatagram held = hold(datagram, MOST_BYTES);
			if (held != null) {
				long now = line().now();
				this.waiting
					.computeIfAbsent(held.caller(), (_) -> new Waiting(now + LONGEST_WAIT_NANOS, new ArrayDeque<>(1)))
					.datagrams()
					.add(held);
				wakeIn(LONGEST_WAIT_NANOS, now);
			}
		}

		@Override
		void passUntouched(FaultyDatagram datagram) {
			InetSocketAddress caller = datagram.caller();
			passOn(datagram);
			Waiting overtaken = this.waiting.remove(caller);
			if (overtaken != null) {
				overtaken.datagrams().forEach(this::passHeld);
			}
		}

		@Override
		void advance(long now) {
			while (!this.waiting.isEmpty()) {
				long due = this.waiting.values().iterator().next().due();
				if (due - now > 0 && !fault().isOver(now)) {
					wakeIn(due - now, now);
					return;
				}
				passFirst();
			}
		}

		@Override
		@Nullable FaultyDatagram removeFirst() {
			Iterator<Waiting> callers = this.waiting.values().iterator();
			if (!callers.hasNext()) {
				return null;
			}
			Queue<FaultyDatagram> datagrams = callers.next().datagrams();
			FaultyDatagram first = datagrams.remove();
			if (datagrams.isEmpty()) {
				callers.remove();
			}
			return first;
		}

	}

	/**
	 * The datagrams of one caller that wait for its next one.
	 *
	 * @param due when they pass if there is no next one: the first has waited long enough
	 * then
	 */
	private record Waiting(long due, Queue<FaultyDatagram> datagrams) {
	}

}
