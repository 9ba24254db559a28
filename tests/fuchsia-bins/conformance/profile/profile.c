/* zx_profile_create and zx_object_set_profile, in the forms from 2020-07 on. */
#include "conformance.h"

#include "tasks.h"

#include <zircon/eras.h>
#include <zircon/syscalls/profile.h>
#include <zircon/syscalls/resource.h>

static const zx_profile_info_t priority = {
	.flags = ZX_PROFILE_INFO_FLAG_PRIORITY, .priority = ZX_PRIORITY_DEFAULT
};
static const zx_profile_info_t processors = {
	.flags = ZX_PROFILE_INFO_FLAG_CPU_MASK, .cpu_affinity_mask = { .mask = { 1 } }
};

/* What allows to make profiles: a resource, and before that was so, the root job. */
static zx_handle_t permission(void)
{
	zx_handle_t profiles;

	if (era() < ERA_NEWEST)
		return rt_boot.job;
	EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_SYSTEM_2021,
				     ZX_RSRC_SYSTEM_PROFILE_BASE, 1, NULL, 0, &profiles));
	return own(profiles);
}

static zx_status_t create(zx_handle_t allowed, uint32_t options, const zx_profile_info_t *info)
{
	zx_handle_t profile;
	zx_status_t status = zx_profile_create(allowed, options, info, &profile);

	if (status == ZX_OK)
		own(profile);
	return status;
}

static zx_handle_t make_profile(const zx_profile_info_t *info)
{
	zx_handle_t profile;

	EXPECT_OK(zx_profile_create(permission(), 0, info, &profile));
	return own(profile);
}

static zx_status_t set(zx_handle_t thread, zx_handle_t profile)
{
	return zx_object_set_profile(thread, profile, 0);
}

static zx_status_t create_changed(uint32_t flags, int32_t level)
{
	zx_profile_info_t info = { .flags = flags, .priority = level };

	return create(permission(), 0, &info);
}

CHECK_HANDLE_VALID(profile_create, profile_rsrc, create(h, 0, &priority), .from = ERA_2020_07)

REFUSES(profile_create, ZX_ERR_WRONG_TYPE, profile_rsrc,
	create(make_event(), 0, &priority), .from = ERA_2020_07, .to = ERA_2021_01)

CHECK_ERROR(profile_create, ZX_ERR_ACCESS_DENIED, another_job, .line = "another job",
	    .from = ERA_2020_07, .to = ERA_2021_01)
{
	zx_handle_t job;

	EXPECT_OK(zx_job_create(rt_boot.job, 0, &job));
	own(job);
	EXPECT_STATUS(create(job, 0, &priority), ZX_ERR_ACCESS_DENIED);
}

REFUSES(profile_create, ZX_ERR_INVALID_ARGS, options,
	create(permission(), 1, &priority), .line = "options", .from = ERA_2020_07, .root = true)
REFUSES(profile_create, ZX_ERR_INVALID_ARGS, nothing_is_set,
	create_changed(0, ZX_PRIORITY_DEFAULT),
	.line = "inconsistent", .from = ERA_2020_07, .root = true)
REFUSES(profile_create, ZX_ERR_INVALID_ARGS, both_kinds,
	create_changed(ZX_PROFILE_INFO_FLAG_PRIORITY | ZX_PROFILE_INFO_FLAG_DEADLINE,
		       ZX_PRIORITY_DEFAULT),
	.line = "inconsistent", .from = ERA_2020_07, .root = true)

CHECK_ERROR(profile_create, ZX_ERR_INVALID_ARGS, priority, .line = "inconsistent",
	    .from = ERA_2020_07, .root = true)
{
	EXPECT_STATUS(create_changed(ZX_PROFILE_INFO_FLAG_PRIORITY, ZX_PRIORITY_LOWEST - 1),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create_changed(ZX_PROFILE_INFO_FLAG_PRIORITY, ZX_PRIORITY_HIGHEST + 1),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_OK(create_changed(ZX_PROFILE_INFO_FLAG_PRIORITY, ZX_PRIORITY_HIGHEST));
}

/* The times of a deadline must rise. */
CHECK_ERROR(profile_create, ZX_ERR_INVALID_ARGS, deadline, .line = "inconsistent",
	    .from = ERA_2020_07, .root = true)
{
	zx_profile_info_t info = { .flags = ZX_PROFILE_INFO_FLAG_DEADLINE };

	info.deadline_params = (zx_sched_deadline_params_t){ 3 * MILLISECOND, 2 * MILLISECOND,
							     4 * MILLISECOND };
	EXPECT_STATUS(create(permission(), 0, &info), ZX_ERR_INVALID_ARGS);
	info.deadline_params = (zx_sched_deadline_params_t){ 1 * MILLISECOND, 5 * MILLISECOND,
							     4 * MILLISECOND };
	EXPECT_STATUS(create(permission(), 0, &info), ZX_ERR_INVALID_ARGS);
	info.deadline_params = (zx_sched_deadline_params_t){ 1 * MILLISECOND, 2 * MILLISECOND,
							     4 * MILLISECOND };
	EXPECT_OK(create(permission(), 0, &info));
}

CHECK_ERROR(profile_create, ZX_ERR_INVALID_ARGS, bad_pointers, .line = "bad pointer",
	    .from = ERA_2020_07, .root = true)
{
	EXPECT_STATUS(create(permission(), 0, BAD_POINTER), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_profile_create(permission(), 0, &priority, BAD_OUT),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(profile_create, rights, .from = ERA_2020_07, .root = true)
{
	zx_handle_t profile = make_profile(&priority);

	EXPECT_EQ(type_of(profile), ZX_OBJ_TYPE_PROFILE);
	EXPECT_EQ(rights_of(profile), ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_INSPECT |
					      ZX_RIGHT_APPLY_PROFILE);
}

REFUSES(object_set_profile, ZX_ERR_BAD_HANDLE, handle,
	set(ZX_HANDLE_INVALID, make_profile(&priority)), .from = ERA_2020_07, .root = true)

CHECK_ERROR(object_set_profile, ZX_ERR_BAD_HANDLE, profile)
{
	EXPECT_STATUS(set(rt_boot.thread, ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(set(rt_boot.thread, closed_handle()), ZX_ERR_BAD_HANDLE);
}

REFUSES(object_set_profile, ZX_ERR_WRONG_TYPE, handle,
	set(make_port(), make_profile(&priority)), .from = ERA_2020_07, .root = true)
REFUSES(object_set_profile, ZX_ERR_WRONG_TYPE, profile, set(rt_boot.thread, make_event()))
REFUSES(object_set_profile, ZX_ERR_ACCESS_DENIED, handle,
	set(without_rights(rt_boot.thread, ZX_RIGHT_MANAGE_THREAD), make_profile(&priority)),
	.from = ERA_2020_07, .root = true)
REFUSES(object_set_profile, ZX_ERR_ACCESS_DENIED, profile,
	set(rt_boot.thread, without_rights(make_profile(&priority), ZX_RIGHT_APPLY_PROFILE)),
	.from = ERA_2020_07, .root = true)

CHECK_ERROR(object_set_profile, ZX_ERR_BAD_STATE, thread_not_started, .from = ERA_2020_07,
	    .root = true)
{
	zx_handle_t thread = idle_thread();

	EXPECT_STATUS(set(thread, make_profile(&priority)), ZX_ERR_BAD_STATE);
}

REFUSES(object_set_profile, ZX_ERR_INVALID_ARGS, options,
	zx_object_set_profile(rt_boot.thread, make_profile(&priority), 1),
	.from = ERA_NEWEST, .root = true)

CHECK(object_set_profile, any_number_of_times, .from = ERA_2020_07, .root = true)
{
	zx_handle_t profile = make_profile(&priority);

	EXPECT_OK(set(rt_boot.thread, profile));
	EXPECT_OK(set(rt_boot.thread, profile));
}

CHECK(object_set_profile, processors, .from = ERA_2020_07, .root = true)
{
	zx_info_thread_t info;

	EXPECT_OK(set(rt_boot.thread, make_profile(&processors)));
	EXPECT_OK(zx_object_get_info(rt_boot.thread, ZX_INFO_THREAD, &info, sizeof(info), NULL,
				     NULL));
	EXPECT_EQ(info.cpu_affinity_mask.mask[0], 1);
}
