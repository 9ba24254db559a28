/* Messages that cannot be read, regions that a sharer has damaged, and places that are taken. */
#include "memory.h"

#include <zircon/eras.h>
#include <zircon/syscalls/iob.h>

#define SHARER_MAPS (ZX_IOB_ACCESS_EP1_CAN_MAP_READ | ZX_IOB_ACCESS_EP1_CAN_MAP_WRITE)

static zx_handle_t writer;
static zx_handle_t sharer;

static void make_iob(const zx_iob_region_t *region)
{
	EXPECT_OK(zx_iob_create(0, region, 1, &writer, &sharer));
	own(writer);
	own(sharer);
}

/* A ring of a page behind its header. */
static void make_ring(void)
{
	zx_iob_region_t region = {
		.type = ZX_IOB_REGION_TYPE_SHARED,
		.access = ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE | SHARER_MAPS,
		.discipline = { .type = ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER },
	};

	EXPECT_OK(zx_iob_create_shared_region(0, 2 * PAGE, &region.shared_region.shared_region));
	own(region.shared_region.shared_region);
	make_iob(&region);
}

static void make_numbers(void)
{
	zx_iob_region_t region = {
		.access = ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE | SHARER_MAPS,
		.size = PAGE,
		.discipline = { .type = ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR },
	};

	make_iob(&region);
}

/* The words at the start of the region, as the sharer has them. */
static volatile uint64_t *header(void)
{
	zx_vaddr_t base;

	EXPECT_OK(zx_vmar_map_iob(rt_boot.root_vmar, READ_WRITE, 0, sharer, 0, 0, PAGE, &base));
	own_mapping(base, PAGE);
	return (volatile uint64_t *)base;
}

static zx_status_t write_message(const void *message)
{
	zx_iovec_t vector = { (void *)message, 8 };

	return zx_iob_writev(writer, 0, 0, &vector, 1);
}

static zx_status_t allocate(void)
{
	uint32_t id;

	return zx_iob_allocate_id(writer, 0, 0, "blob", 4, &id);
}

/* --- iob_writev --- */

/* A page of which nothing may be read. */
static const void *unreadable(void)
{
	return map_pages(1, 0);
}

/* The second page of a mapping of a VMO that has one. */
static const void *behind_the_end(void)
{
	zx_handle_t vmo = resizable_vmo(PAGE);
	zx_vaddr_t base;

	EXPECT_OK(map_vmo(vmo, ZX_VM_PERM_READ | ZX_VM_ALLOW_FAULTS, 2 * PAGE, &base));
	own_mapping(base, 2 * PAGE);
	return (const void *)(base + PAGE);
}

CHECK_ERROR(iob_writev, ZX_ERR_ACCESS_DENIED, unreadable_part, .line = "a part of the message")
{
	make_ring();
	EXPECT_STATUS(write_message(unreadable()), ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(iob_writev, ZX_ERR_OUT_OF_RANGE, part_behind_the_end, .line = "a part of the message")
{
	make_ring();
	EXPECT_STATUS(write_message(behind_the_end()), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(iob_writev, ZX_ERR_INVALID_ARGS, part_in_the_kernel, .line = "a part of the message")
{
	make_ring();
	EXPECT_STATUS(write_message(KERNEL_ADDRESS), ZX_ERR_INVALID_ARGS);
}

/* The reader claims to have read more than was written. */
CHECK_ERROR(iob_writev, ZX_ERR_IO_DATA_INTEGRITY, tail_before_head)
{
	make_ring();
	EXPECT_OK(write_message("message"));
	header()[1] = UINT64_C(1) << 40;
	EXPECT_STATUS(write_message("message"), ZX_ERR_IO_DATA_INTEGRITY);
}

/* --- iob_allocate_id --- */

/* More numbers than the region has room for. */
CHECK_ERROR(iob_allocate_id, ZX_ERR_IO_DATA_INTEGRITY, header)
{
	make_numbers();
	EXPECT_OK(allocate());
	header()[0] = UINT64_MAX;
	EXPECT_STATUS(allocate(), ZX_ERR_IO_DATA_INTEGRITY);
}

/* The place of the next number is not empty. */
CHECK_ERROR(iob_allocate_id, ZX_ERR_IO_DATA_INTEGRITY, entry)
{
	make_numbers();
	EXPECT_OK(allocate());
	header()[2] = 5;
	EXPECT_STATUS(allocate(), ZX_ERR_IO_DATA_INTEGRITY);
}

/* --- iob_create --- */

REFUSES(iob_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_IOB_NEWEST, zx_iob_create, 0, 0, 0, CHILD_OUT, CHILD_OUT))

/* --- vmar_map_iob --- */

static zx_status_t map_second_time(zx_vm_option_t options)
{
	zx_vaddr_t base;
	zx_handle_t vmar = make_vmar(1, &base);

	make_numbers();
	EXPECT_OK(zx_vmar_map_iob(vmar, ZX_VM_PERM_READ, 0, sharer, 0, 0, PAGE, &base));
	return zx_vmar_map_iob(vmar, ZX_VM_PERM_READ | options, 0, sharer, 0, 0, PAGE, &base);
}

REFUSES(vmar_map_iob, ZX_ERR_ALREADY_EXISTS, place_is_taken, map_second_time(ZX_VM_SPECIFIC))
REFUSES(vmar_map_iob, ZX_ERR_NO_RESOURCES, no_place_is_free, map_second_time(0))
