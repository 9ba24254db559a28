/* Sleeping, waking, and clocks. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "compat/host/host.h"

#define NS_PER_SECOND 1000000000ll

/* Of more than these, the rest is woken at once. */
#define WAKES 8

/* The locks that this thread holds, and whom it is to wake once it holds none. */
static __thread struct {
	uint32_t held;
	uint32_t count;
	uint32_t *words[WAKES];
} locks;

static zx_time_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * NS_PER_SECOND + ts.tv_nsec;
}

zx_time_t host__monotonic(void)
{
	return now(CLOCK_MONOTONIC);
}

zx_time_t host__boot(void)
{
	return now(CLOCK_BOOTTIME);
}

zx_time_t host__utc(void)
{
	return now(CLOCK_REALTIME);
}

#define SPIN_BATCH 16

void host__spin(const uint32_t *word)
{
	uint64_t begin = __builtin_ia32_rdtsc();
	uint64_t limit = host__spin_cycles();

	/* Who would change it may need the only processor. */
	if (!host__several_cpus())
		return;
	do {
		for (int i = 0; i < SPIN_BATCH; i++) {
			if (__atomic_load_n(word, __ATOMIC_ACQUIRE))
				return;
			__builtin_ia32_pause();
		}
	} while (__builtin_ia32_rdtsc() - begin < limit);
}

static void wake_all(void)
{
	while (locks.count)
		host__futex_wake(locks.words[--locks.count], 1);
}

void host__wake_unlocked(uint32_t *word)
{
	if (locks.held && locks.count < WAKES)
		locks.words[locks.count++] = word;
	else
		host__futex_wake(word, 1);
}

uint32_t host__locking(void)
{
	locks.held++;
	return host__self_id();
}

void host__unlocked(void)
{
	if (!--locks.held)
		wake_all();
}

bool host__futex_wait(uint32_t *word, uint32_t value, zx_time_t deadline)
{
	struct timespec ts = { deadline / NS_PER_SECOND, deadline % NS_PER_SECOND };
	long result;

	if (deadline <= 0)
		return false;
	/* It may take long, and a lock may still be held. */
	wake_all();
	/* WAIT_BITSET takes an absolute time of the monotonic clock. */
	result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET, value,
			 deadline == ZX_TIME_INFINITE ? NULL : &ts, NULL,
			 FUTEX_BITSET_MATCH_ANY);
	return result == 0 || errno != ETIMEDOUT;
}

void host__futex_wake(uint32_t *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

uint32_t host__self_id(void)
{
	static __thread uint32_t id;

	if (!id)
		id = (uint32_t)gettid();
	return id;
}

void host__lock_stuck(uint32_t owner)
{
	if (syscall(SYS_tgkill, getpid(), owner, 0) == 0 || errno != ESRCH)
		return;
	/* Nothing can be saved any more: whoever comes next would hang on this lock. */
	fprintf(stderr, "zxrun: internal error: thread %u ended with a lock held\n", owner);
	abort();
}

void host__random(void *buffer, size_t size)
{
	char *at = buffer;

	while (size) {
		ssize_t got = getrandom(at, size, 0);

		if (got < 0)
			continue; /* EINTR is the only error of a valid buffer */
		at += got;
		size -= (size_t)got;
	}
}

/* Linux mixes what anybody writes there into its pool, and does not count on it. */
bool host__add_entropy(const void *buffer, size_t size)
{
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, buffer, size) == (ssize_t)size;
	close(fd);
	return done;
}
