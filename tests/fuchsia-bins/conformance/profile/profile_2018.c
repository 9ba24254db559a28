/* zx_profile_create in the form until 2019, and what the newest one refuses besides. */
#include "conformance.h"

#include <zircon/eras.h>
#include <zircon/syscalls/profile.h>
#include <zircon/syscalls/resource.h>

#define FIRST_FORM .to = ERA_2019_01

zx_status_t profile_create_2018(zx_handle_t allowed, const zx_profile_info_2018_t *profile,
				zx_handle_t *out) __asm__("zx_profile_create")
	__attribute__((weak));

static zx_handle_t out;

/* What allows to make profiles: the root resource, and later the root job. */
static zx_handle_t permission(void)
{
	return era() < ERA_2018_12 ? root_resource() : rt_boot.job;
}

static zx_status_t create(zx_handle_t allowed, uint32_t type, int32_t priority)
{
	zx_profile_info_2018_t info = { .type = type, .scheduler = { .priority = priority } };
	zx_status_t status = profile_create_2018(allowed, &info, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

#define SCHEDULER ZX_PROFILE_INFO_SCHEDULER_2018

static zx_status_t create_by(zx_handle_t allowed)
{
	return create(allowed, SCHEDULER, ZX_PRIORITY_DEFAULT);
}

static zx_handle_t child_job(void)
{
	zx_handle_t job;

	EXPECT_OK(zx_job_create(rt_boot.job, 0, &job));
	return own(job);
}

/* A resource for something else. */
static zx_handle_t other_resource(void)
{
	zx_handle_t resource;

	if (era() == ERA_2018_07)
		skip("the resources of that time were made in another way");
	EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_HYPERVISOR, 0, 0, "check", 5,
				     &resource));
	return own(resource);
}

REFUSES(profile_create, ZX_ERR_BAD_HANDLE, first_form, create_by(closed_handle()), FIRST_FORM)
REFUSES(profile_create, ZX_ERR_BAD_HANDLE, first_form_none, create_by(ZX_HANDLE_INVALID),
	FIRST_FORM)
REFUSES(profile_create, ZX_ERR_WRONG_TYPE, first_form_event, create_by(make_event()), FIRST_FORM)
REFUSES(profile_create, ZX_ERR_WRONG_TYPE, first_form_other_resource, create_by(other_resource()),
	.from = ERA_2018_10, .to = ERA_2018_10, .root = true)
REFUSES(profile_create, ZX_ERR_ACCESS_DENIED, first_form_lacks_manage_process,
	create_by(without_rights(child_job(), ZX_RIGHT_MANAGE_PROCESS)),
	.line = "root_job lacks", .from = ERA_2019_01, FIRST_FORM)
REFUSES(profile_create, ZX_ERR_ACCESS_DENIED, first_form_another_job, create_by(child_job()),
	.line = "root_job is not", .from = ERA_2019_01, FIRST_FORM)
REFUSES(profile_create, ZX_ERR_INVALID_ARGS, first_form_too_low,
	create(permission(), SCHEDULER, ZX_PRIORITY_LOWEST - 1), FIRST_FORM, .root = true)
REFUSES(profile_create, ZX_ERR_INVALID_ARGS, first_form_too_high,
	create(permission(), SCHEDULER, ZX_PRIORITY_HIGHEST + 1), FIRST_FORM, .root = true)
REFUSES(profile_create, ZX_ERR_INVALID_ARGS, first_form_bad_profile,
	profile_create_2018(permission(), BAD_POINTER, &out), FIRST_FORM, .root = true)
REFUSES(profile_create, ZX_ERR_NOT_SUPPORTED, first_form_type,
	create(permission(), 99, ZX_PRIORITY_DEFAULT), FIRST_FORM, .root = true)

CHECK(profile_create, first_form, FIRST_FORM, .root = true)
{
	EXPECT_OK(create_by(permission()));
	EXPECT_EQ(type_of(out), ZX_OBJ_TYPE_PROFILE);
}

/* --- The newest form --- */

static const zx_profile_info_t ordinary = {
	.flags = ZX_PROFILE_INFO_FLAG_PRIORITY, .priority = ZX_PRIORITY_DEFAULT
};

REFUSES(profile_create, ZX_ERR_ACCESS_DENIED, no_resource,
	zx_profile_create(make_event(), 0, &ordinary, &out), .line = "is not the resource",
	.from = ERA_NEWEST)
REFUSES(profile_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_PROFILE, zx_profile_create, 0, 0, 0, CHILD_OUT),
	.line = "the job's policy", .from = ERA_2020_07)

static zx_status_t create_with_period(zx_duration_t period)
{
	zx_profile_info_t info = {
		.flags = ZX_PROFILE_INFO_FLAG_DEADLINE,
		.deadline_params = { MILLISECOND, MILLISECOND, period },
	};
	zx_handle_t profiles;

	EXPECT_OK(zx_resource_create(root_resource(), ZX_RSRC_KIND_SYSTEM_2021,
				     ZX_RSRC_SYSTEM_PROFILE_BASE, 1, NULL, 0, &profiles));
	return zx_profile_create(own(profiles), 0, &info, &out);
}

REFUSES(profile_create, ZX_ERR_OUT_OF_RANGE, period, create_with_period(UINT32_MAX),
	.from = ERA_NEWEST, .root = true)
