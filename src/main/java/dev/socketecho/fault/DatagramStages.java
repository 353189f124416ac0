package dev.socketecho.fault;

import java.util.concurrent.TimeUnit;

/**
 * What each fault does to a datagram.
 */
final class DatagramStages {

	/** What a fault holds back at most, in bytes, where it has no other limit. */
	private static final long MOST_HELD = 1024 * 1024;

	/** How long a datagram waits for the next one. */
	private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private DatagramStages() {
	}

	/**
	 * Makes the stage of a fault.
	 */
	static DatagramStage of(ActiveFault fault, DatagramFaultLine line) {
		return switch (fault.fault().effect()) {
			case FaultEffect.Delay delay -> new Late(fault, line, delay.lateness());
			case FaultEffect.Bandwidth limit -> new Bandwidth(fault, line, limit);
			case FaultEffect.Corrupt corrupt -> new Corrupt(fault, line, corrupt.bytes());
			case FaultEffect.Drop _ -> new Drop(fault, line);
			case FaultEffect.Duplicate duplicate -> new Duplicate(fault, line, duplicate.copies());
			case FaultEffect.Reorder reorder when reorder.lateness().delay().isZero() -> new Overtaken(fault, line);
			case FaultEffect.Reorder reorder -> new Late(fault, line, reorder.lateness());
			// Streams only
			case FaultEffect.Stall _, FaultEffect.Slice _, FaultEffect.Close _, FaultEffect.Reset _,
					FaultEffect.SlowClose _ ->
				throw new IllegalArgumentException("no fault of datagrams: " + fault.fault());
		};
	}

	/** Each datagram is late by its own delay, and overtaken by what is not. */
	private static final class Late extends DatagramStage {

		private final Lateness lateness;

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
			}
			else {
				hold(datagram, line().now() + nanos, MOST_HELD);
			}
		}

	}

	/** A datagram waits until the next one that need not wait has passed. */
	private static final class Overtaken extends DatagramStage {

		Overtaken(ActiveFault fault, DatagramFaultLine line) {
			super(fault, line);
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			hold(datagram, line().now() + MOST_NANOS, MOST_HELD);
		}

		@Override
		void passUntouched(FaultyDatagram datagram) {
			passOn(datagram);
			release();
		}

	}

	/** Like a router: a queue that drops what it has no room for. */
	private static final class Bandwidth extends DatagramStage {

		private final Pacer pacer;

		private final long burst;

		Bandwidth(ActiveFault fault, DatagramFaultLine line, FaultEffect.Bandwidth limit) {
			super(fault, line);
			this.pacer = fault.pacer(limit, line.now());
			this.burst = limit.burst();
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			if (first() == null && this.pacer.take(datagram.content().readableBytes(), line().now()) == 0) {
				passOn(datagram);
				return;
			}
			fault().inject(1);
			hold(datagram, Long.MAX_VALUE, this.burst);
			if (first() != null) {
				advance();
			}
		}

		@Override
		void advance() {
			long now = line().now();
			for (FaultyDatagram datagram = first(); datagram != null; datagram = first()) {
				long wait = fault().isOver(now) ? 0 : this.pacer.take(datagram.content().readableBytes(), now);
				if (wait > 0) {
					wakeIn(wait);
					return;
				}
				passOn(take());
			}
		}

	}

	/** Bytes are changed. */
	private static final class Corrupt extends DatagramStage {

		private final int bytes;

		Corrupt(ActiveFault fault, DatagramFaultLine line, int bytes) {
			super(fault, line);
			this.bytes = bytes;
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			FaultyDatagram changed = datagram.with(datagram.content().copy());
			datagram.content().release();
			fault().inject(CorruptStage.corrupt(changed.content(), this.bytes, draw));
			passOn(changed);
		}

	}

	/** The datagram is lost. */
	private static final class Drop extends DatagramStage {

		Drop(ActiveFault fault, DatagramFaultLine line) {
			super(fault, line);
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			drop(datagram);
		}

	}

	/** The datagram comes more than once. */
	private static final class Duplicate extends DatagramStage {

		private final int copies;

		Duplicate(ActiveFault fault, DatagramFaultLine line, int copies) {
			super(fault, line);
			this.copies = copies;
		}

		@Override
		void commit(FaultyDatagram datagram, Draw draw) {
			fault().inject(1);
			for (int i = 0; i < this.copies; i++) {
				passOn(datagram.duplicate());
			}
			passOn(datagram);
		}

	}

}
