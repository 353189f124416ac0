package dev.socketecho.fault;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * The random numbers of one unit of a fault: SplitMix64 (Steele, Lea and Flood, "Fast
 * Splittable Pseudorandom Number Generators", OOPSLA 2014). Where the numbers of the n-th
 * draw begin depends on the seed, the name of the fault and n, and on nothing else: two
 * servers that have the same fault draw the same.
 * <p>
 * Not thread-safe: the event loop of the unit uses it.
 */
final class Draw implements RandomGenerator {

	private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private long state;

	/**
	 * Creates the numbers of a draw.
	 * @param base of the fault, see {@link #base}
	 * @param n which draw it is, from 0
	 */
	Draw(long base, long n) {
		this.state = mix(base + n * GOLDEN_GAMMA);
	}

	/**
	 * What all draws of a fault begin with: its seed, and the FNV-1a hash of its name.
	 */
	static long base(long seed, String name) {
		long hash = FNV_OFFSET;
		for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
			hash = (hash ^ (unit & 0xff)) * FNV_PRIME;
		}
		return mix(seed) ^ hash;
	}

	@Override
	public long nextLong() {
		this.state += GOLDEN_GAMMA;
		return mix(this.state);
	}

	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
