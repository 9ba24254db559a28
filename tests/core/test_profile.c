/* Profiles: who may make them, what they may hold, and what applying them changes. */
#include <zircon/eras.h>

#include "compat/core/profile.h"
#include "compat/core/resource.h"
#include "tests/core/core_fixture.h"

static zx_handle_t root_job(zx_rights_t rights)
{
	object__get(&core_root->root_job->object);
	return fixture__handle(&core_root->root_job->object, rights);
}

static zx_handle_t root_resource(uint32_t era)
{
	struct resource *root;

	fixture__set_era(era);
	root = resource__create_all(RESOURCE_ROOT, era__of(era)->resource_form, "root");
	return fixture__handle(&root->object, ZX_DEFAULT_RESOURCE_RIGHTS);
}

static zx_handle_t profile_resource(void)
{
	struct resource_request request = {
		.kind = RESOURCE_SYSTEM, .base = ZX_RSRC_SYSTEM_PROFILE_BASE, .size = 1,
	};
	struct resource *resource;

	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(resource__create(&request, &resource), ZX_OK);
	return fixture__handle(&resource->object, ZX_DEFAULT_RESOURCE_RIGHTS);
}

static zx_handle_t self_handle(zx_rights_t rights)
{
	object__get(&fx.self->object);
	return fixture__handle(&fx.self->object, rights);
}

static zx_status_t make(zx_handle_t by, const zx_profile_info_t *info, zx_handle_t *out)
{
	zx_profile_info_t *user = user_new(zx_profile_info_t);
	zx_handle_t *value = user_new(zx_handle_t);
	zx_status_t status;

	*user = *info;
	status = sys_profile_create(fx.self, by, 0, UADDR(user), UADDR(value));
	*out = *value;
	return status;
}

static zx_status_t try(zx_handle_t by, uint32_t flags, int32_t priority)
{
	zx_profile_info_t info = { .flags = flags, .priority = priority };
	zx_handle_t handle;
	zx_status_t status = make(by, &info, &handle);

	if (status == ZX_OK)
		fixture__close(handle);
	return status;
}

static zx_status_t try_deadline(zx_handle_t by, uint32_t flags, int64_t capacity, int64_t deadline,
				int64_t period)
{
	zx_profile_info_t info = {
		.flags = flags | ZX_PROFILE_INFO_FLAG_DEADLINE,
		.deadline_params = { capacity, deadline, period },
	};
	zx_handle_t handle;
	zx_status_t status = make(by, &info, &handle);

	if (status == ZX_OK)
		fixture__close(handle);
	return status;
}

static void made_by_the_root_job(void **state)
{
	zx_handle_t job = root_job(ZX_RIGHT_MANAGE_PROCESS);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_profile_create(fx.self, 0, 1, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(0, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(try(self_handle(0), 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(try(root_job(ZX_RIGHT_INSPECT), 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_job_create(fx.self, root_job(ZX_DEFAULT_JOB_RIGHTS), 0, UADDR(out)),
			 ZX_OK);
	assert_int_equal(try(*out, 0, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_profile_create(fx.self, job, 0, FIXTURE_BAD_ADDR, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(job, ZX_PROFILE_INFO_FLAG_PRIORITY, ZX_PRIORITY_LOW), ZX_OK);
	/* Then with a resource of their own, and nothing but that. */
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(try(job, ZX_PROFILE_INFO_FLAG_PRIORITY, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(try(0, ZX_PROFILE_INFO_FLAG_PRIORITY, 1), ZX_ERR_BAD_HANDLE);
	assert_int_equal(try(profile_resource(), ZX_PROFILE_INFO_FLAG_PRIORITY, 1), ZX_OK);
}

static void what_they_hold(void **state)
{
	zx_handle_t job = root_job(ZX_RIGHT_MANAGE_PROCESS);
	const uint32_t priority = ZX_PROFILE_INFO_FLAG_PRIORITY;

	(void)state;
	assert_int_equal(try(job, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(job, priority, -1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(job, priority, 32), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(job, priority, 31), ZX_OK);
	assert_int_equal(try(job, priority | ZX_PROFILE_INFO_FLAG_DEADLINE, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(job, priority | ZX_PROFILE_INFO_FLAG_NO_INHERIT, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_deadline(job, 0, 1, 2, 3), ZX_OK);
	assert_int_equal(try_deadline(job, 0, 0, 2, 3), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_deadline(job, 0, 3, 2, 3), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_deadline(job, 0, 1, 4, 3), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_deadline(job, 0, 1, 2, 1ll << 40), ZX_OK);
	assert_int_equal(try(job, ZX_PROFILE_INFO_FLAG_CPU_MASK, 99), ZX_OK);
}

static void what_the_newest_hold(void **state)
{
	zx_handle_t by = profile_resource();
	const uint32_t priority = ZX_PROFILE_INFO_FLAG_PRIORITY;
	const uint32_t memory = ZX_PROFILE_INFO_FLAG_MEMORY_PRIORITY;

	(void)state;
	assert_int_equal(try(by, ZX_PROFILE_INFO_FLAG_NO_INHERIT, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(by, priority | ZX_PROFILE_INFO_FLAG_NO_INHERIT, 1), ZX_OK);
	assert_int_equal(try(by, priority | ZX_PROFILE_INFO_FLAG_CRITICAL, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(by, priority | 1u << 6, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_deadline(by, ZX_PROFILE_INFO_FLAG_CRITICAL, 1, 2, 3), ZX_OK);
	assert_int_equal(try_deadline(by, ZX_PROFILE_INFO_FLAG_NO_INHERIT, 1, 2, 3),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_deadline(by, 0, 1, 2, 1ll << 31), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(try(by, memory, ZX_PRIORITY_HIGH), ZX_OK);
	assert_int_equal(try(by, memory, ZX_PRIORITY_LOW), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(by, memory | priority, ZX_PRIORITY_HIGH), ZX_ERR_INVALID_ARGS);
}

static zx_status_t make_2018(zx_handle_t by, uint32_t type, int32_t priority)
{
	zx_profile_info_2018_t *user = user_new(zx_profile_info_2018_t);
	zx_handle_t *value = user_new(zx_handle_t);

	user->type = type;
	user->scheduler.priority = priority;
	return sys_profile_create_2018(fx.self, by, UADDR(user), UADDR(value));
}

static void form_of_2018(void **state)
{
	zx_handle_t resource = root_resource(ZXERA_2018_10);
	zx_handle_t job = root_job(ZX_RIGHT_MANAGE_PROCESS);

	(void)state;
	assert_int_equal(make_2018(resource, 1, 31), ZX_OK);
	assert_int_equal(make_2018(job, 1, 31), ZX_ERR_WRONG_TYPE);
	assert_int_equal(make_2018(resource, 1, 32), ZX_ERR_INVALID_ARGS);
	assert_int_equal(make_2018(resource, 0, 32), ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(make_2018(resource, 1, 31), ZX_ERR_WRONG_TYPE);
	assert_int_equal(make_2018(job, 1, 31), ZX_OK);
}

static void applying(void **state)
{
	zx_handle_t job = root_job(ZX_RIGHT_MANAGE_PROCESS);
	zx_profile_info_t info = {
		.flags = ZX_PROFILE_INFO_FLAG_PRIORITY | ZX_PROFILE_INFO_FLAG_CPU_MASK,
		.priority = ZX_PRIORITY_LOW,
		.cpu_affinity_mask.mask = { 0x500000002 },
	};
	zx_info_thread_t *told = user_new(zx_info_thread_t);
	zx_handle_t self = self_handle(ZX_RIGHT_MANAGE_THREAD | ZX_RIGHT_INSPECT);
	zx_handle_t profile;

	(void)state;
	assert_int_equal(make(job, &info, &profile), ZX_OK);
	host_test_scheduled = NULL;
	assert_int_equal(sys_object_set_profile(fx.self, self_handle(0), profile, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_set_profile(fx.self, job, profile, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_object_set_profile(fx.self, self, self, 0), ZX_ERR_WRONG_TYPE);
	assert_null(host_test_scheduled);
	assert_int_equal(sys_object_set_profile(fx.self, self, profile, 77), ZX_OK);
	assert_ptr_equal(host_test_scheduled, fx.self);
	assert_int_equal(fx.self->priority, ZX_PRIORITY_LOW);
	assert_int_equal(sys_object_get_info(fx.self, self, ZX_INFO_THREAD, UADDR(told),
					     sizeof(*told), 0, 0),
			 ZX_OK);
	assert_int_equal(told->cpu_affinity_mask.mask[0], 2);
	info.flags = ZX_PROFILE_INFO_FLAG_DEADLINE;
	info.deadline_params = (zx_sched_deadline_params_t){ 1, 2, 3 };
	assert_int_equal(make(job, &info, &profile), ZX_OK);
	assert_int_equal(sys_object_set_profile(fx.self, self, profile, 0), ZX_OK);
	assert_int_equal(fx.self->deadline.period, 3);
	assert_int_equal(fx.self->affinity, 2);
}

static void thread_must_run(void **state)
{
	zx_handle_t job = root_job(ZX_RIGHT_MANAGE_PROCESS);
	zx_profile_info_t info = { .flags = ZX_PROFILE_INFO_FLAG_PRIORITY, .priority = 3 };
	struct thread *thread;
	zx_handle_t handle;
	zx_handle_t profile;

	(void)state;
	assert_int_equal(make(job, &info, &profile), ZX_OK);
	assert_int_equal(thread__create(fx.process, "new", &thread), ZX_OK);
	handle = fixture__handle(&thread->object, ZX_DEFAULT_THREAD_RIGHTS);
	assert_int_equal(sys_object_set_profile(fx.self, handle, profile, 0), ZX_ERR_BAD_STATE);
	fixture__close(handle);
}

static void newest_takes_regions(void **state)
{
	zx_handle_t by = profile_resource();
	zx_profile_info_t info = {
		.flags = ZX_PROFILE_INFO_FLAG_MEMORY_PRIORITY, .priority = ZX_PRIORITY_HIGH,
	};
	struct object *root = (struct object *)fx.process->root_vmar;
	zx_handle_t profile;
	zx_handle_t vmar;

	(void)state;
	assert_int_equal(make(by, &info, &profile), ZX_OK);
	object__get(root);
	vmar = fixture__handle(root, ZX_RIGHT_OP_CHILDREN);
	assert_int_equal(sys_object_set_profile(fx.self, vmar, profile, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_object_set_profile(fx.self, vmar, profile, 0), ZX_OK);
	object__get(root);
	vmar = fixture__handle(root, ZX_RIGHT_INSPECT);
	assert_int_equal(sys_object_set_profile(fx.self, vmar, profile, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_set_profile(fx.self, by, profile, 0), ZX_ERR_WRONG_TYPE);
	/* The profile is looked at first. */
	assert_int_equal(sys_object_set_profile(fx.self, 0, by, 0), ZX_ERR_WRONG_TYPE);
}

static void cycle(void)
{
	zx_handle_t job;

	fx.user_used = 0;
	job = root_job(ZX_RIGHT_MANAGE_PROCESS);
	assert_int_equal(try(job, ZX_PROFILE_INFO_FLAG_PRIORITY, 1), ZX_OK);
	fixture__close(job);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(made_by_the_root_job),
		test_case(what_they_hold),
		test_case(what_the_newest_hold),
		test_case(form_of_2018),
		test_case(applying),
		test_case(thread_must_run),
		test_case(newest_takes_regions),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
