package dev.socketecho.benchmark;

/**
 * A histogram of times in ns, exact to 1.6 per cent.
 */
final class Latencies {

	private static final int BITS = 6;

	private static final int SUB_BUCKETS = 1 << BITS;

	private final long[] counts = new long[SUB_BUCKETS * (Long.SIZE - BITS + 1)];

	private long total;

	void record(long nanos) {
		this.counts[index(Math.max(nanos, 0))]++;
		this.total++;
	}

	/**
	 * The time that a share of all times does not exceed, in us.
	 */
	double percentileMicros(double share) {
		long rank = (long) Math.ceil(this.total * share);
		long seen = 0;
		for (int i = 0; i < this.counts.length; i++) {
			seen += this.counts[i];
			if (seen >= rank && seen > 0) {
				return middle(i) / 1000.0;
			}
		}
		return 0;
	}

	private static int index(long nanos) {
		if (nanos < SUB_BUCKETS) {
			return (int) nanos;
		}
		int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - BITS;
		return SUB_BUCKETS * (shift + 1) + (int) (nanos >>> shift) - SUB_BUCKETS;
	}

	private static double middle(int index) {
		if (index < SUB_BUCKETS) {
			return index;
		}
		int shift = index / SUB_BUCKETS - 1;
		return (index % SUB_BUCKETS + SUB_BUCKETS + 0.5) * (1L << shift);
	}

}
