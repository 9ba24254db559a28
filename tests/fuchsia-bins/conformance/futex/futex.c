/* Futexes. */
#include "conformance.h"

#include "tasks.h"

#include <stdatomic.h>

#include "memory.h"

static zx_futex_t word;
static zx_futex_t other;
static atomic_int woken;

/* The forms without an owner, until October 2018. */
zx_status_t futex_wait_201810(const zx_futex_t *value_ptr, int32_t value, zx_time_t deadline)
	__asm__("zx_futex_wait") __attribute__((weak));
zx_status_t futex_requeue_201810(const zx_futex_t *value_ptr, uint32_t wake_count, int32_t value,
				 const zx_futex_t *requeue_ptr, uint32_t requeue_count)
	__asm__("zx_futex_requeue") __attribute__((weak));

#define MISALIGNED(pointer) ((zx_futex_t *)((uintptr_t)(pointer) + 1))

/* In any form, without an owner. */
static zx_status_t wait_for(const zx_futex_t *at, int32_t value, zx_time_t deadline)
{
	if (era() <= ERA_2018_10)
		return futex_wait_201810(at, value, deadline);
	return zx_futex_wait(at, value, ZX_HANDLE_INVALID, deadline);
}

static zx_status_t requeue(const zx_futex_t *from, uint32_t wake, int32_t value,
			   const zx_futex_t *to, uint32_t count)
{
	if (era() <= ERA_2018_10)
		return futex_requeue_201810(from, wake, value, to, count);
	return zx_futex_requeue(from, wake, value, to, count, ZX_HANDLE_INVALID);
}

/* A thread of another process. */
static zx_handle_t foreign_thread(void)
{
	zx_handle_t process, vmar, thread;

	EXPECT_OK(zx_process_create(rt_boot.job, "x", 1, 0, &process, &vmar));
	own(process);
	own(vmar);
	EXPECT_OK(zx_thread_create(process, "x", 1, 0, &thread));
	return own(thread);
}

static void wait_on_word(void *arg)
{
	(void)arg;
	EXPECT_OK(wait_for(&word, 0, ZX_TIME_INFINITE));
	atomic_fetch_add(&woken, 1);
}

/* Starts threads, and returns when all of them wait at `word`. */
static zx_handle_t start_waiters(int count)
{
	zx_handle_t thread = ZX_HANDLE_INVALID;

	word = other = 0;
	woken = 0;
	while (count--) {
		thread = start_thread(wait_on_word, NULL);
		EXPECT(rt_until_blocked(thread, ZX_THREAD_STATE_BLOCKED_FUTEX));
	}
	return thread;
}

static void wake_all(void)
{
	EXPECT_OK(zx_futex_wake(&word, UINT32_MAX));
	EXPECT_OK(zx_futex_wake(&other, UINT32_MAX));
	join_threads();
}

static void until_woken(int count)
{
	zx_time_t end = LATE;

	while (woken < count && zx_clock_get_monotonic() < end)
		zx_nanosleep(zx_deadline_after(MILLISECOND));
	EXPECT_EQ(woken, count);
}

static zx_koid_t owner_of(zx_futex_t *at)
{
	zx_koid_t koid = 1;

	EXPECT_OK(zx_futex_get_owner(at, &koid));
	return koid;
}

/* --- futex_wait --- */

static zx_status_t wait_with_owner(zx_handle_t owner)
{
	word = 0;
	return zx_futex_wait(&word, 0, owner, AT_ONCE);
}

static zx_status_t wait_for_a_waiter(void)
{
	zx_handle_t waiter = start_waiters(1);
	zx_status_t status = zx_futex_wait(&word, 0, waiter, AT_ONCE);

	wake_all();
	return status;
}

REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, no_pointer, wait_for(NULL, 0, AT_ONCE),
	.line = "value_ptr is a bad")
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, bad_pointer, wait_for(BAD_POINTER, 0, AT_ONCE),
	.line = "value_ptr is a bad")
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, misaligned, wait_for(MISALIGNED(&word), 0, AT_ONCE),
	.line = "value_ptr is a bad")
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, kernel_address, wait_for(KERNEL_ADDRESS, 0, AT_ONCE),
	.line = "value_ptr is a bad")
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, owner_is_the_caller, wait_with_owner(rt_boot.thread),
	.line = "new_futex_owner is the caller", .from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, owner_waits_there, wait_for_a_waiter(),
	.line = "new_futex_owner is the caller", .from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, owner_is_not_started, wait_with_owner(idle_thread()),
	.line = "new_futex_owner is not started", .from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, owner_of_another_process,
	wait_with_owner(foreign_thread()), .line = "new_futex_owner is not started",
	.from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_BAD_HANDLE, closed, wait_with_owner(closed_handle()),
	.from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_WRONG_TYPE, event, wait_with_owner(make_event()), .from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_BAD_STATE, another_value, wait_for(&word, 1 + word, ZX_TIME_INFINITE))
REFUSES(futex_wait, ZX_ERR_BAD_STATE, value_before_owner,
	zx_futex_wait(&word, 1 + word, closed_handle(), AT_ONCE), .from = ERA_2020_07)
REFUSES(futex_wait, ZX_ERR_TIMED_OUT, soon, wait_for(&word, word, SOON))
REFUSES(futex_wait, ZX_ERR_TIMED_OUT, at_once, wait_for(&word, word, AT_ONCE))

CHECK(futex_wait, waits_as_long_as_told)
{
	zx_time_t deadline = SOON;

	EXPECT_STATUS(wait_for(&word, word, deadline), ZX_ERR_TIMED_OUT);
	EXPECT(zx_clock_get_monotonic() >= deadline);
}

CHECK(futex_wait, names_the_owner, .from = ERA_2020_07)
{
	zx_handle_t waiter;

	word = 0;
	waiter = start_waiters(1);
	EXPECT_STATUS(zx_futex_wait(&other, 0, waiter, AT_ONCE), ZX_ERR_TIMED_OUT);
	EXPECT_EQ(owner_of(&other), ZX_KOID_INVALID);
	EXPECT_EQ(owner_of(&word), ZX_KOID_INVALID);
	wake_all();
}

/* Owners had come in 2018-12, but nobody could be one yet. */
REFUSES(futex_wait, ZX_ERR_INVALID_ARGS, owner_too_early, wait_with_owner(rt_boot.thread),
	.line = "is not ZX_HANDLE_INVALID", .from = ERA_2018_12, .to = ERA_2019_01)
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, owner_too_early,
	zx_futex_requeue(&word, 0, word, &other, 0, rt_boot.thread),
	.line = "is not ZX_HANDLE_INVALID", .from = ERA_2018_12, .to = ERA_2019_01)
REFUSES(futex_requeue_single_owner, ZX_ERR_INVALID_ARGS, owner_too_early,
	zx_futex_requeue_single_owner(&word, word, &other, 0, rt_boot.thread),
	.line = "is not ZX_HANDLE_INVALID", .from = ERA_2018_12, .to = ERA_2019_01)

/* --- futex_wake --- */

REFUSES(futex_wake, ZX_ERR_INVALID_ARGS, no_pointer, zx_futex_wake(NULL, 1), .from = ERA_2020_07)
REFUSES(futex_wake, ZX_ERR_INVALID_ARGS, misaligned, zx_futex_wake(MISALIGNED(&word), 1))

CHECK(futex_wake, nobody)
{
	EXPECT_OK(zx_futex_wake(&word, 1));
	EXPECT_OK(zx_futex_wake(&word, 0));
}

CHECK(futex_wake, as_many_as_told)
{
	start_waiters(3);
	EXPECT_OK(zx_futex_wake(&word, 0));
	EXPECT_OK(zx_futex_wake(&word, 2));
	until_woken(2);
	zx_nanosleep(SOON);
	EXPECT_EQ(woken, 2);
	wake_all();
	EXPECT_EQ(woken, 3);
}

/* --- futex_requeue --- */

static zx_status_t requeue_to(zx_handle_t owner)
{
	word = 0;
	return zx_futex_requeue(&word, 0, 0, &other, 1, owner);
}

static zx_status_t requeue_to_a_waiter(void)
{
	zx_handle_t waiter = start_waiters(1);
	zx_status_t status = zx_futex_requeue(&word, 0, 0, &other, 1, waiter);

	wake_all();
	return status;
}

REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, no_pointer, requeue(NULL, 0, 0, &other, 0),
	.line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, misaligned,
	requeue(MISALIGNED(&word), 0, 0, &other, 0), .line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, misaligned_target,
	requeue(&word, 0, word, MISALIGNED(&other), 0), .line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, bad_pointer, requeue(BAD_POINTER, 0, 0, &other, 0),
	.line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, one_and_the_same, requeue(&word, 0, word, &word, 0),
	.line = "value_ptr and requeue_ptr are")
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, owner_waits_there, requeue_to_a_waiter(),
	.line = "new_requeue_owner waits at one", .from = ERA_2020_07)
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, owner_is_not_started, requeue_to(idle_thread()),
	.line = "new_requeue_owner is not started", .from = ERA_2020_07)
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, owner_of_another_process, requeue_to(foreign_thread()),
	.line = "new_requeue_owner is not started", .from = ERA_2020_07)
REFUSES(futex_requeue, ZX_ERR_BAD_HANDLE, closed, requeue_to(closed_handle()), .from = ERA_2020_07)
REFUSES(futex_requeue, ZX_ERR_WRONG_TYPE, event, requeue_to(make_event()), .from = ERA_2020_07)
REFUSES(futex_requeue, ZX_ERR_BAD_STATE, another_value, requeue(&word, 0, 1 + word, &other, 0))
REFUSES(futex_requeue, ZX_ERR_BAD_STATE, value_before_addresses_to_2019,
	requeue(&word, 0, 1 + word, &word, 0), .to = ERA_2019_01)
REFUSES(futex_requeue, ZX_ERR_INVALID_ARGS, addresses_before_value,
	requeue(&word, 0, 1 + word, &word, 0), .line = "are one", .from = ERA_2020_07)

CHECK(futex_requeue, wakes_some_and_moves_some)
{
	start_waiters(3);
	EXPECT_OK(requeue(&word, 1, 0, &other, 1));
	until_woken(1);
	EXPECT_OK(zx_futex_wake(&other, UINT32_MAX));
	until_woken(2);
	zx_nanosleep(SOON);
	EXPECT_EQ(woken, 2);
	wake_all();
	EXPECT_EQ(woken, 3);
}

CHECK(futex_requeue, gives_the_second_an_owner, .from = ERA_2020_07)
{
	start_waiters(2);
	EXPECT_OK(zx_futex_requeue(&word, 0, 0, &other, 2, rt_boot.thread));
	EXPECT_EQ(owner_of(&other), rt_koid(rt_boot.thread));
	EXPECT_EQ(owner_of(&word), ZX_KOID_INVALID);
	EXPECT_OK(zx_futex_wake(&other, 1));
	EXPECT_EQ(owner_of(&other), ZX_KOID_INVALID);
	wake_all();
}

/* --- futex_requeue_single_owner, futex_wake_single_owner, futex_get_owner --- */

static zx_status_t requeue_single(const zx_futex_t *from, int32_t value, const zx_futex_t *to,
				  zx_handle_t owner)
{
	return zx_futex_requeue_single_owner(from, value, to, 1, owner);
}

static zx_status_t requeue_single_to_a_waiter(void)
{
	zx_handle_t waiter = start_waiters(1);
	zx_status_t status = requeue_single(&word, 0, &other, waiter);

	wake_all();
	return status;
}

REFUSES(futex_requeue_single_owner, ZX_ERR_INVALID_ARGS, no_pointer,
	requeue_single(NULL, 0, &other, 0), .line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue_single_owner, ZX_ERR_INVALID_ARGS, misaligned_target,
	requeue_single(&word, word, MISALIGNED(&other), 0), .line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue_single_owner, ZX_ERR_INVALID_ARGS, one_and_the_same,
	requeue_single(&word, word, &word, 0), .line = "value_ptr and requeue_ptr are")
REFUSES(futex_requeue_single_owner, ZX_ERR_INVALID_ARGS, owner_waits_there,
	requeue_single_to_a_waiter(), .line = "new_requeue_owner waits at one",
	.from = ERA_2020_07)
REFUSES(futex_requeue_single_owner, ZX_ERR_INVALID_ARGS, owner_is_not_started,
	requeue_single(&word, word, &other, idle_thread()),
	.line = "new_requeue_owner is not started", .from = ERA_2020_07)
REFUSES(futex_requeue_single_owner, ZX_ERR_BAD_HANDLE, closed,
	requeue_single(&word, word, &other, closed_handle()), .from = ERA_2020_07)
REFUSES(futex_requeue_single_owner, ZX_ERR_WRONG_TYPE, event,
	requeue_single(&word, word, &other, make_event()), .from = ERA_2020_07)
REFUSES(futex_requeue_single_owner, ZX_ERR_BAD_STATE, another_value,
	requeue_single(&word, 1 + word, &other, 0))
REFUSES(futex_wake_single_owner, ZX_ERR_INVALID_ARGS, no_pointer,
	zx_futex_wake_single_owner(NULL), .from = ERA_2020_07)
REFUSES(futex_wake_single_owner, ZX_ERR_INVALID_ARGS, misaligned,
	zx_futex_wake_single_owner(MISALIGNED(&word)))

static zx_koid_t koid;

REFUSES(futex_get_owner, ZX_ERR_INVALID_ARGS, no_pointer, zx_futex_get_owner(NULL, &koid),
	.line = "value_ptr is not aligned", .from = ERA_2020_07)
REFUSES(futex_get_owner, ZX_ERR_INVALID_ARGS, misaligned,
	zx_futex_get_owner(MISALIGNED(&word), &koid), .line = "value_ptr is not aligned",
	.from = ERA_2020_07)
REFUSES(futex_get_owner, ZX_ERR_INVALID_ARGS, bad_koid, zx_futex_get_owner(&word, BAD_POINTER),
	.line = "koid is a bad", .from = ERA_2020_07)

CHECK(futex_wake_single_owner, makes_the_woken_one_the_owner, .from = ERA_2020_07)
{
	start_waiters(2);
	EXPECT_OK(zx_futex_wake_single_owner(&word));
	until_woken(1);
	zx_nanosleep(SOON);
	EXPECT_EQ(woken, 1);
	wake_all();
	EXPECT_EQ(owner_of(&word), ZX_KOID_INVALID);
}

CHECK(futex_get_owner, of_a_waited_for_futex, .from = ERA_2020_07)
{
	start_waiters(1);
	EXPECT_OK(zx_futex_requeue(&word, 0, 0, &other, 1, rt_boot.thread));
	EXPECT_EQ(owner_of(&other), rt_koid(rt_boot.thread));
	wake_all();
	EXPECT_EQ(owner_of(&other), ZX_KOID_INVALID);
}

/* --- The forms without owners, as they were called when owners had come --- */

static zx_status_t wait_deprecated(const zx_futex_t *at, int32_t value, zx_time_t deadline)
{
	return zx_futex_wait_deprecated(at, value, deadline);
}

static zx_status_t requeue_deprecated(const zx_futex_t *from, int32_t value, const zx_futex_t *to)
{
	return zx_futex_requeue_deprecated(from, 1, value, to, 1);
}

REFUSES(futex_wait_deprecated, ZX_ERR_INVALID_ARGS, no_pointer, wait_deprecated(NULL, 0, AT_ONCE))
REFUSES(futex_wait_deprecated, ZX_ERR_INVALID_ARGS, misaligned,
	wait_deprecated(MISALIGNED(&word), 0, AT_ONCE))
REFUSES(futex_wait_deprecated, ZX_ERR_BAD_STATE, another_value,
	wait_deprecated(&word, 1 + word, AT_ONCE))
REFUSES(futex_wait_deprecated, ZX_ERR_TIMED_OUT, soon, wait_deprecated(&word, word, SOON))
REFUSES(futex_requeue_deprecated, ZX_ERR_INVALID_ARGS, no_pointer,
	requeue_deprecated(NULL, 0, &other), .line = "value_ptr or requeue_ptr is")
REFUSES(futex_requeue_deprecated, ZX_ERR_INVALID_ARGS, one_and_the_same,
	requeue_deprecated(&word, word, &word), .line = "value_ptr and requeue_ptr are")
REFUSES(futex_requeue_deprecated, ZX_ERR_BAD_STATE, another_value,
	requeue_deprecated(&word, 1 + word, &other))

/* --- futex_wake_handle_close_thread_exit --- */

static zx_handle_t to_close;

static void end_by_waking(void *arg)
{
	(void)arg;
	zx_futex_wake_handle_close_thread_exit(&word, 1, 7, to_close);
}

CHECK(futex_wake_handle_close_thread_exit, stores_wakes_closes_and_ends)
{
	zx_handle_t thread;

	start_waiters(1);
	to_close = make_event();
	thread = start_thread(end_by_waking, NULL);
	EXPECT_OK(zx_object_wait_one(thread, ZX_THREAD_TERMINATED, LATE, NULL));
	EXPECT_EQ(word, 7);
	EXPECT(!is_valid(to_close));
	until_woken(1);
}
