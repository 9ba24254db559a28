/* Futexes: waiting, waking, moving waiters, and owners. */
#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/futex.h"
#include "compat/core/event.h"
#include "tests/core/core_fixture.h"

#define MAX_WAITERS 4

struct waiting {
	int32_t *word;
	int32_t value;
	zx_handle_t owner;
	zx_time_t deadline;
	zx_status_t status;
	struct runner runner;
};

static void wait_at(struct thread *self, void *data)
{
	struct waiting *w = data;

	w->status = sys_futex_wait(self, UADDR(w->word), w->value, w->owner, w->deadline);
}

/* Starts @count threads that wait at @word, one after the other. */
static void start_waiters(struct waiting *w, int count, int32_t *word, zx_handle_t owner)
{
	for (int i = 0; i < count; i++) {
		w[i] = (struct waiting){ .word = word,
					 .value = *word,
					 .owner = owner,
					 .deadline = ZX_TIME_INFINITE,
					 .status = 1 };
		fixture__run(&w[i].runner, wait_at, &w[i]);
		fixture__await_blocked(&w[i].runner, ZX_THREAD_STATE_BLOCKED_FUTEX);
	}
}

static void expect_woken(struct waiting *w)
{
	fixture__join(&w->runner);
	assert_int_equal(w->status, ZX_OK);
}

static bool still_waits(const struct waiting *w)
{
	return __atomic_load_n(&w->runner.thread->blocked, __ATOMIC_SEQ_CST) ==
	       ZX_THREAD_STATE_BLOCKED_FUTEX;
}

static zx_handle_t thread_handle(struct thread *thread)
{
	object__get(&thread->object);
	return fixture__handle(&thread->object, ZX_DEFAULT_THREAD_RIGHTS);
}

static zx_koid_t owner_of(int32_t *word)
{
	zx_koid_t *koid = user_scratch();

	assert_int_equal(sys_futex_get_owner(fx.self, UADDR(word), UADDR(koid)), ZX_OK);
	return *koid;
}

static void wait_checks(void **state)
{
	int32_t *word = user_alloc(8);
	zx_handle_t event = fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
	struct thread *other = fixture__other_process();
	struct thread *unstarted;

	(void)state;
	assert_int_equal(sys_futex_wait(fx.self, 0, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word) + 2, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_wait(fx.self, FIXTURE_BAD_ADDR, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	/* A value that differs counts before an owner that is none. */
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 1, 0xabcdefu, 0), ZX_ERR_BAD_STATE);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, 0xabcdefu, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, event, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, thread_handle(fx.self), 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, thread_handle(other), 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(thread__create(fx.process, "unstarted", &unstarted), ZX_OK);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, thread_handle(unstarted), 0),
			 ZX_ERR_INVALID_ARGS);
	object__put(&unstarted->object);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, 0, fixture__after_ms(5)),
			 ZX_ERR_TIMED_OUT);
	assert_int_equal(sys_futex_wait_2018(fx.self, UADDR(word), 0, fixture__after_ms(5)),
			 ZX_ERR_TIMED_OUT);
	assert_int_equal(sys_futex_wait_deprecated(fx.self, UADDR(word), 1, ZX_TIME_INFINITE),
			 ZX_ERR_BAD_STATE);
}

static void wake_counts(void **state)
{
	int32_t *word = user_new(int32_t);
	int32_t *elsewhere = user_new(int32_t);
	struct waiting w[MAX_WAITERS];

	(void)state;
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word) + 1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 1), ZX_OK);
	start_waiters(w, MAX_WAITERS, word, 0);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(elsewhere), UINT32_MAX), ZX_OK);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 0), ZX_OK);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 2), ZX_OK);
	expect_woken(&w[0]);
	expect_woken(&w[1]);
	assert_true(still_waits(&w[2]) && still_waits(&w[3]));
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), UINT32_MAX), ZX_OK);
	expect_woken(&w[2]);
	expect_woken(&w[3]);
}

static void processes_do_not_mix(void **state)
{
	struct thread *other = fixture__other_process();
	int32_t *word = user_new(int32_t);
	struct waiting w;

	(void)state;
	start_waiters(&w, 1, word, 0);
	assert_int_equal(sys_futex_wake(other, UADDR(word), UINT32_MAX), ZX_OK);
	assert_true(still_waits(&w));
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 1), ZX_OK);
	expect_woken(&w);
}

static void killed_waiters_leave(void **state)
{
	int32_t *word = user_new(int32_t);
	struct waiting w[2];

	(void)state;
	start_waiters(w, 2, word, 0);
	thread__kill(w[0].runner.thread);
	fixture__join(&w[0].runner);
	assert_int_equal(w[0].status, ZX_ERR_INTERNAL_INTR_KILLED);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 1), ZX_OK);
	expect_woken(&w[1]);
}

static void owners_come_and_go(void **state)
{
	int32_t *word = user_new(int32_t);
	zx_handle_t self = thread_handle(fx.self);
	struct waiting w[3];

	(void)state;
	assert_int_equal(owner_of(word), ZX_KOID_INVALID);
	start_waiters(w, 1, word, self);
	assert_int_equal(owner_of(word), fx.self->object.koid);
	/* The last one who waits says who owns it; nobody, here. */
	start_waiters(&w[1], 1, word, 0);
	assert_int_equal(owner_of(word), ZX_KOID_INVALID);
	start_waiters(&w[2], 1, word, self);
	assert_int_equal(sys_futex_wake_single_owner(fx.self, UADDR(word)), ZX_OK);
	/* Others wait, so the woken one owns it, until it is gone with the join. */
	assert_true(owner_of(word) == w[0].runner.thread->object.koid);
	expect_woken(&w[0]);
	/* Its end frees what it owned. */
	assert_int_equal(owner_of(word), ZX_KOID_INVALID);
	assert_int_equal(sys_futex_wake_single_owner(fx.self, UADDR(word)), ZX_OK);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 1), ZX_OK);
	assert_int_equal(owner_of(word), ZX_KOID_INVALID);
	expect_woken(&w[1]);
	expect_woken(&w[2]);
	assert_int_equal(sys_futex_get_owner(fx.self, UADDR(word) + 1, UADDR(word)),
			 ZX_ERR_INVALID_ARGS);
}

static void no_owners_in_2018(void **state)
{
	int32_t *words = user_alloc(8);
	zx_handle_t self = thread_handle(fx.self);
	struct waiting w[2];

	(void)state;
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(words), 1, self, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 1, UADDR(words + 1), 1, self),
			 ZX_ERR_INVALID_ARGS);
	/* The value counts before the addresses are compared. */
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 1, UADDR(words), 1, 0),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 0, UADDR(words), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	/* What nobody can wait for is no error. */
	assert_int_equal(sys_futex_wake(fx.self, 0, 1), ZX_OK);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(words) + 1, 0), ZX_OK);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(words) + 1, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_get_owner(fx.self, 0, UADDR(user_new(zx_koid_t))), ZX_OK);
	start_waiters(w, 2, words, 0);
	assert_int_equal(sys_futex_wake_single_owner(fx.self, UADDR(words)), ZX_OK);
	assert_int_equal(owner_of(words), ZX_KOID_INVALID);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(words), 1), ZX_OK);
	expect_woken(&w[0]);
	expect_woken(&w[1]);
}

static void an_owner_cannot_wait_there(void **state)
{
	int32_t *word = user_new(int32_t);
	struct waiting w;
	zx_handle_t waiter;

	(void)state;
	start_waiters(&w, 1, word, 0);
	waiter = thread_handle(w.runner.thread);
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, waiter, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(word), 0, 0, UADDR(word + 4), 0, waiter),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(word), 1), ZX_OK);
	expect_woken(&w);
	/* An ended thread owns nothing. */
	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, waiter, fixture__after_ms(1)),
			 ZX_ERR_TIMED_OUT);
}

static void requeue_checks(void **state)
{
	int32_t *words = user_alloc(16);

	(void)state;
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words) + 1, 1, 0, UADDR(words + 1), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 0, UADDR(words) + 1, 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 0, UADDR(words), 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 1, UADDR(words + 1), 1,
					   0xabcdefu),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 0, UADDR(words + 1), 1,
					   0xabcdefu),
			 ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 1, 0, UADDR(words + 1), 1, 0),
			 ZX_OK);
	assert_int_equal(sys_futex_requeue_2018(fx.self, UADDR(words), 1, 1, UADDR(words + 1), 1),
			 ZX_ERR_BAD_STATE);
	assert_int_equal(sys_futex_requeue_deprecated(fx.self, UADDR(words), 1, 0,
						      UADDR(words + 1), 1),
			 ZX_OK);
}

static void requeue_moves(void **state)
{
	int32_t *words = user_alloc(4096);
	int32_t *from = &words[0];
	int32_t *to = &words[700];
	struct waiting w[MAX_WAITERS];

	(void)state;
	start_waiters(w, MAX_WAITERS, from, 0);
	assert_int_equal(sys_futex_requeue(fx.self, UADDR(from), 1, 0, UADDR(to), 2,
					   thread_handle(fx.self)),
			 ZX_OK);
	expect_woken(&w[0]);
	assert_int_equal(owner_of(to), fx.self->object.koid);
	assert_int_equal(owner_of(from), ZX_KOID_INVALID);
	/* One that was moved, and is killed where it waits now. */
	thread__kill(w[1].runner.thread);
	fixture__join(&w[1].runner);
	assert_int_equal(sys_futex_wake(fx.self, UADDR(to), UINT32_MAX), ZX_OK);
	expect_woken(&w[2]);
	assert_true(still_waits(&w[3]));
	assert_int_equal(sys_futex_requeue_single_owner(fx.self, UADDR(from), 0, UADDR(to), 1, 0),
			 ZX_OK);
	expect_woken(&w[3]);
}

static void exit_wakes_and_closes(void **state)
{
	int32_t *word = user_new(int32_t);
	zx_handle_t event = fixture__handle(event__create(), ZX_DEFAULT_EVENT_RIGHTS);
	struct waiting w;

	(void)state;
	start_waiters(&w, 1, word, 0);
	sys_futex_wake_handle_close_thread_exit(fx.self, UADDR(word), 1, 42, event);
	expect_woken(&w);
	assert_int_equal(*word, 42);
	assert_int_equal(fx.process->handles.count, 0);
	assert_true(fx.self->killed);
}

static void exit_with_a_bad_address_kills(void **state)
{
	(void)state;
	sys_futex_wake_handle_close_thread_exit(fx.self, FIXTURE_BAD_ADDR, 1, 42, 0);
	assert_int_equal(fx.process->state, PROCESS_DYING);
	assert_int_equal(fx.process->return_code, era__of(ZXERA_2020_07)->retcode_exception);
}

#define ROUNDS 3000

/* A mutex as C libraries build it: 0 free, 1 held, 2 held and perhaps waited for. */
struct lock_test {
	int32_t *word;
	int counter;
};

static void lock(struct thread *self, int32_t *word)
{
	int32_t free_word = 0;

	if (__atomic_compare_exchange_n(word, &free_word, 1, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		return;
	while (__atomic_exchange_n(word, 2, __ATOMIC_SEQ_CST)) {
		zx_status_t status = sys_futex_wait(self, UADDR(word), 2, 0, ZX_TIME_INFINITE);

		assert_true(status == ZX_OK || status == ZX_ERR_BAD_STATE);
	}
}

static void unlock(struct thread *self, int32_t *word)
{
	if (__atomic_exchange_n(word, 0, __ATOMIC_SEQ_CST) == 2)
		assert_int_equal(sys_futex_wake(self, UADDR(word), 1), ZX_OK);
}

static void count_under_lock(struct thread *self, void *data)
{
	struct lock_test *test = data;

	for (int i = 0; i < ROUNDS; i++) {
		lock(self, test->word);
		test->counter++;
		unlock(self, test->word);
	}
}

static void a_mutex_works(void **state)
{
	struct lock_test test = { .word = user_new(int32_t) };
	struct runner runners[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		fixture__run(&runners[i], count_under_lock, &test);
	for (int i = 0; i < 3; i++)
		fixture__join(&runners[i]);
	assert_int_equal(test.counter, 3 * ROUNDS);
}

static void wait_briefly(struct thread *self, void *data)
{
	int32_t *words = data;

	for (int i = 0; i < ROUNDS / 4; i++)
		(void)sys_futex_wait(self, UADDR(words), 0, 0, core_host.clock_monotonic() + 20000);
}

static void timeouts_race_with_requeues(void **state)
{
	int32_t *words = user_alloc(4096);
	struct runner runners[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		fixture__run(&runners[i], wait_briefly, words);
	for (int i = 0; i < ROUNDS * 4; i++) {
		assert_int_equal(sys_futex_requeue(fx.self, UADDR(words), 0, 0, UADDR(&words[500]),
						   1, 0),
				 ZX_OK);
		assert_int_equal(sys_futex_requeue(fx.self, UADDR(&words[500]), 0, 0, UADDR(words),
						   1, 0),
				 ZX_OK);
		if (i % 3 == 0)
			assert_int_equal(sys_futex_wake(fx.self, UADDR(words), 1), ZX_OK);
	}
	for (int i = 0; i < 2; i++)
		fixture__join(&runners[i]);
}

static void cycle(void)
{
	int32_t *word = user_scratch();

	assert_int_equal(sys_futex_wait(fx.self, UADDR(word), 0, 0,
					core_host.clock_monotonic() + 1000),
			 ZX_ERR_TIMED_OUT);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(wait_checks),
		test_case(wake_counts),
		test_case(processes_do_not_mix),
		test_case(killed_waiters_leave),
		test_case(owners_come_and_go),
		test_case(no_owners_in_2018),
		test_case(an_owner_cannot_wait_there),
		test_case(requeue_checks),
		test_case(requeue_moves),
		test_case(exit_wakes_and_closes),
		test_case(exit_with_a_bad_address_kills),
		test_case(a_mutex_works),
		test_case(timeouts_race_with_requeues),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
