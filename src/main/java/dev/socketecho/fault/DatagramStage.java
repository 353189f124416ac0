package dev.socketecho.fault;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One fault of one socket in one direction. Datagrams come in by {@link #pass} and go on
 * to the next stage: changed, late, more than once, or never. Has one timer at most.
 * <p>
 * Confined to the socket's event loop.
 */
abstract class DatagramStage {

	/** What a datagram that is held costs beside its bytes. */
	private static final int OVERHEAD = 256;

	private final ActiveFault fault;

	private final DatagramFaultLine line;

	private final PriorityQueue<Held> queue = new PriorityQueue<>(
			Comparator.comparingLong(Held::due).thenComparingLong(Held::number));

	private @Nullable DatagramStage next;

	private long number;

	private @Nullable Future<?> timer;

	private long timerDue;

	DatagramStage(ActiveFault fault, DatagramFaultLine line) {
		this.fault = fault;
		this.line = line;
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
	 * Takes a datagram over.
	 */
	final void pass(FaultyDatagram datagram) {
		Draw draw = this.fault.draw(datagram.source(), this.line.now());
		if (draw == null) {
			passUntouched(datagram);
		}
		else {
			commit(datagram, draw);
		}
	}

	/**
	 * Takes a datagram over that the fault is for.
	 */
	abstract void commit(FaultyDatagram datagram, Draw draw);

	/**
	 * Takes a datagram over that the fault leaves alone.
	 */
	void passUntouched(FaultyDatagram datagram) {
		passOn(datagram);
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
	 * Holds a datagram back, or drops it if the fault holds too much.
	 * @param due when it passes, by the event loop's clock
	 * @param limit how many bytes the fault may hold, of all sockets together
	 */
	final void hold(FaultyDatagram datagram, long due, long limit) {
		int cost = datagram.content().readableBytes() + OVERHEAD;
		if (!this.fault.hold(cost, limit)) {
			drop(datagram);
			return;
		}
		this.queue.add(new Held(compact(datagram), due, this.number++));
		this.line.holds(1);
		wakeAtFirst();
	}

	/**
	 * The buffer that a burst was received into would be kept as a whole.
	 */
	private static FaultyDatagram compact(FaultyDatagram datagram) {
		ByteBuf content = datagram.content();
		try {
			return datagram.with(content.copy());
		}
		finally {
			content.release();
		}
	}

	/**
	 * The datagrams that are due pass on.
	 */
	void advance() {
		long now = this.line.now();
		while (!this.queue.isEmpty() && (this.queue.element().due() - now <= 0 || this.fault.isOver(now))) {
			passOn(take());
		}
		wakeAtFirst();
	}

	final @Nullable FaultyDatagram first() {
		return this.queue.isEmpty() ? null : this.queue.element().datagram();
	}

	final FaultyDatagram take() {
		FaultyDatagram datagram = this.queue.remove().datagram();
		this.fault.hold(-datagram.content().readableBytes() - OVERHEAD, Long.MAX_VALUE);
		this.line.holds(-1);
		return datagram;
	}

	/**
	 * When the datagram is due that is first now: the queue calls {@link #advance} then.
	 */
	private void wakeAtFirst() {
		if (this.queue.isEmpty()) {
			cancel();
			return;
		}
		long now = this.line.now();
		wakeIn(Math.min(this.queue.element().due() - now, this.fault.remaining(now)));
	}

	final void wakeIn(long nanos) {
		long due = this.line.now() + nanos;
		if (this.timer != null && this.timerDue - due <= 0) {
			return;
		}
		cancel();
		this.timerDue = due;
		this.timer = this.line.executor().schedule(this::due, Math.max(nanos, 1), TimeUnit.NANOSECONDS);
	}

	private void due() {
		this.timer = null;
		try {
			advance();
		}
		finally {
			this.line.flush();
		}
	}

	private void cancel() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	/**
	 * The fault is no more: what it holds passes on.
	 */
	final void release() {
		cancel();
		while (!this.queue.isEmpty()) {
			passOn(take());
		}
	}

	/**
	 * The socket is no more: what the fault holds is dropped.
	 */
	final void discard() {
		cancel();
		while (!this.queue.isEmpty()) {
			drop(take());
		}
	}

	private record Held(FaultyDatagram datagram, long due, long number) {
	}

}
