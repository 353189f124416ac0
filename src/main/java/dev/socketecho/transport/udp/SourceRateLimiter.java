package dev.socketecho.transport.udp;

import java.util.function.LongSupplier;

import dev.socketecho.transport.address.IpBits;
import dev.socketecho.transport.udp.socket.PeerTable;

/**
 * Limits the rate of each source, in half a megabyte of memory for any number of sources.
 * {@link UdpAdmission} asks it for each datagram, if there is a limit.
 * <p>
 * The state of a source is one number: the time up to which its allowance is used up
 * (generic cell rate algorithm). A burst of one second's allowance passes. The numbers
 * are in a table of small sets. If a set is full, a new source replaces the one that has
 * used least of its allowance. So a flood of new sources does not remove the entry of a
 * source that is over its rate, and a new source is never held back.
 * <p>
 * Thread-safe.
 */
final class SourceRateLimiter {

	private static final long NANOS_PER_SECOND = 1_000_000_000L;

	private static final int WAYS = 4;

	private static final int SETS = 8192;

	private final long cost;

	private final LongSupplier nanoTime;

	private final long seed;

	/** The source of each entry, as a hash of 64 bits; 0 for a free entry. */
	private final long[] sources = new long[SETS * WAYS];

	/** The time up to which the source's allowance is used up, in nanoseconds. */
	private final long[] usedUntil = new long[SETS * WAYS];

	/**
	 * Creates a limiter.
	 * @param perSecond how many datagrams a source may send in a second, at least 1
	 * @param nanoTime the clock, in nanoseconds
	 * @param seed a secret, so that nobody can choose addresses that share a set
	 */
	SourceRateLimiter(int perSecond, LongSupplier nanoTime, long seed) {
		this.cost = NANOS_PER_SECOND / perSecond;
		this.nanoTime = nanoTime;
		this.seed = seed;
	}

	/**
	 * Takes one datagram from the source's allowance.
	 * @return whether the source may send it
	 */
	synchronized boolean take(IpBits source) {
		long now = this.nanoTime.getAsLong();
		long hash = PeerTable.mix(PeerTable.mix(this.seed, source.high()), source.low()) | 1;
		int entry = entry(hash, now);
		long until = (this.sources[entry] == hash && this.usedUntil[entry] - now > 0) ? this.usedUntil[entry] : now;
		if (until + this.cost - now > NANOS_PER_SECOND) {
			return false;
		}
		this.sources[entry] = hash;
		this.usedUntil[entry] = until + this.cost;
		return true;
	}

	/**
	 * Returns the number of entries.
	 */
	int capacity() {
		return this.sources.length;
	}

	private int entry(long hash, long now) {
		int first = (int) (hash >>> 32) % SETS;
		first = ((first < 0) ? first + SETS : first) * WAYS;
		int oldest = first;
		long oldestAge = Long.MIN_VALUE;
		for (int i = first; i < first + WAYS; i++) {
			if (this.sources[i] == hash) {
				return i;
			}
			long age = (this.sources[i] != 0) ? now - this.usedUntil[i] : Long.MAX_VALUE;
			if (age > oldestAge) {
				oldestAge = age;
				oldest = i;
			}
		}
		return oldest;
	}

}
