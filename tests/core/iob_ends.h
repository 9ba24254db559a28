/* What the tests of I/O buffers share. */
#ifndef TESTS_IOB_ENDS_H
#define TESTS_IOB_ENDS_H

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

static inline zx_iob_region_t private_region(zx_iob_access_t access, uint64_t size,
					     zx_iob_discipline_type_t discipline)
{
	return (zx_iob_region_t){ .access = access, .size = size,
				  .discipline = { .type = discipline } };
}

static inline zx_iob_region_t ring_region(zx_iob_access_t access, zx_handle_t shared, uint64_t tag)
{
	return (zx_iob_region_t){ .type = ZX_IOB_REGION_TYPE_SHARED, .access = access,
				  .discipline = { .type = RING, .ring_buffer = { .tag = tag } },
				  .shared_region = { .shared_region = shared } };
}

struct ends {
	zx_handle_t handle[2];
};

static inline zx_status_t create(const zx_iob_region_t *regions, size_t count, struct ends *ends)
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
static inline zx_status_t try(zx_iob_region_t region)
{
	return create(&region, 1, NULL);
}

static inline struct ends make(zx_iob_region_t region)
{
	struct ends ends = { 0 };

	assert_int_equal(create(&region, 1, &ends), ZX_OK);
	return ends;
}

static inline zx_handle_t make_shared(uint64_t size)
{
	zx_handle_t *out = user_scratch();

	assert_int_equal(sys_iob_create_shared_region(fx.self, 0, size, UADDR(out)), ZX_OK);
	return *out;
}

static inline zx_handle_t root_vmar(void)
{
	object__get(&fx.process->root_vmar->object);
	return fixture__handle(&fx.process->root_vmar->object,
			       ZX_DEFAULT_VMAR_RIGHTS | ZX_RIGHTS_IO | ZX_RIGHT_OP_CHILDREN);
}

static inline zx_status_t map_at(zx_handle_t vmar, zx_handle_t end, zx_vm_option_t options,
				 uint32_t index, size_t len, zx_vaddr_t *out)
{
	zx_vaddr_t *addr = user_scratch();
	zx_status_t status = sys_vmar_map_iob(fx.self, vmar, options, 0, end, index, 0, len,
					      UADDR(addr));

	*out = *addr;
	return status;
}

static inline zx_status_t map(zx_handle_t end, zx_vm_option_t options, uint32_t index)
{
	zx_vaddr_t addr;

	return map_at(root_vmar(), end, options, index, PAGE, &addr);
}

static inline zx_handle_t weaker(zx_handle_t handle, zx_rights_t rights)
{
	object__get(fixture__object(handle));
	return fixture__handle(fixture__object(handle), rights);
}

static inline struct iob_region *region_of(zx_handle_t end, uint32_t index)
{
	return &((struct iob *)fixture__object(end))->state->regions[index];
}

static inline int setup(void **state)
{
	int result = fixture__setup(state);

	fixture__set_era(ZXERA_NEWEST);
	return result;
}

static inline zx_iob_region_info_t info_of(zx_handle_t end)
{
	zx_iob_region_info_t *info = user_scratch();

	assert_int_equal(sys_object_get_info(fx.self, end, ZX_INFO_IOB_REGIONS, UADDR(info),
					     sizeof(*info), 0, 0),
			 ZX_OK);
	return *info;
}

#define iob_case(name) cmocka_unit_test_setup_teardown(name, setup, fixture__teardown)

#endif
