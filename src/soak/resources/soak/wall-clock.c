/*
 * A wall clock that can be set, for one process: LD_PRELOAD of this adds to CLOCK_REALTIME the nanoseconds that are in
 * the first 8 bytes of the file that WALL_CLOCK_OFFSET names, which another process maps and writes. CLOCK_MONOTONIC
 * is left alone, as it is when the clock of a machine is set.
 *
 * Nothing here looks up, allocates or locks when it is called: the first calls come before the constructor, from
 * whatever thread. The clock is then read by the system call; afterwards by the C library, that is by the vdso.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000L

/* A time by CLOCK_MONOTONIC is less than this, by CLOCK_REALTIME more: 31 years. */
#define MONOTONIC_SECONDS 1000000000L

typedef int clock_reader(clockid_t, struct timespec *);

static int64_t none;
static int64_t *offset = &none;
static clock_reader *library;

static int read_clock(clockid_t clock, struct timespec *time)
{
	clock_reader *reader = __atomic_load_n(&library, __ATOMIC_ACQUIRE);
	return reader ? reader(clock, time) : (int) syscall(SYS_clock_gettime, clock, time);
}

static void add(struct timespec *time, int64_t nanos)
{
	int64_t sum = time->tv_nsec + nanos % NANOS;
	time->tv_sec += nanos / NANOS + (sum >= NANOS) - (sum < 0);
	time->tv_nsec = sum + ((sum < 0) - (sum >= NANOS)) * NANOS;
}

static int64_t offset_now(void)
{
	return __atomic_load_n(__atomic_load_n(&offset, __ATOMIC_ACQUIRE), __ATOMIC_RELAXED);
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
	int result = read_clock(clock, time);
	if (!result && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		add(time, offset_now());
	return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	struct timespec now;
	(void) zone;
	clock_gettime(CLOCK_REALTIME, &now);
	time->tv_sec = now.tv_sec;
	time->tv_usec = now.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

/*
 * The kernel does not know of the offset, so what waits for a time on the wall clock (LockSupport.parkUntil, with
 * which idle pool threads wait) would wait for hours, or not at all. It waits for as long as is left by the clock that
 * it knows, and returns after a second at the latest, as any wait may, to look whether the clock was set meanwhile.
 */
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
		const struct timespec *restrict until)
{
	if (until->tv_sec < MONOTONIC_SECONDS)
		return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
	struct timespec wall, deadline;
	clock_gettime(CLOCK_REALTIME, &wall);
	int64_t left = (until->tv_sec - wall.tv_sec) * NANOS + until->tv_nsec - wall.tv_nsec;
	if (left <= 0)
		return ETIMEDOUT;
	read_clock(CLOCK_MONOTONIC, &deadline);
	add(&deadline, left < NANOS ? left : NANOS);
	int result = pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &deadline);
	return result == ETIMEDOUT && left > NANOS ? 0 : result;
}

__attribute__((constructor)) static void begin(void)
{
	const char *name = getenv("WALL_CLOCK_OFFSET");
	int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, file, 0);
	clock_reader *reader = (clock_reader *) dlsym(RTLD_NEXT, "clock_gettime");
	if (mapped == MAP_FAILED || !reader) {
		fputs("WALL_CLOCK_OFFSET does not name a file that can be mapped\n", stderr);
		_exit(1);
	}
	close(file);
	__atomic_store_n(&offset, mapped, __ATOMIC_RELEASE);
	__atomic_store_n(&library, reader, __ATOMIC_RELEASE);
}
