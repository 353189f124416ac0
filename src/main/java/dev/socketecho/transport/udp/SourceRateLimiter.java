package dev.socketecho.transport.udp;

import java.util.function.LongSupplier;

import dev.socketecho.transport.address.IpBits;
import dev.socketecho.transport.udp.socket.PeerTable;

/**
 * Holds each source to a rate, in fixed memory however many sources there are: half a
 * megabyte. A source's allowance is one number, the time up to which it is used up
 * (generic cell rate algorithm); a burst of one second's worth passes. The numbers are in
 * a table of small sets. Where a set is full, the source that is forgotten is the one
 * whose allowance is nearest to whole, so a flood of new sources cannot wash out the
 * entry of one that is over its rate, and never holds a new source back.
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

	/** Which source an entry is for: a hash of 64 bits. 0 is no entry. */
	private final long[] sources = new long[SETS * WAYS];

	/** The time, in ns, up to which the source's allowance is used up. */
	private final long[] usedUntil = new long[SETS * WAYS];

	/**
	 * Creates a limiter.
	 * @param perSecond how much a source may in a second, at least 1
	 * @param nanoTime the clock
	 * @param seed a secret, so that nobody can choose addresses that share a set
	 */
	SourceRateLimiter(int perSecond, LongSupplier nanoTime, long seed) {
		this.cost = NANOS_PER_SECOND / perSecond;
		this.nanoTime = nanoTime;
		this.seed = seed;
	}

	/**
	 * Takes one from the source's allowance.
	 * @return whether there was one
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
	 * The number of entries that there is memory for.
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
