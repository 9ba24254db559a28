/* Restricted mode without a state, and the sampler of a kernel without one. */
#include "conformance.h"

#include <zircon/syscalls/next.h>

static zx_handle_t out;

static zx_handle_t make_thread(void)
{
	zx_handle_t thread;

	EXPECT_OK(zx_thread_create(rt_boot.process, "thread", 6, 0, &thread));
	return own(thread);
}

CHECK_HANDLE(restricted_kick, thread, MANAGE_THREAD, make_thread(), zx_restricted_kick(h, 0))

REFUSES(restricted_kick, ZX_ERR_INVALID_ARGS, options, zx_restricted_kick(make_thread(), 1))
REFUSES(restricted_unbind_state, ZX_ERR_INVALID_ARGS, options, zx_restricted_unbind_state(1))
REFUSES(restricted_enter, ZX_ERR_BAD_STATE, no_state, zx_restricted_enter(0, 0x10000000, 0),
	.line = "no state is bound")

CHECK_ERROR(restricted_kick, ZX_ERR_BAD_STATE, dead)
{
	zx_handle_t process, vmar, thread;

	EXPECT_OK(zx_process_create(rt_boot.job, "child", 5, 0, &process, &vmar));
	own(vmar);
	EXPECT_OK(zx_thread_create(own(process), "thread", 6, 0, &thread));
	own(thread);
	EXPECT_OK(zx_task_kill(process));
	EXPECT_OK(zx_object_wait_one(process, ZX_TASK_TERMINATED, ZX_TIME_INFINITE, NULL));
	EXPECT_STATUS(zx_restricted_kick(thread, 0), ZX_ERR_BAD_STATE);
}

CHECK(restricted_unbind_state, nothing_is_bound)
{
	EXPECT_OK(zx_restricted_unbind_state(0));
}

static zx_status_t unless_there(zx_status_t status)
{
	if (status != ZX_ERR_NOT_SUPPORTED)
		skip("the kernel has a sampler");
	return status;
}

static zx_status_t create_sampler(zx_handle_t resource)
{
	zx_sampler_config_t config = { 0 };

	return zx_sampler_create(resource, 0, &config, &out);
}

REFUSES(sampler_create, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(create_sampler(closed_handle())), .line = "the kernel has no")
REFUSES(sampler_start, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_sampler_start(closed_handle())), .line = "the kernel has no")
REFUSES(sampler_stop, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_sampler_stop(closed_handle())), .line = "the kernel has no")
REFUSES(sampler_read, ZX_ERR_NOT_SUPPORTED, without_it,
	unless_there(zx_sampler_read(closed_handle(), NULL, 0, &(size_t){ 0 })),
	.line = "the kernel has no")
