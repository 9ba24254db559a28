/* Calls on the system that need a resource or the root job, made by a program without. */
#include "conformance.h"

#include <zircon/eras.h>
#include <zircon/syscalls/next.h>
#include <zircon/syscalls/resource.h>
#include <zircon/syscalls/system.h>

#include "twin.h"

static uint64_t words[64];
static zx_handle_t out;

/* The errors of a call whose first argument is a handle to what the program does not have. */
#define CHECK_REFUSED(call, argument, expression, ...) \
	CHECK_HANDLE_VALID(call, argument, expression, ##__VA_ARGS__) \
	CHECK_HANDLE_TYPE(call, argument, make_event(), expression, ##__VA_ARGS__)

/* A call that a system can be started without. */
static zx_status_t unless_there(zx_status_t status)
{
	if (status == ZX_ERR_BAD_HANDLE)
		skip("the system was started with debugging calls");
	return status;
}

#define CHECK_WITHOUT(call, expression, ...) \
	CHECK_ERROR(call, ZX_ERR_NOT_SUPPORTED, without_it, .line = "started without", \
		    .from = ERA_2020_07, ##__VA_ARGS__) \
	{ \
		EXPECT_STATUS(unless_there(expression), ZX_ERR_NOT_SUPPORTED); \
	}

static zx_status_t get_event(zx_handle_t job, uint32_t kind)
{
	return zx_system_get_event(job, kind, &out);
}

static zx_status_t suspend(zx_handle_t resource)
{
	uint32_t actual;

	return zx_system_suspend_enter(resource, 0, 0, NULL, NULL, 0, &actual);
}

static zx_status_t set_power_state(zx_handle_t port, zx_processor_power_state_t *state)
{
	return zx_system_set_processor_power_state(port, state);
}

static zx_status_t set_power_domain(zx_handle_t resource)
{
	zx_processor_power_domain_t domain = { 0 };

	return zx_system_set_processor_power_domain(resource, 0, &domain, make_port(), NULL, 0, NULL,
						    0);
}

static zx_status_t watch_stall(zx_handle_t resource)
{
	return zx_system_watch_memory_stall(resource, ZX_SYSTEM_MEMORY_STALL_SOME, 1000000,
					    10000000, &out);
}

CHECK_REFUSED(system_powerctl, resource,
	      zx_system_powerctl(h, ZX_SYSTEM_POWERCTL_REBOOT, NULL))
CHECK_REFUSED(system_suspend_enter, resource, suspend(h))
CHECK_REFUSED(system_get_performance_info, resource,
	      zx_system_get_performance_info(h, 1, 1, words, words))
CHECK_REFUSED(system_set_performance_info, resource,
	      zx_system_set_performance_info(h, 1, words, 1))
CHECK_REFUSED(system_set_processor_power_domain, resource, set_power_domain(h))
CHECK_REFUSED(system_watch_memory_stall, resource, watch_stall(h))
CHECK_REFUSED(system_mexec, resource, zx_system_mexec(h, make_vmo(1), make_vmo(1)),
	      .to = ERA_2019_01)
CHECK_WITHOUT(system_mexec, zx_system_mexec(closed_handle(), make_vmo(1), make_vmo(1)))
CHECK_REFUSED(system_mexec_payload_get, resource,
	      zx_system_mexec_payload_get(h, words, sizeof(words)), .to = ERA_2019_01)
CHECK_WITHOUT(system_mexec_payload_get,
	      zx_system_mexec_payload_get(closed_handle(), words, sizeof(words)))

CHECK_HANDLE_VALID(system_set_processor_power_state, port,
		   set_power_state(h, &(zx_processor_power_state_t){ 0 }))
CHECK_HANDLE_TYPE(system_set_processor_power_state, port, make_event(),
		  set_power_state(h, &(zx_processor_power_state_t){ 0 }))
CHECK_HANDLE_RIGHT(system_set_processor_power_state, port, READ, make_port(),
		   set_power_state(h, &(zx_processor_power_state_t){ 0 }))

REFUSES(system_set_processor_power_state, ZX_ERR_INVALID_ARGS, bad_power_state,
	set_power_state(make_port(), BAD_POINTER))
REFUSES(system_set_processor_power_state, ZX_ERR_NOT_FOUND, group,
	set_power_state(make_port(), &(zx_processor_power_state_t){ .domain_id = 0xfffffff0 }))

CHECK_HANDLE_VALID(system_get_event, root_job, get_event(h, ZX_SYSTEM_EVENT_OUT_OF_MEMORY))
CHECK_HANDLE_TYPE(system_get_event, root_job, make_event(),
		  get_event(h, ZX_SYSTEM_EVENT_OUT_OF_MEMORY))

/* A job below the program's own is certainly not the root job. */
CHECK_ERROR(system_get_event, ZX_ERR_ACCESS_DENIED, other_job)
{
	zx_handle_t job;

	EXPECT_OK(zx_job_create(rt_boot.job, 0, &job));
	EXPECT_STATUS(get_event(own(job), ZX_SYSTEM_EVENT_OUT_OF_MEMORY), ZX_ERR_ACCESS_DENIED);
}

REFUSES(system_get_event, ZX_ERR_ACCESS_DENIED, lacks_the_right,
	get_event(without_rights(rt_boot.job, ZX_RIGHT_MANAGE_PROCESS),
		  ZX_SYSTEM_EVENT_OUT_OF_MEMORY))

/* --- With the root job and the root resource --- */

REFUSES(system_get_event, ZX_ERR_INVALID_ARGS, kind, get_event(rt_boot.job, 77), .root = true)
REFUSES(system_get_event, ZX_ERR_INVALID_ARGS, bad_event,
	zx_system_get_event(rt_boot.job, ZX_SYSTEM_EVENT_OUT_OF_MEMORY, BAD_OUT), .root = true)

/* The resource for one privilege. */
static zx_handle_t privilege(uint64_t base)
{
	EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_SYSTEM_2021, base, 1, NULL, 0,
				     &out));
	return own(out);
}

static zx_status_t watch(uint32_t kind, zx_duration_t threshold, zx_duration_t window)
{
	zx_handle_t resource = privilege(ZX_RSRC_SYSTEM_STALL_BASE);
	zx_handle_t event;
	zx_status_t status = zx_system_watch_memory_stall(resource, kind, threshold, window, &event);

	if (status == ZX_OK)
		own(event);
	return status;
}

REFUSES(system_watch_memory_stall, ZX_ERR_OUT_OF_RANGE, another_base,
	watch_stall(privilege(ZX_RSRC_SYSTEM_CPU_BASE)), .root = true)
REFUSES(system_watch_memory_stall, ZX_ERR_INVALID_ARGS, kind,
	watch(77, MILLISECOND, 10 * MILLISECOND), .line = "kind is", .root = true)

CHECK_ERROR(system_watch_memory_stall, ZX_ERR_INVALID_ARGS, times, .line = "kind is", .root = true)
{
	const uint32_t some = ZX_SYSTEM_MEMORY_STALL_SOME;

	EXPECT_STATUS(watch(some, 0, MILLISECOND), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(watch(some, 2 * MILLISECOND, MILLISECOND), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(watch(some, MILLISECOND, 10001 * MILLISECOND), ZX_ERR_INVALID_ARGS);
}

REFUSES(system_watch_memory_stall, ZX_ERR_INVALID_ARGS, bad_event,
	zx_system_watch_memory_stall(privilege(ZX_RSRC_SYSTEM_STALL_BASE),
				     ZX_SYSTEM_MEMORY_STALL_SOME, MILLISECOND, 10 * MILLISECOND,
	BAD_OUT), .line = "bad pointer", .root = true)

CHECK(system_watch_memory_stall, event, .root = true)
{
	EXPECT_OK(watch(ZX_SYSTEM_MEMORY_STALL_SOME, MILLISECOND, 10 * MILLISECOND));
	EXPECT_OK(watch(ZX_SYSTEM_MEMORY_STALL_FULL, MILLISECOND, MILLISECOND));
}

/* The resource comes by the channel: a twin has nothing else. */
static int64_t watch_in_twin(zx_handle_t channel)
{
	zx_handle_t resource;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	zx_channel_read(channel, 0, NULL, &resource, 0, 1, NULL, NULL);
	return watch_stall(resource);
}

CHECK_ERROR(system_watch_memory_stall, ZX_ERR_ACCESS_DENIED, policy, .line = "the job's policy",
	    .root = true)
{
	zx_handle_t resource = privilege(ZX_RSRC_SYSTEM_STALL_BASE);
	struct twin twin;

	EXPECT_OK(twin__create(&twin, job_without(ZX_POL_NEW_EVENT)));
	EXPECT_OK(twin__start(&twin, watch_in_twin));
	EXPECT_OK(zx_channel_write(twin.channel, 0, NULL, 0, &resource, 1));
	EXPECT_EQ(twin__wait(&twin), ZX_ERR_ACCESS_DENIED);
}
