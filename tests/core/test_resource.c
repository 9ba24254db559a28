/* Resources, by the rules of each era. */
#include <zircon/eras.h>

#include "compat/core/resource.h"
#include "tests/core/core_fixture.h"

static zx_handle_t root_of(uint32_t era, uint32_t kind)
{
	struct resource *root;

	fixture__set_era(era);
	root = resource__create_all(kind, era__of(era)->resource_form, "root");
	assert_non_null(root);
	return fixture__handle(&root->object, era__default_rights(era, ZX_OBJ_TYPE_RESOURCE));
}

static zx_status_t create(zx_handle_t parent, uint32_t options, uint64_t base, uint64_t size,
			  zx_handle_t *out)
{
	zx_handle_t *value = user_new(zx_handle_t);
	char *name = user_alloc(4);
	zx_status_t status;

	memcpy(name, "part", 4);
	status = sys_resource_create(fx.self, parent, options, base, size, UADDR(name), 4,
				     UADDR(value));
	*out = *value;
	return status;
}

static zx_status_t try_create(zx_handle_t parent, uint32_t options, uint64_t base, uint64_t size)
{
	zx_handle_t handle;
	zx_status_t status = create(parent, options, base, size, &handle);

	if (status == ZX_OK)
		fixture__close(handle);
	return status;
}

static void parent_checks(void **state)
{
	zx_handle_t root = root_of(ZXERA_2020_07, RESOURCE_ROOT);
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t weak;

	(void)state;
	object__get(fixture__object(root));
	weak = fixture__handle(fixture__object(root), ZX_RIGHT_INSPECT);
	assert_int_equal(try_create(ZX_HANDLE_INVALID, 99, 0, 1), ZX_ERR_BAD_HANDLE);
	assert_int_equal(try_create(weak, 99, 0, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_event_create(fx.self, 0, UADDR(out)), ZX_OK);
	assert_int_equal(try_create(*out, ZX_RSRC_KIND_MMIO, 0, 1), ZX_ERR_WRONG_TYPE);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_COUNT, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_MMIO | 1u << 17, 0, 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_resource_create(fx.self, root, ZX_RSRC_KIND_MMIO, 0, 1,
					     FIXTURE_BAD_ADDR, 4, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_resource_create(fx.self, root, ZX_RSRC_KIND_MMIO, 0, 1, 0, 0,
					     FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
}

static void ranges(void **state)
{
	zx_handle_t root = root_of(ZXERA_2020_07, RESOURCE_ROOT);

	(void)state;
	assert_int_equal(try_create(root, ZX_RSRC_KIND_MMIO, 0x1000, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_MMIO, UINT64_MAX, 2), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_MMIO, 0x1000, 0x1000), ZX_OK);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IRQ, 31, 1), ZX_ERR_NOT_FOUND);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IRQ, 32, 255), ZX_OK);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IRQ, 32, 256), ZX_ERR_NOT_FOUND);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IOPORT, UINT16_MAX, 1), ZX_ERR_NOT_FOUND);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_SMC, 0, 1), ZX_ERR_BAD_STATE);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_VMEX, 0, 0), ZX_OK);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_VMEX, 0, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_HYPERVISOR, 1, 0), ZX_ERR_INVALID_ARGS);
}

static void exclusive_ranges(void **state)
{
	zx_handle_t root = root_of(ZXERA_2020_07, RESOURCE_ROOT);
	zx_handle_t shared;
	zx_handle_t alone;

	(void)state;
	assert_int_equal(create(root, ZX_RSRC_KIND_IOPORT, 0x100, 0x10, &shared), ZX_OK);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IOPORT | ZX_RSRC_FLAG_EXCLUSIVE, 0x10f, 2),
			 ZX_ERR_NOT_FOUND);
	assert_int_equal(create(root, ZX_RSRC_KIND_IOPORT | ZX_RSRC_FLAG_EXCLUSIVE, 0x110, 0x10,
				&alone),
			 ZX_OK);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IOPORT, 0x11f, 1), ZX_ERR_NOT_FOUND);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IOPORT, 0x108, 0x8), ZX_OK);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_MMIO, 0x11f, 1), ZX_OK);
	/* Nothing is taken of an exclusive one, and no part of another is exclusive. */
	assert_int_equal(try_create(alone, ZX_RSRC_KIND_IOPORT, 0x110, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(shared, ZX_RSRC_KIND_IOPORT | ZX_RSRC_FLAG_EXCLUSIVE, 0x100, 1),
			 ZX_ERR_INVALID_ARGS);
	fixture__close(alone);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_IOPORT, 0x11f, 1), ZX_OK);
}

static void parts(void **state)
{
	zx_handle_t root = root_of(ZXERA_2020_07, RESOURCE_ROOT);
	zx_handle_t part;

	(void)state;
	assert_int_equal(create(root, ZX_RSRC_KIND_MMIO, 0x1800, 0x1000, &part), ZX_OK);
	assert_int_equal(try_create(part, ZX_RSRC_KIND_MMIO, 0x1000, 0x2000), ZX_OK);
	assert_int_equal(try_create(part, ZX_RSRC_KIND_MMIO, 0x1000, 0x2001), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(try_create(part, ZX_RSRC_KIND_IRQ, 0x1800, 1), ZX_ERR_ACCESS_DENIED);
	/* Once all were made of the root resource, and that was looked at first. */
	fixture__set_era(ZXERA_2019_01);
	assert_int_equal(try_create(part, 99, 0x1800, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(try_create(root, 99, 0x1800, 1), ZX_ERR_INVALID_ARGS);
	fixture__set_era(ZXERA_2018_10);
	assert_int_equal(try_create(root, ZX_RSRC_KIND_SMC, 0, 1), ZX_ERR_INVALID_ARGS);
}

static void newest_has_no_root(void **state)
{
	zx_handle_t system = root_of(ZXERA_NEWEST, RESOURCE_SYSTEM);
	const uint32_t kind = ZX_RSRC_KIND_SYSTEM_2021;
	zx_handle_t part;

	(void)state;
	assert_int_equal(try_create(ZX_HANDLE_INVALID, kind, UINT64_MAX, 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(system, ZX_RSRC_KIND_ROOT_2021, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try_create(system, ZX_RSRC_KIND_MMIO, 0, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(create(system, kind, ZX_RSRC_SYSTEM_VMEX_BASE, 1, &part), ZX_OK);
	assert_int_equal(resource__check(fx.self, part, ZX_RSRC_SYSTEM_VMEX_BASE), ZX_OK);
	assert_int_equal(resource__check(fx.self, part, ZX_RSRC_SYSTEM_CPU_BASE),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(resource__check(fx.self, system, ZX_RSRC_SYSTEM_CPU_BASE), ZX_OK);
	assert_int_equal(try_create(system, kind, ZX_RSRC_SYSTEM_COUNT, 1), ZX_ERR_NOT_FOUND);
}

static void privileges(void **state)
{
	zx_handle_t root = root_of(ZXERA_2020_07, RESOURCE_ROOT);
	zx_handle_t vmex;
	zx_handle_t mmio;

	(void)state;
	assert_int_equal(create(root, ZX_RSRC_KIND_VMEX, 0, 0, &vmex), ZX_OK);
	assert_int_equal(create(root, ZX_RSRC_KIND_MMIO, 0, 1, &mmio), ZX_OK);
	assert_int_equal(resource__check(fx.self, root, ZX_RSRC_SYSTEM_DEBUG_BASE), ZX_OK);
	assert_int_equal(resource__check(fx.self, vmex, ZX_RSRC_SYSTEM_VMEX_BASE), ZX_OK);
	assert_int_equal(resource__check(fx.self, vmex, ZX_RSRC_SYSTEM_DEBUG_BASE),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(resource__check(fx.self, mmio, ZX_RSRC_SYSTEM_VMEX_BASE),
			 ZX_ERR_WRONG_TYPE);
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(resource__check(fx.self, mmio, ZX_RSRC_SYSTEM_VMEX_BASE),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(resource__check_range(fx.self, mmio, RESOURCE_MMIO, 1, 1),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(resource__check_range(fx.self, root, RESOURCE_IRQ, 1, 1), ZX_OK);
}

static void users_of_the_root_resource(void **state)
{
	zx_handle_t root = root_of(ZXERA_2019_01, RESOURCE_ROOT);
	zx_handle_t *out = user_new(zx_handle_t);

	(void)state;
	assert_int_equal(sys_debuglog_create(fx.self, root, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_debuglog_create(fx.self, *out, 0, UADDR(out)), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_clock_adjust(fx.self, root, ZX_CLOCK_UTC, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_clock_adjust(fx.self, root, 9, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_debug_send_command(fx.self, root, 0, 0), ZX_ERR_NOT_SUPPORTED);
	assert_int_equal(sys_object_get_info(fx.self, root, ZX_INFO_KMEM_STATS, 0, 0, 0, 0),
			 ZX_ERR_NOT_SUPPORTED);
	fixture__set_era(ZXERA_2020_07);
	assert_int_equal(sys_vmo_create(fx.self, 4096, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_vmo_replace_as_executable(fx.self, *out, root, UADDR(out)), ZX_OK);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(sys_debuglog_create(fx.self, root, ZX_LOG_FLAG_READABLE, UADDR(out)),
			 ZX_OK);
	assert_int_equal(sys_debuglog_create(fx.self, 0, ZX_LOG_FLAG_READABLE, UADDR(out)),
			 ZX_ERR_BAD_HANDLE);
}

static zx_status_t watch(zx_handle_t by, uint32_t kind, zx_duration_t threshold,
			 zx_duration_t window)
{
	zx_handle_t *out = user_new(zx_handle_t);

	return sys_system_watch_memory_stall(fx.self, by, kind, threshold, window, UADDR(out));
}

static void memory_stalls(void **state)
{
	zx_handle_t system = root_of(ZXERA_NEWEST, RESOURCE_SYSTEM);
	zx_handle_t mmio = root_of(ZXERA_NEWEST, RESOURCE_MMIO);
	zx_info_memory_stall_t *info = user_new(zx_info_memory_stall_t);
	const zx_duration_t second = 1000000000;
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t cpu;

	(void)state;
	/* The times come first, the kind last. */
	assert_int_equal(watch(0, 9, 0, second), ZX_ERR_INVALID_ARGS);
	assert_int_equal(watch(0, 9, second + 1, second), ZX_ERR_INVALID_ARGS);
	assert_int_equal(watch(0, 9, 1, 10 * second + 1), ZX_ERR_INVALID_ARGS);
	assert_int_equal(watch(0, 9, 1, second), ZX_ERR_BAD_HANDLE);
	assert_int_equal(watch(mmio, 9, 1, second), ZX_ERR_WRONG_TYPE);
	assert_int_equal(create(system, ZX_RSRC_KIND_SYSTEM_2021, ZX_RSRC_SYSTEM_CPU_BASE, 1, &cpu),
			 ZX_OK);
	assert_int_equal(watch(cpu, 9, 1, second), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(watch(system, 2, 1, second), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_system_watch_memory_stall(fx.self, system, ZX_SYSTEM_MEMORY_STALL_FULL,
						       second, 10 * second, UADDR(out)),
			 ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(*out)), 0);
	assert_int_equal(sys_object_signal(fx.self, *out, 0, ZX_EVENT_SIGNALED),
			 ZX_ERR_ACCESS_DENIED);
	info->stall_time_some = 1;
	assert_int_equal(sys_object_get_info(fx.self, system, ZX_INFO_MEMORY_STALL, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_int_equal(info->stall_time_some, 0);
	assert_int_equal(sys_object_get_info(fx.self, cpu, ZX_INFO_MEMORY_STALL, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
}

static void form_of_2018_07(void **state)
{
	zx_handle_t root = root_of(ZXERA_2018_07, RESOURCE_ROOT);
	zx_handle_t *out = user_new(zx_handle_t);
	zx_info_resource_201807_t *info = user_new(zx_info_resource_201807_t);
	zx_handle_t part;

	(void)state;
	assert_int_equal(sys_resource_create_2018_07(fx.self, root, 0x1000, 9, 8, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_resource_create_2018_07(fx.self, root, ZX_RSRC_KIND_MMIO_201807, 16,
						     UINT64_MAX, UADDR(out)),
			 ZX_OK);
	part = *out;
	assert_int_equal(sys_object_get_info(fx.self, part, ZX_INFO_RESOURCE, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_int_equal(info->kind, ZX_RSRC_KIND_MMIO_201807);
	assert_int_equal(info->low, 16);
	assert_true(info->high == UINT64_MAX);
	assert_int_equal(sys_resource_create_2018_07(fx.self, part, ZX_RSRC_KIND_IRQ_201807, 16, 17,
						     UADDR(out)),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_resource_create_2018_07(fx.self, part, ZX_RSRC_KIND_MMIO_201807, 15,
						     17, UADDR(out)),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_resource_create_2018_07(fx.self, part, ZX_RSRC_KIND_MMIO_201807, 16,
						     17, UADDR(out)),
			 ZX_OK);
	/* A kind that there is not is nobody's business. */
	assert_int_equal(sys_resource_create_2018_07(fx.self, root, 77, 0, 0, UADDR(out)), ZX_OK);
	assert_int_equal(sys_object_signal(fx.self, *out, 0, ZX_USER_SIGNAL_0), ZX_OK);
}

static void information(void **state)
{
	zx_handle_t root = root_of(ZXERA_2021_01, RESOURCE_ROOT);
	zx_info_resource_t *info = user_new(zx_info_resource_t);
	zx_handle_t part;

	(void)state;
	assert_int_equal(sys_object_get_info(fx.self, root, ZX_INFO_RESOURCE, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_int_equal(info->kind, ZX_RSRC_KIND_ROOT_2021);
	assert_int_equal(info->size, 0);
	assert_string_equal(info->name, "root");
	assert_int_equal(create(root, ZX_RSRC_KIND_IRQ | ZX_RSRC_FLAG_EXCLUSIVE, 40, 2, &part),
			 ZX_OK);
	assert_int_equal(sys_object_get_info(fx.self, part, ZX_INFO_RESOURCE, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_int_equal(info->kind, ZX_RSRC_KIND_IRQ);
	assert_int_equal(info->flags, ZX_RSRC_FLAG_EXCLUSIVE);
	assert_int_equal(info->base, 40);
	assert_int_equal(info->size, 2);
	assert_string_equal(info->name, "part");
}

static void cycle(void)
{
	zx_handle_t root = root_of(ZXERA_2020_07, RESOURCE_ROOT);

	fx.user_used = 0;
	assert_int_equal(try_create(root, ZX_RSRC_KIND_MMIO | ZX_RSRC_FLAG_EXCLUSIVE, 0, 1), ZX_OK);
	fixture__close(root);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(parent_checks),
		test_case(ranges),
		test_case(exclusive_ranges),
		test_case(parts),
		test_case(newest_has_no_root),
		test_case(privileges),
		test_case(users_of_the_root_resource),
		test_case(memory_stalls),
		test_case(form_of_2018_07),
		test_case(information),
		test_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
