package dev.socketecho.fault;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The faults of one server that act now, in the order of their names. Immutable, but for
 * what its faults count.
 */
public final class FaultSet {

	/** More than a datagram has bytes. */
	private static final int MANY = 1 << 16;

	private final List<ActiveFault> faults;

	private final LongSupplier nanoTime;

	private FaultSet(List<ActiveFault> faults, LongSupplier nanoTime) {
		this.faults = faults;
		this.nanoTime = nanoTime;
	}

	/**
	 * Creates a set without faults.
	 * @param nanoTime the clock, as {@link System#nanoTime()}
	 * @return an empty set
	 */
	public static FaultSet empty(LongSupplier nanoTime) {
		return new FaultSet(List.of(), nanoTime);
	}

	/**
	 * Creates the set that takes this one's place. A fault that is in both, with the same
	 * name and the same values, goes on: what was drawn is not drawn again, and what was
	 * counted stays. The others begin now.
	 * @param next the faults, in any order, with different names
	 * @return the new set
	 */
	public FaultSet replacedBy(Collection<Fault> next) {
		long now = this.nanoTime.getAsLong();
		return new FaultSet(next.stream()
			.sorted(Comparator.comparing(Fault::name))
			.map((fault) -> this.faults.stream()
				.filter((active) -> active.fault().equals(fault))
				.findFirst()
				.orElseGet(() -> new ActiveFault(fault, now)))
			.toList(), this.nanoTime);
	}

	/**
	 * Returns the faults.
	 * @return in the order of their names
	 */
	public List<ActiveFault> all() {
		return this.faults;
	}

	/**
	 * Returns the names of the faults.
	 * @return in their order
	 */
	public List<String> names() {
		return this.faults.stream().map((active) -> active.fault().name()).toList();
	}

	/**
	 * Tells whether there is a fault that is drawn for such units.
	 * @param unit the unit
	 * @return whether there is one
	 */
	public boolean has(Fault.Unit unit) {
		return this.faults.stream().anyMatch((active) -> active.fault().unit() == unit);
	}

	/**
	 * Returns how many answers one datagram gets at most, because of faults that repeat
	 * it or its answer.
	 * @param source who has sent the datagram
	 * @return at least 1, with no faults that are for this source; {@value #MANY} also
	 * stands for more than that
	 */
	public int mostAnswers(InetAddress source) {
		int most = 1;
		for (ActiveFault active : this.faults) {
			if (active.fault().effect() instanceof FaultEffect.Duplicate(int copies)
					&& active.fault().selection().sources().permits(source)) {
				most = (int) Math.min(MANY, most * (1L + copies));
			}
		}
		return most;
	}

	/**
	 * Draws the faults of connections for one connection. To be called once for each
	 * connection, in the order in which they were accepted.
	 * @param source who the connection is from
	 * @param before the set whose draws the connection has already
	 * @return the draws of the faults that are not in {@code before}
	 */
	public Draws draw(InetAddress source, FaultSet before) {
		Map<ActiveFault, Optional<Draw>> draws = new IdentityHashMap<>();
		for (ActiveFault active : this.faults) {
			if (active.fault().unit() == Fault.Unit.CONNECTION && !before.faults.contains(active)) {
				draws.put(active, Optional.ofNullable(active.draw(source, this.nanoTime.getAsLong())));
			}
		}
		return new Draws(draws);
	}

	/**
	 * What was drawn for one connection.
	 */
	public static final class Draws {

		/** Nothing was drawn. */
		public static final Draws NONE = new Draws(Map.of());

		private final Map<ActiveFault, Optional<Draw>> byFault;

		private Draws(Map<ActiveFault, Optional<Draw>> byFault) {
			this.byFault = byFault;
		}

		/**
		 * The random numbers of the connection; {@code null} if the fault leaves it
		 * alone.
		 */
		@Nullable Draw of(ActiveFault fault) {
			return this.byFault.getOrDefault(fault, Optional.empty()).orElse(null);
		}

	}

}
