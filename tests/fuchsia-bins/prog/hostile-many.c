/*
 * Many threads: more calls at once than there are CPUs (a lost wake-up would hang one of them), and
 * more threads than there is room for. The argument says for how many seconds the calls go on.
 */
#include "check.h"

#include <zircon/errors.h>

#define CALLERS 8
/* More than any limit on the threads of a process that is known. */
#define MANY 2100
#define PATIENCE ZX_SEC(30)

static struct rt_thread threads[MANY];
static volatile bool stop;
static uint64_t seconds = 2;

static void call_until_stop(void *arg)
{
	uint64_t *count = arg;

	while (!stop) {
		zx_object_signal(ZX_HANDLE_INVALID, 0, 0);
		(*count)++;
	}
}

static void many_calls(void)
{
	static uint64_t counts[CALLERS];

	for (int i = 0; i < CALLERS; i++)
		REQUIRE_OK(rt_thread__start(&threads[i], "caller", call_until_stop, &counts[i]));
	zx_nanosleep(zx_deadline_after(ZX_SEC(seconds)));
	stop = true;
	for (int i = 0; i < CALLERS; i++) {
		CHECK_OK(zx_object_wait_one(threads[i].handle, ZX_THREAD_TERMINATED,
					    zx_deadline_after(PATIENCE), NULL));
		CHECK(counts[i] > 0);
		zx_handle_close(threads[i].handle);
	}
}

static void wait_on(void *arg)
{
	zx_object_wait_one((zx_handle_t)(uintptr_t)arg, ZX_EVENT_SIGNALED, ZX_TIME_INFINITE, NULL);
}

/* Twice, because the second time takes the places that the first gave back. */
static void many_threads(void)
{
	zx_handle_t event;
	int first = 0;

	REQUIRE_OK(zx_event_create(0, &event));
	for (int round = 0; round < 2; round++) {
		zx_status_t status = ZX_OK;
		int started = 0;

		while (started < MANY && status == ZX_OK) {
			status = rt_thread__start(&threads[started], "one of many", wait_on,
						  (void *)(uintptr_t)event);
			started += status == ZX_OK;
		}
		CHECK(started >= 2000 || status != ZX_OK);
		if (started < MANY)
			CHECK_EITHER(status, ZX_ERR_NO_RESOURCES, ZX_ERR_NO_MEMORY);
		if (!round)
			first = started;
		CHECK_EQ(started, first);
		CHECK_OK(zx_object_signal(event, 0, ZX_EVENT_SIGNALED));
		for (int i = 0; i < started; i++)
			CHECK_OK(rt_thread__join(&threads[i]));
		CHECK_OK(zx_object_signal(event, ZX_EVENT_SIGNALED, 0));
	}
	zx_handle_close(event);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seconds = (uint64_t)(argv[1][0] - '0') * 10;
	RUN(many_calls);
	RUN(many_threads);
	return rt_check_result();
}
