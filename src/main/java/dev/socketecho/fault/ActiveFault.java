package dev.socketecho.fault;

import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * A fault of one server since it was set: its units are counted and drawn here.
 * Thread-safe: the units are those of several event loops.
 */
public final class ActiveFault {

	private final Fault fault;

	private final long base;

	private final long setNanos;

	private final AtomicLong units = new AtomicLong();

	private final AtomicLong draws = new AtomicLong();

	private final LongAdder injected = new LongAdder();

	/** What the sockets of a UDP server hold back, in bytes. */
	private final AtomicLong held = new AtomicLong();

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

	void inject(int times) {
		this.injected.add(times);
	}

	/**
	 * Whether its time is over.
	 */
	boolean isOver(long nanoTime) {
		return remaining(nanoTime) <= 0;
	}

	/**
	 * How long the fault still acts, in ns; 0 or less if it does not any more.
	 */
	long remaining(long nanoTime) {
		return (this.fault.selection().lifetime() != null)
				? this.fault.selection().lifetime().toNanos() - (nanoTime - this.setNanos) : Long.MAX_VALUE;
	}

	/**
	 * Counts a unit, and draws for it if it is one that the fault is for.
	 * @param source whose unit it is
	 * @param nanoTime now
	 * @return the unit's random numbers, {@code null} if the fault leaves it alone
	 */
	@Nullable Draw draw(InetAddress source, long nanoTime) {
		Fault.Selection selection = this.fault.selection();
		if (!selection.sources().permits(source)) {
			return null;
		}
		long unit = this.units.incrementAndGet();
		if ((selection.first() > 0 && unit > selection.first()) || unit % selection.every() != 0 || isOver(nanoTime)) {
			return null;
		}
		Draw draw = new Draw(this.base, this.draws.getAndIncrement());
		return (draw.nextDouble() < selection.probability()) ? draw : null;
	}

	/**
	 * Who paces a connection: one for all where the whole server has one rate.
	 */
	Pacer pacer(FaultEffect.Bandwidth limit, long nanoTime) {
		return (this.shared != null) ? this.shared : new Pacer(limit.bytesPerSecond(), nanoTime);
	}

	/**
	 * Accounts for bytes that are held back.
	 * @param bytes how many more, or fewer if negative
	 * @param limit how many the fault may hold in all
	 * @return whether it may; if not, nothing has changed
	 */
	boolean hold(int bytes, long limit) {
		if (this.held.addAndGet(bytes) <= limit || bytes <= 0) {
			return true;
		}
		this.held.addAndGet(-bytes);
		return false;
	}

}
