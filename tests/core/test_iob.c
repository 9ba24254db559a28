/* I/O buffers. */
#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/iob.h"
#include "compat/core/vmar.h"
#include "tests/core/core_fixture.h"

#define PAGE 4096u
#define NONE ZX_IOB_DISCIPLINE_TYPE_NONE
#define IDS ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR
#define RING ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER
#define EP0_MAP (ZX_IOB_ACCESS_EP0_CAN_MAP_READ | ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE)
#define EP1_MAP (ZX_IOB_ACCESS_EP1_CAN_MAP_READ | ZX_IOB_ACCESS_EP1_CAN_MAP_WRITE)
#define EP0_WRITES ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE
#define EP1_WRITES ZX_IOB_ACCESS_EP1_CAN_MEDIATED_WRITE

static zx_iob_region_t private_region(zx_iob_access_t access, uint64_t size,
				      zx_iob_discipline_type_t discipline)
{
	return (zx_iob_region_t){ .access = access, .size = size,
				  .discipline = { .type = discipline } };
}

static zx_iob_region_t ring_region(zx_iob_access_t access, zx_handle_t shared, uint64_t tag)
{
	return (zx_iob_region_t){ .type = ZX_IOB_REGION_TYPE_SHARED, .access = access,
				  .discipline = { .type = RING, .ring_buffer = { .tag = tag } },
				  .shared_region = { .shared_region = shared } };
}

struct ends {
	zx_handle_t handle[2];
};

static zx_status_t create(const zx_iob_region_t *regions, size_t count, struct ends *ends)
{
	zx_iob_region_t *copy = user_scratch();
	zx_handle_t *out = (zx_handle_t *)(copy + ZX_IOB_MAX_REGIONS);
	zx_status_t status;

	memcpy(copy, regions, count * sizeof(*regions));
	status = sys_iob_create(fx.self, 0, UADDR(copy), count, UADDR(&out[0]), UADDR(&out[1]));
	if (status == ZX_OK && ends)
		*ends = (struct ends){ { out[0], out[1] } };
	return status;
}

/* The status of making a buffer with one region. */
static zx_status_t try(zx_iob_region_t region)
{
	return create(&region, 1, NULL);
}

static struct ends make(zx_iob_region_t region)
{
	struct ends ends;

	assert_int_equal(create(&region, 1, &ends), ZX_OK);
	return ends;
}

static zx_handle_t make_shared(uint64_t size)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_iob_create_shared_region(fx.self, 0, size, UADDR(out)), ZX_OK);
	return *out;
}

static zx_handle_t root_vmar(void)
{
	object__get(&fx.process->root_vmar->object);
	return fixture__handle(&fx.process->root_vmar->object,
			       ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHTS_IO | ZX_RIGHT_OP_CHILDREN);
}

static zx_status_t map_at(zx_handle_t vmar, zx_handle_t end, zx_vm_option_t options, uint32_t index,
			  size_t len, zx_vaddr_t *out)
{
	zx_vaddr_t *addr = user_scratch();
	zx_status_t status = sys_vmar_map_iob(fx.self, vmar, options, 0, end, index, 0, len,
					      UADDR(addr));

	*out = *addr;
	return status;
}

static zx_status_t map(zx_handle_t end, zx_vm_option_t options, uint32_t index)
{
	zx_vaddr_t addr;

	return map_at(root_vmar(), end, options, index, PAGE, &addr);
}

static zx_handle_t weaker(zx_handle_t handle, zx_rights_t rights)
{
	object__get(fixture__object(handle));
	return fixture__handle(fixture__object(handle), rights);
}

static struct iob_region *region_of(zx_handle_t end, uint32_t index)
{
	return &((struct iob *)fixture__object(end))->state->regions[index];
}

static int setup(void **state)
{
	int result = fixture__setup(state);

	fixture__set_era(ZXERA_NEWEST);
	return result;
}

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

static zx_iob_region_info_t info_of(zx_handle_t end)
{
	zx_iob_region_info_t *info = user_scratch();

	assert_int_equal(sys_object_get_info(fx.self, end, ZX_INFO_IOB_REGIONS, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	return *info;
}

static void topics(void **state)
{
	zx_iob_region_t regions[2] = {
		private_region(EP0_MAP | EP1_WRITES, PAGE + 1, IDS),
		private_region(EP1_MAP, 5, NONE),
	};
	zx_info_iob_t *info = user_new(zx_info_iob_t);
	size_t *counts = user_alloc(2 * sizeof(size_t));
	struct ends ends;

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
	struct ends ends;
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

static void vmos_of_a_process(void **state)
{
	size_t *counts = user_alloc(2 * sizeof(size_t));
	zx_info_vmo_v4_t *list = user_alloc(8 * sizeof(*list));
	struct ends ends = make(private_region(EP0_MAP, PAGE, NONE));
	zx_handle_t process;
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
		found++;
	}
	assert_int_equal(found, 2);
}

/* --- blobs with numbers --- */

static zx_status_t allocate(zx_handle_t end, const void *blob, size_t size, uint32_t *out_id)
{
	char *data = user_scratch();
	uint32_t *id = (uint32_t *)(data + 8192);
	zx_status_t status;

	memcpy(data, blob, size);
	status = sys_iob_allocate_id(fx.self, end, 0, 0, UADDR(data), size, UADDR(id));
	*out_id = *id;
	return status;
}

static void ids(void **state)
{
	struct ends ends = make(private_region(EP0_MAP | EP0_WRITES | EP1_WRITES, PAGE, IDS));
	const uint32_t *words = region_of(ends.handle[0], 0)->memory;
	static const char zeros[PAGE];
	uint32_t id = 99;

	(void)state;
	assert_int_equal(words[0], 0);
	assert_int_equal(words[1], PAGE);
	assert_int_equal(allocate(ends.handle[0], "hello", 5, &id), ZX_OK);
	assert_int_equal(id, 0);
	assert_int_equal(allocate(ends.handle[1], "you", 3, &id), ZX_OK);
	assert_int_equal(id, 1);
	assert_int_equal(words[0], 2);
	assert_int_equal(words[1], PAGE - 8);
	assert_int_equal(words[2], 5);
	assert_int_equal(words[3], PAGE - 5);
	assert_int_equal(words[4], 3);
	assert_int_equal(words[5], PAGE - 8);
	assert_memory_equal((const char *)words + PAGE - 8, "youhello", 8);
	assert_int_equal(allocate(ends.handle[1], "", 0, &id), ZX_OK);
	assert_int_equal(allocate(ends.handle[0], zeros, PAGE, &id), ZX_ERR_NO_MEMORY);
	/* To the last byte: 4 entries and the header, the blobs, and this one. */
	assert_int_equal(allocate(ends.handle[0], zeros, PAGE - 5 * 8 - 8 + 1, &id),
			 ZX_ERR_NO_MEMORY);
	assert_int_equal(allocate(ends.handle[0], zeros, PAGE - 5 * 8 - 8, &id), ZX_OK);
	assert_int_equal(id, 3);
	assert_int_equal(allocate(ends.handle[0], "", 0, &id), ZX_ERR_NO_MEMORY);
}

static void id_checks(void **state)
{
	struct ends ends = make(private_region(EP0_MAP | EP1_WRITES, PAGE, IDS));
	struct ends plain = make(private_region(EP0_MAP, PAGE, NONE));
	uint32_t *words = region_of(ends.handle[0], 0)->memory;
	zx_handle_t end = ends.handle[1];
	uint32_t *out = user_new(uint32_t);
	uint32_t id;

	(void)state;
	assert_int_equal(sys_iob_allocate_id(fx.self, 3, 1, 9, 0, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_allocate_id(fx.self, 3, 0, 9, 0, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_iob_allocate_id(fx.self, root_vmar(), 0, 9, 0, 0, 0),
			 ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_iob_allocate_id(fx.self, weaker(end, ZX_RIGHT_READ), 0, 9, 0, 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_allocate_id(fx.self, end, 0, 1, 0, 0, 0), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(allocate(plain.handle[0], "", 0, &id), ZX_ERR_WRONG_TYPE);
	assert_int_equal(allocate(ends.handle[0], "", 0, &id), ZX_ERR_ACCESS_DENIED);
	/* A blob that cannot be read costs its number. */
	assert_int_equal(sys_iob_allocate_id(fx.self, end, 0, 0, FIXTURE_BAD_ADDR, 4, UADDR(out)),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(words[0], 1);
	assert_int_equal(words[2], 0);
	assert_int_equal(sys_iob_allocate_id(fx.self, end, 0, 0, 0, 0, FIXTURE_BAD_ADDR),
			 ZX_ERR_INVALID_ARGS);
	/* What the other end writes is not trusted. */
	words[1] = PAGE + 1;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
	words[1] = 16;
	words[0] = 5;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
	words[0] = UINT32_MAX;
	words[1] = UINT32_MAX;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
	words[0] = 1;
	words[1] = PAGE;
	words[4] = 1;
	assert_int_equal(allocate(end, "", 0, &id), ZX_ERR_IO_DATA_INTEGRITY);
}

struct allocator {
	zx_handle_t end;
	int failed;
};

#define RACE_IDS 2000

static void allocate_many(struct thread *self, void *data)
{
	struct allocator *allocator = data;
	uint32_t *id = user_new(uint32_t);

	for (int i = 0; i < RACE_IDS; i++) {
		if (sys_iob_allocate_id(self, allocator->end, 0, 0, UADDR(id), 4, UADDR(id)) !=
		    ZX_OK)
			allocator->failed++;
	}
}

static void ids_from_both_ends(void **state)
{
	struct ends ends = make(private_region(EP0_WRITES | EP1_WRITES, 64 * PAGE, IDS));
	const uint32_t *words = region_of(ends.handle[0], 0)->memory;
	struct allocator allocators[2] = { { ends.handle[0], 0 }, { ends.handle[1], 0 } };
	struct runner runners[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		fixture__run(&runners[i], allocate_many, &allocators[i]);
	for (int i = 0; i < 2; i++) {
		fixture__join(&runners[i]);
		assert_int_equal(allocators[i].failed, 0);
	}
	assert_int_equal(words[0], 2 * RACE_IDS);
	for (uint32_t i = 0; i < 2 * RACE_IDS; i++)
		assert_int_equal(words[2 + 2 * i], 4);
}

/* --- rings of messages --- */

static zx_status_t write_message(zx_handle_t end, const char *first, const char *second)
{
	char *data = user_scratch();
	zx_iovec_t *vectors = (zx_iovec_t *)(data + 8192);

	strcpy(data, first);
	strcpy(data + 4096, second);
	vectors[0] = (zx_iovec_t){ data, strlen(first) };
	vectors[1] = (zx_iovec_t){ data + 4096, strlen(second) };
	return sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 2);
}

static void messages(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	struct ends one = make(ring_region(EP0_WRITES, shared, 11));
	struct ends two = make(ring_region(EP1_WRITES | EP0_MAP, shared, 22));
	const uint64_t *header = region_of(one.handle[0], 0)->shared->vmo->shared;
	const uint64_t *ring = header + PAGE / 8;

	(void)state;
	/* The memory is that of the object. */
	assert_int_equal(info_of(one.handle[0]).koid,
			 ((struct object *)fixture__object(shared))->koid);
	assert_int_equal(info_of(one.handle[0]).region.size, 0);
	assert_int_equal(write_message(one.handle[0], "abc", "defgh"), ZX_OK);
	assert_int_equal(header[0], 24);
	assert_int_equal(ring[0], 11);
	assert_int_equal(ring[1], 8);
	assert_memory_equal(&ring[2], "abcdefgh", 8);
	assert_int_equal(write_message(two.handle[1], "i", ""), ZX_OK);
	assert_int_equal(header[0], 48);
	assert_int_equal(ring[3], 22);
	assert_int_equal(ring[4], 1);
	assert_int_equal(sys_iob_writev(fx.self, one.handle[0], 0, 0, 0, 0), ZX_OK);
	assert_int_equal(header[0], 64);
	assert_int_equal(map(two.handle[0], ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0), ZX_OK);
	/* Both buffers and the handle may go, in any order. */
	fixture__close(shared);
	fixture__close(one.handle[0]);
	fixture__close(one.handle[1]);
	assert_int_equal(write_message(two.handle[1], "x", "y"), ZX_OK);
}

static void ring_wraps(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	zx_handle_t end = make(ring_region(EP0_WRITES, shared, 11)).handle[0];
	uint64_t *header = region_of(end, 0)->shared->vmo->shared;
	const uint64_t *ring = header + PAGE / 8;

	(void)state;
	/* The header at the ring's end, the bytes at its start. */
	header[0] = 3 * PAGE - 16;
	header[1] = 3 * PAGE - 16;
	assert_int_equal(write_message(end, "across", ""), ZX_OK);
	assert_int_equal(header[0], 3 * PAGE + 8);
	assert_int_equal(ring[PAGE / 8 - 2], 11);
	assert_int_equal(ring[PAGE / 8 - 1], 6);
	assert_memory_equal(ring, "across", 6);
	/* The last byte that is free, and one more. */
	header[1] = header[0] + 24 - PAGE;
	assert_int_equal(write_message(end, "123456789", ""), ZX_ERR_NO_SPACE);
	assert_int_equal(write_message(end, "1234", "5678"), ZX_OK);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_NO_SPACE);
	/* Numbers that cannot be. */
	header[1] = header[0] + 8;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_IO_DATA_INTEGRITY);
	header[1] = 0;
	header[0] = 4;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_IO_DATA_INTEGRITY);
	header[0] = UINT64_MAX - 7;
	header[1] = UINT64_MAX - 7;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, 0, 0), ZX_ERR_IO_DATA_INTEGRITY);
}

static void write_checks(void **state)
{
	zx_handle_t shared = make_shared(32 * PAGE);
	struct ends ends = make(ring_region(EP0_WRITES | EP1_MAP, shared, 1));
	struct ends plain = make(private_region(EP0_MAP, PAGE, NONE));
	uint64_t *header = region_of(ends.handle[0], 0)->shared->vmo->shared;
	zx_iovec_t *vectors = user_alloc(9 * sizeof(*vectors));
	zx_handle_t end = ends.handle[0];

	(void)state;
	assert_int_equal(sys_iob_writev(fx.self, 3, 1, 9, 0, 0), ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_writev(fx.self, 3, 0, 9, 0, 0), ZX_ERR_BAD_HANDLE);
	assert_int_equal(sys_iob_writev(fx.self, shared, 0, 9, 0, 0), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_iob_writev(fx.self, weaker(end, ZX_RIGHT_READ), 0, 9, 0, 0),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 1, 0, 9), ZX_ERR_OUT_OF_RANGE);
	assert_int_equal(sys_iob_writev(fx.self, plain.handle[0], 0, 0, 0, 9), ZX_ERR_WRONG_TYPE);
	assert_int_equal(sys_iob_writev(fx.self, ends.handle[1], 0, 0, 0, 9),
			 ZX_ERR_ACCESS_DENIED);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 9),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 8), ZX_OK);
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, FIXTURE_BAD_ADDR, 1),
			 ZX_ERR_INVALID_ARGS);
	vectors[0] = (zx_iovec_t){ (void *)FIXTURE_BAD_ADDR, 65535 - 16 + 1 };
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1),
			 ZX_ERR_INVALID_ARGS);
	vectors[0].capacity = 60000;
	vectors[1] = (zx_iovec_t){ (void *)FIXTURE_BAD_ADDR, UINT64_MAX };
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 2),
			 ZX_ERR_INVALID_ARGS);
	/* Nothing is mapped there; no address at all. */
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1), ZX_ERR_NOT_FOUND);
	vectors[0].buffer = (void *)0xffff800000000000ull;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1),
			 ZX_ERR_INVALID_ARGS);
	assert_int_equal(header[0], 16);
	/* The largest one. */
	vectors[0] = (zx_iovec_t){ (void *)FIXTURE_USER_BASE, 65535 - 16 };
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1), ZX_OK);
	/* Room is looked for before bytes are. */
	vectors[0].buffer = (void *)FIXTURE_BAD_ADDR;
	assert_int_equal(sys_iob_writev(fx.self, end, 0, 0, UADDR(vectors), 1), ZX_ERR_NO_SPACE);
}

static void wait_for_message(struct thread *self, void *data)
{
	uint32_t observed = 0;

	assert_int_equal(object__wait_one(self, data, NULL, 0, ZX_IOB_SHARED_REGION_UPDATED,
					  fixture__after_ms(10000), &observed),
			 ZX_OK);
	assert_int_not_equal(observed & ZX_IOB_SHARED_REGION_UPDATED, 0);
}

static void messages_are_announced(void **state)
{
	zx_handle_t shared = make_shared(2 * PAGE);
	zx_handle_t end = make(ring_region(EP0_WRITES, shared, 11)).handle[0];
	struct runner runner;

	(void)state;
	fixture__run(&runner, wait_for_message, fixture__object(shared));
	fixture__await_blocked(&runner, ZX_THREAD_STATE_BLOCKED_WAIT_ONE);
	assert_int_equal(write_message(end, "a", "b"), ZX_OK);
	fixture__join(&runner);
	assert_int_equal(fixture__signals(fixture__object(shared)), 0);
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
	struct ends ends;
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

#define iob_case(name) cmocka_unit_test_setup_teardown(name, setup, fixture__teardown)

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
		iob_case(vmos_of_a_process),
		iob_case(ids),
		iob_case(id_checks),
		iob_case(ids_from_both_ends),
		iob_case(messages),
		iob_case(ring_wraps),
		iob_case(write_checks),
		iob_case(messages_are_announced),
		iob_case(nothing_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
