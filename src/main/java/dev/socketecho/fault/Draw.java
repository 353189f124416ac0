package dev.socketecho.fault;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;

/**
 * The random numbers of one unit of a fault: SplitMix64 (Steele, Lea and Flood, "Fast
 * Splittable Pseudorandom Number Generators", OOPSLA 2014). Where the numbers of the n-th
 * draw begin depends on the seed, the name of the fault and n, and on nothing else: two
 * servers that have the same fault draw the same.
 * <p>
 * Not thread-safe: the event loop of the unit uses it.
 */
public final class Draw implements RandomGenerator {

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

	/**
	 * Changes bytes, none twice, and none to what it was.
	 * @param content what is changed
	 * @param bytes how many bytes, 1 or more
	 * @return how many were changed: all, if there are fewer than were asked for
	 */
	public int corrupt(ByteBuf content, int bytes) {
		int length = content.readableBytes();
		int count = Math.min(bytes, length);
		BitSet changed = new BitSet();
		// Floyd's way to draw so many different places:
		// https://doi.org/10.1145/30401.315746
		for (int last = length - count; last < length; last++) {
			int place = nextInt(last + 1);
			int index = changed.get(place) ? last : place;
			changed.set(index);
			int at = content.readerIndex() + index;
			content.setByte(at, content.getByte(at) ^ (1 + nextInt(255)));
		}
		return count;
	}

	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
