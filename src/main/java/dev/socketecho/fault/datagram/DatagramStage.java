package dev.socketecho.fault.datagram;

import dev.socketecho.fault.ActiveFault;
import dev.socketecho.fault.Draw;
import dev.socketecho.fault.FaultEffect;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One fault of one socket in one direction. {@link DatagramFaultLine} or the stage before
 * hands over each datagram with {@link #pass}. The stage draws for it, and passes it on
 * to the next stage: changed, later, more than once, or not at all.
 * <p>
 * Confined to the socket's event loop.
 */
abstract class DatagramStage {

	private final ActiveFault fault;

	private final DatagramFaultLine line;

	private @Nullable DatagramStage next;

	DatagramStage(ActiveFault fault, DatagramFaultLine line) {
		this.fault = fault;
		this.line = line;
	}

	/**
	 * Creates the stage of a fault.
	 * @param fault the fault, of a UDP server
	 * @param line the line that the stage is in
	 */
	static DatagramStage of(ActiveFault fault, DatagramFaultLine line) {
		return switch (fault.fault().effect()) {
			case FaultEffect.Delay delay -> new DatagramStages.Late(fault, line, delay.lateness());
			case FaultEffect.Bandwidth limit -> new DatagramStages.Paced(fault, line, limit);
			case FaultEffect.Corrupt corrupt -> new DatagramStages.Corrupt(fault, line, corrupt.bytes());
			case FaultEffect.Drop _ -> new DatagramStages.Drop(fault, line);
			case FaultEffect.Duplicate duplicate -> new DatagramStages.Duplicate(fault, line, duplicate.copies());
			case FaultEffect.Reorder reorder when reorder.lateness().isNone() ->
				new HoldingDatagramStage.Overtaken(fault, line);
			case FaultEffect.Reorder reorder -> new DatagramStages.Late(fault, line, reorder.lateness());
			// Streams only
			case FaultEffect.Stall _, FaultEffect.Slice _, FaultEffect.Close _, FaultEffect.Reset _,
					FaultEffect.SlowClose _ ->
				throw new IllegalArgumentException("no fault of datagrams: " + fault.fault());
		};
	}

	final ActiveFault fault() {
		return this.fault;
	}

	final DatagramFaultLine line() {
		return this.line;
	}

	final void next(@Nullable DatagramStage stage) {
		this.next = stage;
	}

	/**
	 * Takes over a datagram.
	 */
	final void pass(FaultyDatagram datagram) {
		Draw draw = this.fault.draw(datagram.caller().getAddress(), this.line.now());
		if (draw == null) {
			passUntouched(datagram);
		}
		else {
			commit(datagram, draw);
		}
	}

	/**
	 * Takes over a datagram that the fault is committed on.
	 */
	abstract void commit(FaultyDatagram datagram, Draw draw);

	/**
	 * Takes over a datagram that the fault is not committed on.
	 */
	void passUntouched(FaultyDatagram datagram) {
		passOn(datagram);
	}

	/**
	 * Time has passed: a stage that holds datagrams passes on those that are due.
	 * @param now by {@link DatagramFaultLine#now}
	 */
	void advance(long now) {
	}

	/**
	 * The fault is removed: a stage that holds datagrams passes on all of them.
	 */
	void release() {
	}

	/**
	 * The socket closes: a stage that holds datagrams drops all of them.
	 */
	void discard() {
	}

	final void passOn(FaultyDatagram datagram) {
		if (this.next != null) {
			this.next.pass(datagram);
		}
		else {
			this.line.exit(datagram);
		}
	}

	final void drop(FaultyDatagram datagram) {
		this.line.drop(datagram);
	}

	/**
	 * Replaces the payload by a copy.
	 * @return the datagram with the copy, {@code null} if it was dropped because there is
	 * no memory
	 */
	final @Nullable FaultyDatagram copy(FaultyDatagram datagram) {
		ByteBuf copy;
		try {
			copy = datagram.content().copy();
		}
		catch (OutOfMemoryError ex) {
			drop(datagram);
			return null;
		}
		datagram.content().release();
		return datagram.with(copy);
	}

}
