/* zx_object_get_info: what it tells of memory. */
#include <stdio.h>

#include "compat/core/vmar.h"
#include "tests/core/info_tools.h"

static void vmo_topic(void **state)
{
	zx_handle_t *out = user_new(zx_handle_t);
	zx_handle_t vmo = make_vmo(PAGES(3), true, "mine");
	struct vmo *object = fixture__object(vmo);
	zx_info_vmo_2018_t *old;
	zx_info_vmo_v4_t *newest;
	zx_info_vmo_t *v1;

	(void)state;
	assert_int_equal(vmo__write(object, "x", PAGES(1), 1), ZX_OK);
	v1 = one(vmo, ZX_INFO_VMO, sizeof(*v1));
	assert_int_equal(v1->koid, object->object.koid);
	assert_string_equal(v1->name, "mine");
	assert_int_equal(v1->size_bytes, PAGES(3));
	assert_int_equal(v1->committed_bytes, PAGES(1));
	assert_int_equal(v1->parent_koid, 0);
	assert_int_equal(v1->num_children, 0);
	assert_int_equal(v1->num_mappings, 0);
	assert_int_equal(v1->share_count, 1);
	assert_int_equal(v1->flags, ZX_INFO_VMO_TYPE_PAGED | ZX_INFO_VMO_RESIZABLE |
					    ZX_INFO_VMO_VIA_HANDLE);
	assert_int_equal(v1->handle_rights, 0);
	assert_int_equal(sys_vmo_create_child(fx.self, vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGES(1),
					      UADDR(out)),
			 ZX_OK);
	v1 = one(*out, ZX_INFO_VMO, sizeof(*v1));
	assert_int_equal(v1->parent_koid, object->object.koid);
	assert_int_equal(v1->flags, ZX_INFO_VMO_TYPE_PAGED | ZX_INFO_VMO_IS_COW_CLONE |
					    ZX_INFO_VMO_VIA_HANDLE);
	v1 = one(vmo, ZX_INFO_VMO, sizeof(*v1));
	assert_int_equal(v1->num_children, 1);
	fixture__set_era(ZXERA_2018_12);
	old = one(vmo, ZX_INFO_VMO, sizeof(*old));
	assert_int_equal(old->create_options, 1);
	assert_int_equal(old->flags, ZX_INFO_VMO_TYPE_PAGED | ZX_INFO_VMO_VIA_HANDLE);
	assert_int_equal(old->committed_bytes, PAGES(1));
	fixture__set_era(ZXERA_NEWEST);
	one(vmo, ZX_INFO_VMO_V1, sizeof(zx_info_vmo_v1_t));
	one(vmo, ZX_INFO_VMO_V2, sizeof(zx_info_vmo_v2_t));
	one(vmo, ZX_INFO_VMO_V3, sizeof(zx_info_vmo_v3_t));
	newest = one(vmo, ZX_INFO_VMO_V4, sizeof(*newest));
	assert_int_equal(newest->handle_rights, ZX_DEFAULT_VMO_RIGHTS);
	assert_int_equal(newest->populated_private_bytes, PAGES(1));
}

/* The fixture's memory is mapped; other VMOs are held by handles. */
static void vmos_of_a_process(void **state)
{
	zx_handle_t process = self_process();
	zx_info_vmo_t *list = user_scratch();

	(void)state;
	make_vmo(PAGES(1), false, "one");
	make_vmo(PAGES(1), false, "two");
	assert_int_equal(info(process, ZX_INFO_PROCESS_VMOS, 10 * sizeof(*list)), ZX_OK);
	assert_int_equal(actual, 3);
	assert_int_equal(avail, 3);
	assert_string_equal(list[0].name, "one");
	assert_int_equal(list[0].flags, ZX_INFO_VMO_TYPE_PAGED | ZX_INFO_VMO_VIA_HANDLE);
	assert_int_equal(list[0].handle_rights, ZX_DEFAULT_VMO_RIGHTS);
	assert_int_equal(list[2].flags, ZX_INFO_VMO_TYPE_PAGED | ZX_INFO_VMO_VIA_MAPPING);
	assert_int_equal(list[2].num_mappings, 1);
	assert_int_equal(info(process, ZX_INFO_PROCESS_VMOS, sizeof(*list)), ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(avail, 3);
	assert_int_equal(info(process, ZX_INFO_PROCESS_VMOS, 0), ZX_OK);
	assert_int_equal(avail, 3);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(info(process, ZX_INFO_PROCESS_VMOS, 1000), ZX_ERR_ACCESS_DENIED);
}

static void maps_of_a_process(void **state)
{
	zx_handle_t process = self_process();
	zx_info_maps_t *maps = user_scratch();
	zx_info_maps_v3_t *newest = user_scratch();
	char name[ZX_MAX_NAME_LEN];
	struct vmar *child;
	uint64_t base;

	(void)state;
	assert_int_equal(vmar__allocate(fx.process->root_vmar, ZX_VM_CAN_MAP_READ, 0, PAGES(4),
					&child, &base),
			 ZX_OK);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, 10 * sizeof(*maps)), ZX_OK);
	assert_int_equal(actual, 4);
	assert_int_equal(avail, 4);
	snprintf(name, sizeof(name), "proc:%llu", (unsigned long long)fx.process->object.koid);
	assert_string_equal(maps[0].name, name);
	assert_int_equal(maps[0].type, ZX_INFO_MAPS_TYPE_ASPACE);
	assert_int_equal(maps[0].depth, 0);
	assert_int_equal(maps[0].base, ASPACE_BASE);
	assert_int_equal(maps[1].type, ZX_INFO_MAPS_TYPE_VMAR);
	assert_string_equal(maps[1].name, "root");
	assert_int_equal(maps[1].depth, 1);
	for (int i = 2; i < 4; i++) {
		assert_int_equal(maps[i].depth, 2);
		if (maps[i].type == ZX_INFO_MAPS_TYPE_VMAR) {
			assert_int_equal(maps[i].base, base);
			assert_string_equal(maps[i].name, "useralloc");
			continue;
		}
		assert_int_equal(maps[i].type, ZX_INFO_MAPS_TYPE_MAPPING);
		assert_int_equal(maps[i].base, FIXTURE_USER_BASE);
		assert_int_equal(maps[i].size, FIXTURE_USER_SIZE);
		assert_int_equal(maps[i].u.mapping.mmu_flags, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE);
		assert_true(maps[i].u.mapping.committed_pages > 0);
	}
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, sizeof(*maps)), ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(avail, 4);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, 0), ZX_OK);
	assert_int_equal(avail, 4);
	fixture__set_era(ZXERA_NEWEST);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS_V2, 4 * sizeof(zx_info_maps_v2_t)),
			 ZX_OK);
	assert_int_equal(actual, 4);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS_V3, 4 * sizeof(*newest)), ZX_OK);
	assert_int_equal(actual, 4);
	assert_int_equal(newest[1].base, ASPACE_BASE);
	assert_int_equal(info(handle_to(child, ZX_RIGHT_INSPECT), ZX_INFO_VMAR_MAPS,
			      4 * sizeof(*newest)),
			 ZX_OK);
	assert_int_equal(actual, 1);
	assert_int_equal(newest[0].base, base);
	object__put(&child->object);
	fixture__set_era(ZXERA_2018_12);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, 1000), ZX_ERR_ACCESS_DENIED);
}

static void maps_of_another_process(void **state)
{
	struct thread *other = fixture__other_process();
	zx_handle_t process = handle_to(other->process, ZX_RIGHT_READ | ZX_RIGHT_INSPECT);

	(void)state;
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, 2 * sizeof(zx_info_maps_201807_t)),
			 ZX_OK);
	assert_int_equal(actual, 2);
	assert_int_equal(avail, 2);
	process__kill(other->process, 0);
	assert_int_equal(info(process, ZX_INFO_PROCESS_VMOS, 1000), ZX_ERR_BAD_STATE);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, 1000), ZX_OK);
	/* Its address space goes with its last thread. */
	thread__host_gone(other);
	assert_int_equal(info(process, ZX_INFO_PROCESS_MAPS, 1000), ZX_ERR_BAD_STATE);
	assert_int_equal(info(process, ZX_INFO_PROCESS_VMOS, 1000), ZX_ERR_BAD_STATE);
	assert_int_equal(info(process, ZX_INFO_TASK_STATS, 1000), ZX_ERR_BAD_STATE);
	/* What the fixture would do once more. */
	other->process->live_threads++;
	object__get(&other->object);
}

static void usage(void **state)
{
	zx_handle_t process = self_process();
	struct thread *other = fixture__other_process();
	zx_info_task_stats_t *stats;
	struct vmo *vmo;
	uint64_t addr;

	(void)state;
	stats = one(process, ZX_INFO_TASK_STATS, sizeof(*stats));
	assert_int_equal(stats->mem_mapped_bytes, FIXTURE_USER_SIZE);
	assert_int_equal(stats->mem_shared_bytes, 0);
	assert_true(stats->mem_private_bytes > 0);
	assert_int_equal(vmo__create(PAGES(2), false, &vmo), ZX_OK);
	assert_int_equal(vmo__write(vmo, "x", 0, 1), ZX_OK);
	for (int i = 0; i < 2; i++) {
		struct process *target = i ? other->process : fx.process;

		assert_int_equal(vmar__map(fx.self, target->root_vmar, ZX_VM_PERM_READ, 0, vmo,
					   HOST_PROT_READ, 0, PAGES(2), &addr),
				 ZX_OK);
	}
	object__put(&vmo->object);
	stats = one(process, ZX_INFO_TASK_STATS, sizeof(*stats));
	assert_int_equal(stats->mem_mapped_bytes, FIXTURE_USER_SIZE + PAGES(2));
	assert_int_equal(stats->mem_shared_bytes, PAGES(1));
	assert_int_equal(stats->mem_scaled_shared_bytes, PAGES(1) / 2);
	/* The vDSO is shared with the system. */
	vmo->sealed = true;
	stats = one(process, ZX_INFO_TASK_STATS, sizeof(*stats));
	assert_int_equal(stats->mem_shared_bytes, PAGES(1));
	assert_int_equal(stats->mem_scaled_shared_bytes, PAGES(1) / 3);
	fixture__set_era(ZXERA_NEWEST);
	one(process, ZX_INFO_TASK_STATS_V2, sizeof(zx_info_task_stats_v2_t));
}

static void vmar_topic(void **state)
{
	zx_info_vmar_t *vmar;

	(void)state;
	vmar = one(handle_to(fx.process->root_vmar, ZX_RIGHT_INSPECT), ZX_INFO_VMAR, sizeof(*vmar));
	assert_int_equal(vmar->base, ASPACE_BASE);
	assert_int_equal(vmar->len, ASPACE_END - ASPACE_BASE);
	assert_int_equal(info(handle_to(fx.process->root_vmar, 0), ZX_INFO_VMAR, 100),
			 ZX_ERR_ACCESS_DENIED);
	fixture__set_era(ZXERA_2018_07);
	assert_int_equal(info(handle_to(fx.process->root_vmar, 0), ZX_INFO_VMAR, 100), ZX_OK);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		test_case(vmo_topic),
		test_case(vmos_of_a_process),
		test_case(maps_of_a_process),
		test_case(maps_of_another_process),
		test_case(usage),
		test_case(vmar_topic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
