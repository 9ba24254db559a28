/* Futexes, with waiters on other threads. */
#include "check.h"

#include <stdatomic.h>

#include <zircon/errors.h>

#define MS 1000000ll
#define THREADS 3

static zx_futex_t first;
static zx_futex_t second;
static atomic_int woken;
static struct rt_thread threads[THREADS];

static void wait_on_first(void *arg)
{
	zx_handle_t owner = arg ? rt_boot.thread : ZX_HANDLE_INVALID;

	CHECK_OK(zx_futex_wait(&first, 1, owner, ZX_TIME_INFINITE));
	atomic_fetch_add(&woken, 1);
}

static bool start_waiters(void *arg)
{
	size_t i;

	first = 1;
	second = 2;
	woken = 0;
	for (i = 0; i < THREADS; i++)
		if (!CHECK_OK(rt_thread__start(&threads[i], "waiter", wait_on_first, arg)))
			return false;
	for (i = 0; i < THREADS; i++)
		if (!CHECK(rt_until_blocked(threads[i].handle, ZX_THREAD_STATE_BLOCKED_FUTEX)))
			return false;
	return true;
}

static void until_woken(int count)
{
	zx_time_t end = zx_deadline_after(5000 * MS);

	while (woken < count && zx_clock_get_monotonic() < end)
		zx_nanosleep(zx_deadline_after(1 * MS));
	CHECK_EQ(woken, count);
}

static void join_all(void)
{
	size_t i;

	for (i = 0; i < THREADS; i++)
		rt_thread__join(&threads[i]);
}

static void without_waiting(void)
{
	zx_time_t deadline;

	first = 1;
	CHECK_STATUS(zx_futex_wait(&first, 2, ZX_HANDLE_INVALID, ZX_TIME_INFINITE),
		     ZX_ERR_BAD_STATE);
	deadline = zx_deadline_after(20 * MS);
	CHECK_STATUS(zx_futex_wait(&first, 1, ZX_HANDLE_INVALID, deadline), ZX_ERR_TIMED_OUT);
	CHECK(zx_clock_get_monotonic() >= deadline);
	CHECK_STATUS(zx_futex_wait(&first, 1, ZX_HANDLE_INVALID, 0), ZX_ERR_TIMED_OUT);
	CHECK_STATUS(zx_futex_wait((zx_futex_t *)((char *)&first + 1), 1, ZX_HANDLE_INVALID, 0),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_futex_wait(NULL, 1, ZX_HANDLE_INVALID, 0), ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_futex_wake(&first, 1));
	CHECK_STATUS(zx_futex_wake((zx_futex_t *)((char *)&first + 2), 1), ZX_ERR_INVALID_ARGS);
}

static void wake(void)
{
	if (!start_waiters(NULL))
		return;
	CHECK_OK(zx_futex_wake(&first, 0));
	CHECK_OK(zx_futex_wake(&second, 10));
	zx_nanosleep(zx_deadline_after(10 * MS));
	CHECK_EQ(woken, 0);
	CHECK_OK(zx_futex_wake(&first, 1));
	until_woken(1);
	zx_nanosleep(zx_deadline_after(10 * MS));
	CHECK_EQ(woken, 1);
	CHECK_OK(zx_futex_wake(&first, 100));
	until_woken(THREADS);
	join_all();
}

static void requeue(void)
{
	if (!start_waiters(NULL))
		return;
	CHECK_STATUS(zx_futex_requeue(&first, 1, 9, &second, 1, ZX_HANDLE_INVALID),
		     ZX_ERR_BAD_STATE);
	CHECK_STATUS(zx_futex_requeue(&first, 1, 1, &first, 1, ZX_HANDLE_INVALID),
		     ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_futex_requeue(&first, 1, 1, &second, 1, ZX_HANDLE_INVALID));
	until_woken(1);
	/* One waits on the first still, one on the second now. */
	CHECK_OK(zx_futex_wake(&second, 10));
	until_woken(2);
	zx_nanosleep(zx_deadline_after(10 * MS));
	CHECK_EQ(woken, 2);
	CHECK_OK(zx_futex_wake(&first, 10));
	until_woken(3);
	join_all();
}

static void owners(void)
{
	zx_koid_t owner = 1;

	first = 1;
	CHECK_OK(zx_futex_get_owner(&first, &owner));
	CHECK_EQ(owner, ZX_KOID_INVALID);
	if (!start_waiters(&first))
		return;
	CHECK_OK(zx_futex_get_owner(&first, &owner));
	CHECK_EQ(owner, rt_koid(rt_boot.thread));
	CHECK_OK(zx_futex_wake_single_owner(&first));
	until_woken(1);
	/* The owner is the woken thread, until that ends: either way no longer this one. */
	CHECK_OK(zx_futex_get_owner(&first, &owner));
	CHECK(owner != rt_koid(rt_boot.thread));
	CHECK_OK(zx_futex_wake(&first, 10));
	CHECK_OK(zx_futex_get_owner(&first, &owner));
	CHECK_EQ(owner, ZX_KOID_INVALID);
	until_woken(THREADS);
	join_all();

	/* No thread can be told to own what it waits for. */
	CHECK_STATUS(zx_futex_wait(&first, 1, rt_boot.thread, 0), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_futex_wait(&first, 1, rt_boot.process, 0), ZX_ERR_WRONG_TYPE);
}

/* A lock made of a futex, fought over. */
static zx_futex_t lock;
static uint64_t counter;

static void lock_and_count(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 20000; i++) {
		int state = 0;

		if (!atomic_compare_exchange_strong((atomic_int *)&lock, &state, 1)) {
			while (atomic_exchange((atomic_int *)&lock, 2) != 0)
				zx_futex_wait(&lock, 2, ZX_HANDLE_INVALID, ZX_TIME_INFINITE);
		}
		counter++;
		if (atomic_exchange((atomic_int *)&lock, 0) == 2)
			zx_futex_wake(&lock, 1);
	}
}

static void mutual_exclusion(void)
{
	size_t i;

	for (i = 0; i < THREADS; i++)
		REQUIRE_OK(rt_thread__start(&threads[i], "counter", lock_and_count, NULL));
	join_all();
	CHECK_EQ(counter, THREADS * 20000);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(without_waiting);
	RUN(wake);
	RUN(requeue);
	RUN(owners);
	RUN(mutual_exclusion);
	return rt_check_result();
}
