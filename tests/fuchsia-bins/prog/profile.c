/* Profiles, made by the root resource or the root job: run with --root-resource. */
#include "check.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/profile.h>
#include <zircon/syscalls/resource.h>

static zx_handle_t by; /* what makes profiles */

static void made(void)
{
	zx_profile_info_t info = { .flags = ZX_PROFILE_INFO_FLAG_PRIORITY, .priority = 32 };
	zx_handle_t all = rt_boot__handle(PA_SYSTEM_RESOURCE, 0);
	zx_info_handle_basic_t basic;
	zx_handle_t profile;

	by = rt_boot.job;
	if (all) {
		/* The one for all privileges does not do. */
		CHECK_STATUS(zx_profile_create(all, 0, &info, &profile), ZX_ERR_ACCESS_DENIED);
		REQUIRE_OK(zx_resource_create(all, ZX_RSRC_KIND_SYSTEM_2021,
					      ZX_RSRC_SYSTEM_PROFILE_BASE, 1, NULL, 0, &by));
	}
	CHECK_STATUS(zx_profile_create(by, 0, &info, &profile), ZX_ERR_INVALID_ARGS);
	info.priority = ZX_PRIORITY_DEFAULT;
	REQUIRE_OK(zx_profile_create(by, 0, &info, &profile));
	CHECK_OK(zx_object_get_info(profile, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), NULL,
				    NULL));
	CHECK_EQ(basic.type, ZX_OBJ_TYPE_PROFILE);
	CHECK_EQ(basic.rights, ZX_DEFAULT_PROFILE_RIGHTS);
	CHECK_OK(zx_object_set_profile(rt_boot.thread, profile, 0));
	CHECK_STATUS(zx_object_set_profile(rt_boot.process, profile, 0), ZX_ERR_WRONG_TYPE);
	zx_handle_close(profile);
}

static void affinity(void)
{
	zx_profile_info_t info = {
		.flags = ZX_PROFILE_INFO_FLAG_CPU_MASK, .cpu_affinity_mask.mask = { 1 },
	};
	zx_info_thread_t told;
	zx_handle_t profile;

	REQUIRE_OK(zx_profile_create(by, 0, &info, &profile));
	CHECK_OK(zx_object_set_profile(rt_boot.thread, profile, 0));
	CHECK_OK(zx_object_get_info(rt_boot.thread, ZX_INFO_THREAD, &told, sizeof(told), NULL,
				    NULL));
	CHECK_EQ(told.cpu_affinity_mask.mask[0], 1);
	zx_handle_close(profile);
}

static void nothing(void *arg)
{
	(void)arg;
	zx_nanosleep(ZX_TIME_INFINITE);
}

/* The test looks at what Linux knows of the two threads now. */
static void new_threads_are_as_usual(void)
{
	static struct rt_thread helper;

	REQUIRE_OK(rt_thread__start(&helper, "usual", nothing, NULL));
}

int main(int argc, char **argv)
{
	(void)argv;
	RUN(made);
	RUN(affinity);
	RUN(new_threads_are_as_usual);
	if (argc > 1) {
		rt_print("sleeping\n");
		zx_nanosleep(zx_deadline_after(1500 * 1000 * 1000ll));
	}
	zx_process_exit(rt_check_result());
}
