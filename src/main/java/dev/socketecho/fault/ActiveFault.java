package dev.socketecho.fault;

import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * A fault of one server since it was set: its units are counted and drawn here.
 * Thread-safe: the units are those of several event loops.
 */
public final class ActiveFault {

	/** How many datagrams a fault holds at most, on all sockets of its server. */
	private static final int MOST_DATAGRAMS = 4096;

	private final Fault fault;

	private final long base;

	private final long setNanos;

	private final AtomicLong units = new AtomicLong();

	private final LongAdder injected = new LongAdder();

	/** What the sockets of a UDP server hold back. */
	private final AtomicLong heldBytes = new AtomicLong();

	private final AtomicInteger heldDatagrams = new AtomicInteger();

	private final @Nullable Pacer shared;

	/**
	 * Sets a fault.
	 * @param nanoTime now, by {@link System#nanoTime()}
	 */
	ActiveFault(Fault fault, long nanoTime) {
		this.fault = fault;
		Long seed = fault.selection().seed();
		this.base = Draw.base((seed != null) ? seed : ThreadLocalRandom.current().nextLong(), fault.name());
		this.setNanos = nanoTime;
		this.shared = (fault.effect() instanceof FaultEffect.Bandwidth limit && limit.wholeServer())
				? new Pacer(limit.bytesPerSecond(), nanoTime) : null;
	}

	/**
	 * Returns the fault as it was set.
	 * @return the fault
	 */
	public Fault fault() {
		return this.fault;
	}

	/**
	 * Returns how often the fault was committed: for {@code corrupt} the bytes that were
	 * changed, for the others the connections, messages or datagrams.
	 * @return 0 or more
	 */
	public long injected() {
		return this.injected.sum();
	}

	/**
	 * Counts that the fault was committed.
	 * @param times how often, see {@link #injected}
	 */
	public void inject(int times) {
		this.injected.add(times);
	}

	/**
	 * Returns whether its time is over.
	 * @param nanoTime now
	 * @return whether the fault does not act any more
	 */
	public boolean isOver(long nanoTime) {
		return remaining(nanoTime) <= 0;
	}

	/**
	 * Returns how long the fault still acts.
	 * @param nanoTime now
	 * @return the time in ns; 0 or less if it does not act any more
	 */
	public long remaining(long nanoTime) {
		return (this.fault.selection().lifetime() != null)
				? this.fault.selection().lifetime().toNanos() - (nanoTime - this.setNanos) : Long.MAX_VALUE;
	}

	/**
	 * Counts a unit, and draws for it if it is one that the fault is for.
	 * @param source whose unit it is
	 * @param nanoTime now
	 * @return the unit's random numbers, {@code null} if the fault leaves it alone
	 */
	public @Nullable Draw draw(InetAddress source, long nanoTime) {
		Fault.Selection selection = this.fault.selection();
		if (!selection.sources().permits(source)) {
			return null;
		}
		long unit = this.units.incrementAndGet();
		if ((selection.first() > 0 && unit > selection.first()) || unit % selection.every() != 0 || isOver(nanoTime)) {
			return null;
		}
		// The n-th unit always has the same draw, whichever event loop is first here.
		Draw draw = new Draw(this.base, unit / selection.every() - 1);
		return (draw.nextDouble() < selection.probability()) ? draw : null;
	}

	/**
	 * Returns who paces a connection or a socket: one for all where the whole server has
	 * one rate.
	 * @param limit the effect of this fault
	 * @param nanoTime now
	 * @return the pacer
	 */
	public Pacer pacer(FaultEffect.Bandwidth limit, long nanoTime) {
		return (this.shared != null) ? this.shared : new Pacer(limit.bytesPerSecond(), nanoTime);
	}

	/**
	 * Asks whether a datagram may be held back. If so, {@link #free} must follow.
	 * @param bytes its length
	 * @param maxBytes how many bytes the fault may hold in all; it never holds more than
	 * {@value #MOST_DATAGRAMS} datagrams, since short ones need memory, too
	 * @return whether it may
	 */
	public boolean hold(int bytes, long maxBytes) {
		boolean room = this.heldBytes.addAndGet(bytes) <= maxBytes;
		if (this.heldDatagrams.incrementAndGet() <= MOST_DATAGRAMS && room) {
			return true;
		}
		free(bytes);
		return false;
	}

	/**
	 * A datagram is no longer held back.
	 * @param bytes its length
	 */
	public void free(int bytes) {
		this.heldBytes.addAndGet(-bytes);
		this.heldDatagrams.decrementAndGet();
	}

}
