/* zx_iob_create, _create_shared_region, _allocate_id, _writev, and zx_vmar_map_iob. */
#include "conformance.h"

#include <zircon/syscalls/iob.h>

#define EP0_MAP (ZX_IOB_ACCESS_EP0_CAN_MAP_READ | ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE)
#define EP1_MAP (ZX_IOB_ACCESS_EP1_CAN_MAP_READ | ZX_IOB_ACCESS_EP1_CAN_MAP_WRITE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

static const zx_iob_region_t plain = {
	.access = EP0_MAP | ZX_IOB_ACCESS_EP1_CAN_MAP_READ, .size = RT_PAGE_SIZE
};
static const zx_iob_region_t numbered = {
	.access = ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE | ZX_IOB_ACCESS_EP1_CAN_MAP_READ,
	.size = RT_PAGE_SIZE,
	.discipline = { .type = ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR },
};

static zx_status_t create(uint64_t options, const zx_iob_region_t *regions, size_t count)
{
	zx_handle_t a, b;
	zx_status_t status = zx_iob_create(options, regions, count, &a, &b);

	if (status == ZX_OK) {
		own(a);
		own(b);
	}
	return status;
}

static void make_iob(const zx_iob_region_t *region, zx_handle_t *a, zx_handle_t *b)
{
	EXPECT_OK(zx_iob_create(0, region, 1, a, b));
	own(*a);
	own(*b);
}

static zx_handle_t iob_end(const zx_iob_region_t *region)
{
	zx_handle_t a, b;

	make_iob(region, &a, &b);
	return a;
}

static zx_status_t create_shared(uint64_t options, uint64_t size)
{
	zx_handle_t region;
	zx_status_t status = zx_iob_create_shared_region(options, size, &region);

	if (status == ZX_OK)
		own(region);
	return status;
}

/* One end of a buffer whose region is a ring of a page and its header. */
static zx_handle_t ring_end(void)
{
	zx_iob_region_t region = {
		.type = ZX_IOB_REGION_TYPE_SHARED,
		.access = ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE | ZX_IOB_ACCESS_EP1_CAN_MAP_READ,
		.discipline = { .type = ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER },
	};

	EXPECT_OK(zx_iob_create_shared_region(0, 2 * RT_PAGE_SIZE,
					      &region.shared_region.shared_region));
	own(region.shared_region.shared_region);
	return iob_end(&region);
}

static zx_status_t allocate(zx_handle_t iob, uint32_t options, uint32_t region)
{
	uint32_t id;

	return zx_iob_allocate_id(iob, options, region, "blob", 4, &id);
}

static zx_status_t writev(zx_handle_t iob, uint64_t options, uint32_t region)
{
	zx_iovec_t vector = { (void *)"message", 7 };

	return zx_iob_writev(iob, options, region, &vector, 1);
}

static zx_status_t map(zx_handle_t vmar, zx_vm_option_t options, zx_handle_t iob, uint32_t region,
		       size_t size)
{
	zx_vaddr_t address;
	zx_status_t status = zx_vmar_map_iob(vmar, options, 0, iob, region, 0, size, &address);

	if (status == ZX_OK)
		EXPECT_OK(zx_vmar_unmap(rt_boot.root_vmar, address, size));
	return status;
}

static zx_status_t map_root(zx_vm_option_t options, zx_handle_t iob)
{
	return map(rt_boot.root_vmar, options, iob, 0, RT_PAGE_SIZE);
}

/* --- iob_create --- */

REFUSES(iob_create, ZX_ERR_INVALID_ARGS, options, create(1, &plain, 1), .line = "options")

CHECK_ERROR(iob_create, ZX_ERR_INVALID_ARGS, regions, .line = "options")
{
	zx_iob_region_t region = plain;

	region.access = 0;
	EXPECT_STATUS(create(0, &region, 1), ZX_ERR_INVALID_ARGS);
	region = plain;
	region.type = 99;
	EXPECT_STATUS(create(0, &region, 1), ZX_ERR_INVALID_ARGS);
	region = plain;
	region.discipline.type = 99;
	EXPECT_STATUS(create(0, &region, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(iob_create, ZX_ERR_INVALID_ARGS, bad_regions,
	create(0, BAD_POINTER, 1), .line = "bad pointer")

CHECK_ERROR(iob_create, ZX_ERR_INVALID_ARGS, bad_out, .line = "bad pointer")
{
	zx_handle_t other;

	EXPECT_STATUS(zx_iob_create(0, &plain, 1, BAD_OUT, &other), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_iob_create(0, &plain, 1, &other, BAD_OUT), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(iob_create, ZX_ERR_OUT_OF_RANGE, regions)
{
	static zx_iob_region_t regions[ZX_IOB_MAX_REGIONS + 1];
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(regions); i++)
		regions[i] = plain;
	EXPECT_STATUS(create(0, regions, ZX_IOB_MAX_REGIONS + 1), ZX_ERR_OUT_OF_RANGE);
	EXPECT_OK(create(0, regions, ZX_IOB_MAX_REGIONS));
}

CHECK(iob_create, two_ends)
{
	zx_info_handle_basic_t info;
	zx_info_iob_t iob;
	zx_handle_t a, b;

	make_iob(&plain, &a, &b);
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.type, ZX_OBJ_TYPE_IOB);
	EXPECT_EQ(info.related_koid, rt_koid(b));
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_IOB, &iob, sizeof(iob), NULL, NULL));
	EXPECT_EQ(iob.region_count, 1);
	EXPECT_SIGNALS(a, 0);
	EXPECT_OK(zx_handle_close(b));
	EXPECT_SIGNALS(a, ZX_IOB_PEER_CLOSED);
}

/* Sizes are whole pages. */
CHECK(iob_create, size_is_rounded)
{
	zx_iob_region_t region = plain;
	zx_iob_region_info_t info;

	region.size = 5;
	EXPECT_OK(zx_object_get_info(iob_end(&region), ZX_INFO_IOB_REGIONS, &info, sizeof(info),
				     NULL, NULL));
	EXPECT_EQ(info.region.size, RT_PAGE_SIZE);
}

/* --- iob_create_shared_region --- */

REFUSES(iob_create_shared_region, ZX_ERR_INVALID_ARGS, options,
	create_shared(1, RT_PAGE_SIZE), .line = "options")

CHECK_ERROR(iob_create_shared_region, ZX_ERR_INVALID_ARGS, size, .line = "size")
{
	EXPECT_STATUS(create_shared(0, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(create_shared(0, RT_PAGE_SIZE + 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(iob_create_shared_region, ZX_ERR_INVALID_ARGS, bad_out,
	zx_iob_create_shared_region(0, RT_PAGE_SIZE, BAD_OUT), .line = "bad pointer")
REFUSES(iob_create_shared_region, ZX_ERR_OUT_OF_RANGE, size,
	create_shared(0, ~(uint64_t)0 & ~(uint64_t)(RT_PAGE_SIZE - 1)))

/* --- iob_allocate_id --- */

CHECK_HANDLE(iob_allocate_id, handle, WRITE, iob_end(&numbered), allocate(h, 0, 0))

REFUSES(iob_allocate_id, ZX_ERR_WRONG_TYPE, discipline, allocate(ring_end(), 0, 0))

CHECK_ERROR(iob_allocate_id, ZX_ERR_ACCESS_DENIED, end)
{
	zx_handle_t a, b;

	make_iob(&numbered, &a, &b);
	EXPECT_STATUS(allocate(b, 0, 0), ZX_ERR_ACCESS_DENIED);
}

REFUSES(iob_allocate_id, ZX_ERR_INVALID_ARGS, options,
	allocate(iob_end(&numbered), 1, 0), .line = "options")

CHECK_ERROR(iob_allocate_id, ZX_ERR_INVALID_ARGS, bad_blob, .line = "bad pointer")
{
	uint32_t id;

	EXPECT_STATUS(zx_iob_allocate_id(iob_end(&numbered), 0, 0, BAD_POINTER, 4, &id),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(iob_allocate_id, ZX_ERR_OUT_OF_RANGE, region, allocate(iob_end(&numbered), 0, 1))

CHECK_ERROR(iob_allocate_id, ZX_ERR_NO_MEMORY, full)
{
	zx_handle_t end = iob_end(&numbered);
	zx_status_t status = ZX_OK;
	uint32_t i;

	for (i = 0; i < RT_PAGE_SIZE && status == ZX_OK; i++)
		status = allocate(end, 0, 0);
	EXPECT_STATUS(status, ZX_ERR_NO_MEMORY);
}

CHECK(iob_allocate_id, numbers_rise)
{
	zx_handle_t end = iob_end(&numbered);
	uint32_t id, i;

	for (i = 0; i < 5; i++) {
		EXPECT_OK(zx_iob_allocate_id(end, 0, 0, "blob", 4, &id));
		EXPECT_EQ(id, i);
	}
}

/* --- iob_writev --- */

CHECK_HANDLE(iob_writev, handle, WRITE, ring_end(), writev(h, 0, 0))

REFUSES(iob_writev, ZX_ERR_WRONG_TYPE, discipline, writev(iob_end(&numbered), 0, 0))
REFUSES(iob_writev, ZX_ERR_INVALID_ARGS, options, writev(ring_end(), 1, 0), .line = "options")

CHECK_ERROR(iob_writev, ZX_ERR_INVALID_ARGS, vectors, .line = "options")
{
	zx_iovec_t vectors[9];
	size_t i;

	for (i = 0; i < 9; i++)
		vectors[i] = (zx_iovec_t){ (void *)"x", 1 };
	EXPECT_STATUS(zx_iob_writev(ring_end(), 0, 0, vectors, 9), ZX_ERR_INVALID_ARGS);
	EXPECT_OK(zx_iob_writev(ring_end(), 0, 0, vectors, 8));
}

CHECK_ERROR(iob_writev, ZX_ERR_INVALID_ARGS, too_large, .line = "larger than")
{
	zx_iovec_t vector = { map_pages(17, ZX_VM_PERM_READ), 65536 };

	EXPECT_STATUS(zx_iob_writev(ring_end(), 0, 0, &vector, 1), ZX_ERR_INVALID_ARGS);
}

REFUSES(iob_writev, ZX_ERR_INVALID_ARGS, bad_vectors,
	zx_iob_writev(ring_end(), 0, 0, BAD_POINTER, 1), .line = "bad pointer")
REFUSES(iob_writev, ZX_ERR_OUT_OF_RANGE, region, writev(ring_end(), 0, 1), .line = "no such region")

CHECK_ERROR(iob_writev, ZX_ERR_NO_SPACE, full)
{
	zx_handle_t end = ring_end();
	zx_status_t status = ZX_OK;
	uint32_t i;

	for (i = 0; i < RT_PAGE_SIZE && status == ZX_OK; i++)
		status = writev(end, 0, 0);
	EXPECT_STATUS(status, ZX_ERR_NO_SPACE);
}

CHECK_ERROR(iob_writev, ZX_ERR_NOT_FOUND, unmapped)
{
	zx_iovec_t vector = { BAD_POINTER, 8 };

	EXPECT_STATUS(zx_iob_writev(ring_end(), 0, 0, &vector, 1), ZX_ERR_NOT_FOUND);
}

/* --- vmar_map_iob --- */

CHECK_HANDLE_VALID(vmar_map_iob, ep, map_root(ZX_VM_PERM_READ, h))
CHECK_HANDLE_RIGHT(vmar_map_iob, ep, MAP, iob_end(&plain), map_root(ZX_VM_PERM_READ, h))
CHECK_HANDLE_RIGHT(vmar_map_iob, ep, READ, iob_end(&plain), map_root(ZX_VM_PERM_READ, h))
CHECK_HANDLE_RIGHT(vmar_map_iob, ep, WRITE, iob_end(&plain), map_root(READ_WRITE, h))

REFUSES(vmar_map_iob, ZX_ERR_BAD_HANDLE, handle,
	map(ZX_HANDLE_INVALID, ZX_VM_PERM_READ, iob_end(&plain), 0, RT_PAGE_SIZE))

CHECK_ERROR(vmar_map_iob, ZX_ERR_WRONG_TYPE, handles)
{
	EXPECT_STATUS(map_root(ZX_VM_PERM_READ, make_vmo(1)), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(map(make_event(), ZX_VM_PERM_READ, iob_end(&plain), 0, RT_PAGE_SIZE),
		      ZX_ERR_WRONG_TYPE);
}

CHECK_ERROR(vmar_map_iob, ZX_ERR_ACCESS_DENIED, end)
{
	zx_handle_t a, b;

	make_iob(&plain, &a, &b);
	EXPECT_STATUS(map_root(READ_WRITE, b), ZX_ERR_ACCESS_DENIED);
	EXPECT_OK(map_root(ZX_VM_PERM_READ, b));
}

REFUSES(vmar_map_iob, ZX_ERR_INVALID_ARGS, options,
	map_root(ZX_VM_PERM_READ | 1u << 23, iob_end(&plain)), .line = "options")

CHECK_ERROR(vmar_map_iob, ZX_ERR_INVALID_ARGS, offset, .line = "options")
{
	zx_vaddr_t address;

	EXPECT_STATUS(zx_vmar_map_iob(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, iob_end(&plain), 0, 1,
				      RT_PAGE_SIZE, &address),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(vmar_map_iob, ZX_ERR_INVALID_ARGS, bad_address, .line = "bad pointer")
{
	zx_vaddr_t base;
	zx_handle_t vmar;

	EXPECT_OK(zx_vmar_allocate(rt_boot.root_vmar, ZX_VM_CAN_MAP_READ, 0, RT_PAGE_SIZE, &vmar,
				   &base));
	own(vmar);
	EXPECT_STATUS(zx_vmar_map_iob(vmar, ZX_VM_PERM_READ, 0, iob_end(&plain), 0, 0, RT_PAGE_SIZE,
				      BAD_POINTER),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_OK(zx_vmar_destroy(vmar));
}

REFUSES(vmar_map_iob, ZX_ERR_OUT_OF_RANGE, region,
	map(rt_boot.root_vmar, ZX_VM_PERM_READ, iob_end(&plain), 1, RT_PAGE_SIZE))

CHECK_ERROR(vmar_map_iob, ZX_ERR_BAD_STATE, destroyed)
{
	zx_vaddr_t base;
	zx_handle_t vmar;

	EXPECT_OK(zx_vmar_allocate(rt_boot.root_vmar, ZX_VM_CAN_MAP_READ, 0, RT_PAGE_SIZE, &vmar,
				   &base));
	own(vmar);
	EXPECT_OK(zx_vmar_destroy(vmar));
	EXPECT_STATUS(map(vmar, ZX_VM_PERM_READ, iob_end(&plain), 0, RT_PAGE_SIZE),
		      ZX_ERR_BAD_STATE);
}

CHECK(vmar_map_iob, both_ends_see_the_same)
{
	zx_vaddr_t first, second;
	zx_handle_t a, b;

	make_iob(&plain, &a, &b);
	EXPECT_OK(zx_vmar_map_iob(rt_boot.root_vmar, READ_WRITE, 0, a, 0, 0, RT_PAGE_SIZE, &first));
	EXPECT_OK(zx_vmar_map_iob(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, b, 0, 0, RT_PAGE_SIZE,
				  &second));
	*(volatile uint32_t *)first = 0x12345678;
	EXPECT_EQ(*(volatile uint32_t *)second, 0x12345678);
	EXPECT_OK(zx_vmar_unmap(rt_boot.root_vmar, first, RT_PAGE_SIZE));
	EXPECT_OK(zx_vmar_unmap(rt_boot.root_vmar, second, RT_PAGE_SIZE));
}

/* --- Regions of shared memory --- */

static zx_status_t create_with_shared(zx_handle_t shared)
{
	zx_iob_region_t region = plain;

	region.type = ZX_IOB_REGION_TYPE_SHARED;
	region.size = 0;
	region.shared_region.shared_region = shared;
	return create(0, &region, 1);
}

REFUSES(iob_create, ZX_ERR_BAD_HANDLE, shared_region, create_with_shared(closed_handle()))
REFUSES(iob_create, ZX_ERR_WRONG_TYPE, shared_region, create_with_shared(make_event()))
REFUSES(iob_create_shared_region, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_IOB_NEWEST, zx_iob_create_shared_region, 0, RT_PAGE_SIZE,
			      CHILD_OUT))
