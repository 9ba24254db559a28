/*
 * More breakpoints of the machine than zxrun may have open files: they end where its reserve
 * begins, with an error like any other. A system without such breakpoints says so for the first.
 */
#include "check.h"
#include "child.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/debug.h>

/* With four each more than there is room for where this program is run. */
#define THREADS 200u
/* Open files that programs may have there: seven eighths of 600. */
#define FILES 525u
#define LATE (zx_clock_get_monotonic() + UINT64_C(60) * 1000 * 1000 * 1000)
#define ALL_FOUR 0x55ull /* of dr7: on execution */

static struct rt_thread threads[THREADS];
static zx_handle_t tokens[THREADS];

static void nothing(void *arg)
{
	(void)arg;
}

static void start_suspended(uint32_t i)
{
	REQUIRE_OK(rt_thread__create(&threads[i], "stands", nothing, NULL));
	REQUIRE_OK(zx_task_suspend(threads[i].handle, &tokens[i]));
	REQUIRE_OK(rt_thread__resume(&threads[i]));
	REQUIRE_OK(zx_object_wait_one(threads[i].handle, ZX_THREAD_SUSPENDED, LATE, NULL));
}

/* At addresses that no thread comes to. */
static zx_status_t set_four(uint32_t i)
{
	zx_thread_state_debug_regs_t regs = { .dr7 = ALL_FOUR };

	for (uint32_t n = 0; n < 4; n++)
		regs.dr[n] = (uint64_t)threads + n;
	return zx_thread_write_state(threads[i].handle, ZX_THREAD_STATE_DEBUG_REGS, &regs,
				     sizeof(regs));
}

/* Until it fails; gives the number of threads that have them. */
static uint32_t set_many(void)
{
	zx_status_t status = ZX_OK;
	uint32_t count = 0;

	while (count < THREADS && (status = set_four(count)) == ZX_OK)
		count++;
	if (count)
		CHECK_STATUS(status, ZX_ERR_NO_MEMORY);
	else
		CHECK_STATUS(status, ZX_ERR_NOT_SUPPORTED);
	return count;
}

static void run_child(void)
{
	struct rt_child child;
	int64_t code = -1;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "child"));
	REQUIRE_OK(rt_child__start(&child));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 7));
	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, 7);
	rt_child__close(&child);
}

static void end_all(void)
{
	for (uint32_t i = 0; i < THREADS; i++) {
		zx_handle_close(tokens[i]);
		CHECK_OK(rt_thread__join(&threads[i]));
	}
}

static uint32_t room;

static void used_up(void)
{
	for (uint32_t i = 0; i < THREADS; i++)
		start_suspended(i);
	room = set_many();
	CHECK(room * 4 <= FILES);
	end_all();
	run_child();
}

/* Their files went with the threads. */
static void again(void)
{
	for (uint32_t i = 0; i < THREADS; i++)
		start_suspended(i);
	CHECK(set_many() >= room / 2);
	end_all();
}

int main(void)
{
	RUN(used_up);
	RUN(again);
	return rt_check_result();
}
