/*
 * What the clients have in common: the clock, a histogram of times, and the line with the figures, which ClientProgram
 * reads.
 */
#include <stdio.h>
#include <time.h>

#define BUCKETS 1000000 /* of 1 us */

static long buckets[BUCKETS];
static long recorded;

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void record(long long nanos)
{
	long long bucket = nanos / 1000;
	buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
	recorded++;
}

/* The time that a share of all times does not exceed, in us. */
static int percentile(int percent)
{
	long seen = 0;
	int bucket = 0;
	while (bucket < BUCKETS && (seen += buckets[bucket]) < recorded * percent / 100)
		bucket++;
	return bucket + 1;
}

static void report(long count, long long nanos, long wrong)
{
	printf("count=%ld seconds=%.6f p50_us=%d p99_us=%d wrong=%ld\n", count, nanos / 1e9, percentile(50), percentile(99),
			wrong);
}
