/* I/O buffers. */
#include "tests/core/iob_ends.h"

static void create_checks(void **state)
{
	zx_iob_region_t many[ZX_IOB_MAX_REGIONS];
	zx_iob_region_t good = private_region(EP0_MAP, PAGE, NONE);
	zx_iob_region_t region;

	(void)state;
	assert_int_equal(sys_iob_create(fx.self, 1, 0, 100, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_create(fx.self, 0, 0, ZX_IOB_MAX_REGIONS + 1, 0, 0),
			 ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_iob_create(fx.self, 0, FIXTURE_BAD_ADDR, 1, 0, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(create(&good, 0, NULL), ZX_ERR_INVALID_ARGS);
	region = good;
	region.type = 2;
	assert_int_equal(try(region), ZX_ERR_INVALID_ARGS);
	region = good;
	region.private_region.options = 1u << 20;
	assert_int_equal(try(region), ZX_ERR_INVALID_ARGS);
	region = good;
	region.size = UINT64_MAX;
	assert_int_equal(try(region), ZX_ERR_OUT_OF_RANGE);
	/* Nobody could put anything in. */
	assert_int_equal(try(private_region(0, PAGE, NONE)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(ZX_IOB_ACCESS_EP0_CAN_MAP_READ, PAGE, NONE)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(EP0_MAP | EP0_WRITES, PAGE, NONE)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(EP0_MAP, PAGE, 3)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(ZX_IOB_ACCESS_EP0_CAN_MEDIATED_READ, PAGE, IDS)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(EP1_MAP | ZX_IOB_ACCESS_EP1_CAN_MEDIATED_READ, PAGE,
					    IDS)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(EP0_WRITES, 0, IDS)), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(private_region(EP0_WRITES, PAGE, RING)), ZX_ERR_INVALID_ARGS);
	host_test_fail = ZX_ERR_NO_MEMORY;
	assert_int_equal(try(private_region(EP0_WRITES, PAGE, IDS)), ZX_ERR_NO_MEMORY);
	host_test_fail = ZX_OK;
	for (size_t i = 0; i < ZX_IOB_MAX_REGIONS; i++)
		many[i] = good;
	many[ZX_IOB_MAX_REGIONS - 1].type = 7;
	assert_int_equal(create(many, ZX_IOB_MAX_REGIONS, NULL), ZX_ERR_INVALID_ARGS);
	assert_int_equal(fx.process->handles.count, 0);
	many[ZX_IOB_MAX_REGIONS - 1].type = ZX_IOB_REGION_TYPE_PRIVATE;
	assert_int_equal(create(many, ZX_IOB_MAX_REGIONS, NULL), ZX_OK);
}

static void create_with_shared_checks(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	zx_iob_region_t good = ring_region(EP0_WRITES, shared, 7);
	zx_iob_region_t region;

	(void)state;
	assert_int_equal(sys_iob_create_shared_region(fx.self, 1, PAGE, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_create_shared_region(fx.self, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_create_shared_region(fx.self, 0, PAGE + 1, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_create_shared_region(fx.self, 0, PAGE, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	region = good;
	region.shared_region.options = 1;
	assert_int_equal(try(region), ZX_ERR_INVALID_ARGS);
	region = good;
	region.size = PAGE;
	assert_int_equal(try(region), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(ring_region(EP0_WRITES, 3, 0)), ZX_ERR_BAD_HANDLE);
	assert_int_equal(try(ring_region(EP0_WRITES, root_vmar(), 0)), ZX_ERR_WRONG_TYPE);
	/* The header alone has no room for messages. */
	assert_int_equal(try(ring_region(EP0_WRITES, make_shared(PAGE), 0)), ZX_ERR_INVALID_ARGS);
	region = good;
	region.discipline.type = NONE;
	region.access = EP0_MAP;
	assert_int_equal(try(region), ZX_ERR_INVALID_ARGS);
	region.discipline.type = IDS;
	assert_int_equal(try(region), ZX_ERR_INVALID_ARGS);
	assert_int_equal(try(good), ZX_OK);
	/* No rights are needed to name it. */
	assert_int_equal(try(ring_region(EP0_WRITES, weaker(shared, 0), 7)), ZX_OK);
}

static void policy(void **state)
{
	(void)state;
	core_root->root_job->policy[ZX_POL_NEW_IOB_NEWEST] = ZX_POL_ACTION_DENY;
	assert_int_equal(try(private_region(EP0_MAP, PAGE, NONE)), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_create_shared_region(fx.self, 0, PAGE, UADDR(user_scratch())),
			 ZX_ERR_ACCESS_DENIED);
}

static void topics(void **state)
{
	zx_iob_region_t regions[2] = {
		private_region(EP0_MAP | EP1_WRITES, PAGE + 1, IDS),
		private_region(EP1_MAP, 5, NONE),
	};
	zx_info_iob_t *info = user_new(zx_info_iob_t);
	size_t *counts = user_alloc(2 * sizeof(size_t));
	struct ends ends = { 0 };

	(void)state;
	assert_int_equal(create(regions, 2, &ends), ZX_OK);
	info->region_count = 99;
	assert_int_equal(sys_object_get_info(fx.self, ends.handle[0], ZX_INFO_IOB, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	assert_int_equal(info->region_count, 2);
	assert_int_equal(info->options, 0);
	assert_int_equal(info_of(ends.handle[0]).region.size, 2 * PAGE);
	assert_int_equal(info_of(ends.handle[0]).region.access, EP0_MAP | EP1_WRITES);
	/* Who asks is end 0. */
	assert_int_equal(info_of(ends.handle[1]).region.access, EP1_MAP | EP0_WRITES);
	assert_int_equal(info_of(ends.handle[0]).koid, info_of(ends.handle[1]).koid);
	assert_int_equal(sys_object_get_info(fx.self, ends.handle[0], ZX_INFO_IOB_REGIONS, 0, 0,
					     UADDR(&counts[0]), UADDR(&counts[1])),
			 ZX_OK);
	assert_int_equal(counts[0], 0);
	assert_int_equal(counts[1], 2);
	assert_int_equal(sys_object_get_info(fx.self, weaker(ends.handle[0], ZX_RIGHT_READ),
					     ZX_INFO_IOB, UADDR(info), sizeof(*info), 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_object_get_info(fx.self, root_vmar(), ZX_INFO_IOB, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_ERR_WRONG_TYPE);
}

static void names(void **state)
{
	struct ends ends = make(private_region(EP0_MAP, PAGE, NONE));
	char *name = user_alloc(ZX_MAX_NAME_LEN);

	(void)state;
	strcpy(name, "queue");
	assert_int_equal(sys_object_set_property(fx.self, ends.handle[1], ZX_PROP_NAME, UADDR(name),
						 5),
			 ZX_OK);
	memset(name, 0, ZX_MAX_NAME_LEN);
	assert_int_equal(sys_object_get_property(fx.self, ends.handle[0], ZX_PROP_NAME, UADDR(name),
						 ZX_MAX_NAME_LEN),
			 ZX_OK);
	assert_string_equal(name, "queue");
	assert_string_equal(region_of(ends.handle[0], 0)->vmo[1]->name, "queue");
}

static void mapping_rights(void **state)
{
	const zx_vm_option_t both = ZX_VM_PERM_READ | ZX_VM_PERM_WRITE;
	zx_iob_region_t regions[2] = {
		private_region(EP0_MAP | ZX_IOB_ACCESS_EP1_CAN_MAP_READ, PAGE, NONE),
		private_region(EP0_MAP, PAGE, NONE),
	};
	struct ends ends = { 0 };
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(create(regions, 2, &ends), ZX_OK);
	assert_int_equal(map(ends.handle[0], both, 0), ZX_OK);
	assert_int_equal(map(ends.handle[1], ZX_VM_PERM_READ, 0), ZX_OK);
	assert_int_equal(map(ends.handle[1], both, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(ends.handle[1], ZX_VM_PERM_READ, 1), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(ends.handle[0], ZX_VM_PERM_READ, 2), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(map(3, ZX_VM_PERM_READ, 2), ZX_ERR_BAD_HANDLE);
	assert_int_equal(map_at(3, ends.handle[0], both, 2, PAGE, &addr), ZX_ERR_BAD_HANDLE);
	assert_int_equal(map_at(ends.handle[0], ends.handle[0], both, 0, PAGE, &addr),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(map(root_vmar(), both, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(map(weaker(ends.handle[0], ZX_RIGHTS_IO), both, 0), ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(weaker(ends.handle[0], ZX_RIGHT_MAP | ZX_RIGHT_READ), both, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(map(ends.handle[0], both | ZX_VM_FAULT_BEYOND_STREAM_SIZE |
						     ZX_VM_ALLOW_FAULTS, 0),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(map(ends.handle[0], both | ZX_VM_REQUIRE_NON_RESIZABLE, 0), ZX_OK);
	regions[0].private_region.options = ZX_VMO_RESIZABLE;
	assert_int_equal(create(regions, 1, &ends), ZX_OK);
	assert_int_equal(map(ends.handle[0], both | ZX_VM_REQUIRE_NON_RESIZABLE, 0),
			 ZX_ERR_NOT_SUPPORTED);
}

static uint32_t handle_count(zx_handle_t handle)
{
	zx_info_handle_count_t *info = user_scratch();

	assert_int_equal(sys_object_get_info(fx.self, handle, ZX_INFO_HANDLE_COUNT, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	return info->handle_count;
}

/* What an end has mapped keeps it open, but is no handle. */
static void mappings_keep_an_end_open(void **state)
{
	zx_handle_t vmar = root_vmar();
	struct ends ends = make(private_region(EP0_MAP | EP1_MAP, 2 * PAGE, NONE));
	struct object *other = fixture__object(ends.handle[1]);
	zx_vaddr_t addr;
	zx_vaddr_t second;

	(void)state;
	assert_int_equal(map_at(vmar, ends.handle[0], ZX_VM_PERM_READ, 0, 2 * PAGE, &addr), ZX_OK);
	assert_int_equal(map_at(vmar, ends.handle[0], ZX_VM_PERM_READ, 0, PAGE, &second), ZX_OK);
	assert_int_equal(host_test_map.size, PAGE);
	assert_int_equal(handle_count(ends.handle[0]), 1);
	fixture__close(ends.handle[0]);
	assert_int_equal(fixture__signals(other), 0);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, second, PAGE), ZX_OK);
	/* In two steps: what is left of a mapping still counts. */
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr, PAGE), ZX_OK);
	assert_int_equal(fixture__signals(other), 0);
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr + PAGE, PAGE), ZX_OK);
	assert_int_equal(fixture__signals(other), ZX_IOB_PEER_CLOSED);
	/* The memory is still there for this end. */
	assert_int_equal(map(ends.handle[1], ZX_VM_PERM_READ, 0), ZX_OK);
}

static void closing(void **state)
{
	struct ends ends = make(private_region(EP0_MAP, PAGE, NONE));

	(void)state;
	assert_int_equal(sys_object_signal_peer(fx.self, ends.handle[0], 0, ZX_USER_SIGNAL_0),
			 ZX_OK);
	assert_int_equal(fixture__signals(fixture__object(ends.handle[1])), ZX_USER_SIGNAL_0);
	fixture__close(ends.handle[0]);
	assert_int_equal(fixture__signals(fixture__object(ends.handle[1])),
			 ZX_USER_SIGNAL_0 | ZX_IOB_PEER_CLOSED);
	assert_int_equal(sys_object_signal_peer(fx.self, ends.handle[1], 0, ZX_USER_SIGNAL_0),
			 ZX_ERR_PEER_CLOSED);
}

/* The memory that ids are kept in stays where it is. */
static void ids_are_pinned(void **state)
{
	struct ends ends = make(private_region(EP0_MAP | EP1_WRITES, PAGE, IDS));
	zx_handle_t vmar = root_vmar();
	zx_vaddr_t addr;

	(void)state;
	assert_int_equal(map_at(vmar, ends.handle[0], ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, PAGE,
				&addr),
			 ZX_OK);
	assert_int_equal(sys_vmar_op_range(fx.self, vmar, ZX_VMAR_OP_DECOMMIT, addr, PAGE, 0, 0),
			 ZX_ERR_BAD_STATE);
}

static void vmos_of_a_process(void **state)
{
	size_t *counts = user_alloc(2 * sizeof(size_t));
	zx_info_vmo_v4_t *list = user_alloc(8 * sizeof(*list));
	struct ends ends = make(private_region(EP0_MAP, PAGE, NONE));
	zx_rights_t mapped = 0;
	zx_handle_t process;
	bool none = false;
	size_t found = 0;

	(void)state;
	object__get(&fx.process->object);
	process = fixture__handle(&fx.process->object, ZX_DEFAULT_PROCESS_RIGHTS);
	assert_int_equal(sys_object_get_info(fx.self, process, ZX_INFO_PROCESS_VMOS | 3u << 28,
					     UADDR(list), 8 * sizeof(*list), UADDR(&counts[0]),
					     UADDR(&counts[1])),
			 ZX_OK);
	for (size_t i = 0; i < counts[0]; i++) {
		if (!(list[i].flags & ZX_INFO_VMO_VIA_IOB_HANDLE))
			continue;
		assert_int_equal(list[i].koid, region_of(ends.handle[0], 0)->koid);
		mapped |= list[i].handle_rights & ZX_RIGHTS_IO;
		none |= !(list[i].handle_rights & ZX_RIGHTS_IO);
		found++;
	}
	assert_int_equal(found, 2);
	/* One end may map the region, the other may not. */
	assert_int_equal(mapped, ZX_RIGHTS_IO);
	assert_true(none);
}

static void cycle(void)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	zx_handle_t vmar = root_vmar();
	zx_iob_region_t regions[3] = {
		private_region(EP0_MAP, PAGE, NONE),
		private_region(EP0_WRITES, PAGE, IDS),
		ring_region(EP0_WRITES, shared, 1),
	};
	struct ends ends = { 0 };
	zx_vaddr_t addr;

	assert_int_equal(create(regions, 3, &ends), ZX_OK);
	assert_int_equal(map_at(vmar, ends.handle[0], ZX_VM_PERM_READ, 0, PAGE, &addr), ZX_OK);
	fixture__close(ends.handle[0]);
	fixture__close(ends.handle[1]);
	/* The last of it goes with the mapping. */
	assert_int_equal(sys_vmar_unmap(fx.self, vmar, addr, PAGE), ZX_OK);
	fixture__close(vmar);
	fixture__close(shared);
}

static void nothing_leaks(void **state)
{
	(void)state;
	fixture__check_leaks(cycle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		iob_case(create_checks),
		iob_case(create_with_shared_checks),
		iob_case(policy),
		iob_case(topics),
		iob_case(names),
		iob_case(mapping_rights),
		iob_case(mappings_keep_an_end_open),
		iob_case(closing),
		iob_case(ids_are_pinned),
		iob_case(vmos_of_a_process),
		iob_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
