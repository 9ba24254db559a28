/* I/O buffers: memory that two ends share, by mapping it or through the system. */
#include "check.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/iob.h>
#include <zircon/syscalls/object.h>

#define PAGE 4096u
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define EP0_MAP (ZX_IOB_ACCESS_EP0_CAN_MAP_READ | ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE)
#define EP1_MAP (ZX_IOB_ACCESS_EP1_CAN_MAP_READ | ZX_IOB_ACCESS_EP1_CAN_MAP_WRITE)

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

static zx_status_t map(zx_handle_t end, zx_vm_option_t options, zx_vaddr_t *out)
{
	return zx_vmar_map_iob(rt_boot.root_vmar, options, 0, end, 0, 0, PAGE, out);
}

static void unmap(zx_vaddr_t addr)
{
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, addr, PAGE));
}

static void creating(void)
{
	zx_iob_region_t region = { .access = EP0_MAP, .size = 1 };
	zx_iob_region_info_t regions[2];
	zx_info_iob_t info;
	zx_handle_t ends[2];
	size_t actual = 0, avail = 0;

	CHECK_STATUS(zx_iob_create(1, &region, 1, &ends[0], &ends[1]), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_iob_create(0, &region, 0, &ends[0], &ends[1]), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_iob_create(0, &region, ZX_IOB_MAX_REGIONS + 1, &ends[0], &ends[1]),
		     ZX_ERR_OUT_OF_RANGE);
	region.access = 0;
	CHECK_STATUS(zx_iob_create(0, &region, 1, &ends[0], &ends[1]), ZX_ERR_INVALID_ARGS);
	region.access = EP0_MAP;
	REQUIRE_OK(zx_iob_create(0, &region, 1, &ends[0], &ends[1]));
	CHECK_OK(zx_object_get_info(ends[1], ZX_INFO_IOB, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.region_count, 1);
	CHECK_OK(zx_object_get_info(ends[1], ZX_INFO_IOB_REGIONS, regions, sizeof(regions), &actual,
				    &avail));
	CHECK_EQ(actual, 1);
	CHECK_EQ(avail, 1);
	CHECK_EQ(regions[0].region.size, PAGE);
	CHECK_EQ(regions[0].region.access, EP1_MAP);
	zx_handle_close(ends[0]);
	CHECK_EQ(signals_of(ends[1]), ZX_IOB_PEER_CLOSED);
	zx_handle_close(ends[1]);
}

static void sharing(void)
{
	zx_iob_region_t region = {
		.access = EP0_MAP | ZX_IOB_ACCESS_EP1_CAN_MAP_READ,
		.size = PAGE,
	};
	zx_vaddr_t addr0 = 0, addr1 = 0, none;
	zx_handle_t ends[2];

	REQUIRE_OK(zx_iob_create(0, &region, 1, &ends[0], &ends[1]));
	REQUIRE_OK(map(ends[0], READ_WRITE, &addr0));
	REQUIRE_OK(map(ends[1], ZX_VM_PERM_READ, &addr1));
	CHECK_STATUS(map(ends[1], READ_WRITE, &none), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_vmar_map_iob(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, ends[0], 1, 0, PAGE,
				     &none),
		     ZX_ERR_OUT_OF_RANGE);
	memcpy((void *)addr0, "through memory", 15);
	CHECK_STR((char *)addr1, "through memory");
	CHECK_STATUS(zx_vmar_protect(rt_boot.root_vmar, READ_WRITE, addr1, PAGE),
		     ZX_ERR_ACCESS_DENIED);
	/* A mapping is as good as a handle. */
	zx_handle_close(ends[0]);
	CHECK_EQ(signals_of(ends[1]), 0);
	unmap(addr0);
	CHECK_EQ(signals_of(ends[1]), ZX_IOB_PEER_CLOSED);
	CHECK_STR((char *)addr1, "through memory");
	unmap(addr1);
	zx_handle_close(ends[1]);
}

static void ids(void)
{
	zx_iob_region_t region = {
		.access = EP0_MAP | ZX_IOB_ACCESS_EP1_CAN_MEDIATED_WRITE,
		.size = PAGE,
		.discipline = { .type = ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR },
	};
	zx_handle_t ends[2];
	zx_vaddr_t addr = 0;
	const uint32_t *words;
	uint32_t id = 99;

	REQUIRE_OK(zx_iob_create(0, &region, 1, &ends[0], &ends[1]));
	REQUIRE_OK(map(ends[0], READ_WRITE, &addr));
	words = (const uint32_t *)addr;
	CHECK_OK(zx_iob_allocate_id(ends[1], 0, 0, "first", 5, &id));
	CHECK_EQ(id, 0);
	CHECK_OK(zx_iob_allocate_id(ends[1], 0, 0, "other", 5, &id));
	CHECK_EQ(id, 1);
	CHECK_EQ(words[0], 2);
	CHECK_EQ(words[4], 5);
	CHECK(!memcmp((const char *)addr + words[5], "otherfirst", 10));
	CHECK_STATUS(zx_iob_allocate_id(ends[0], 0, 0, "no", 2, &id), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_iob_allocate_id(ends[1], 0, 1, "no", 2, &id), ZX_ERR_OUT_OF_RANGE);
	CHECK_STATUS(zx_iob_allocate_id(ends[1], 0, 0, (void *)addr, PAGE, &id), ZX_ERR_NO_MEMORY);
	CHECK_STATUS(zx_iob_allocate_id(ends[1], 0, 0, NULL, 8, &id), ZX_ERR_INVALID_ARGS);
	*(volatile uint32_t *)(addr + 4) = PAGE + 1;
	CHECK_STATUS(zx_iob_allocate_id(ends[1], 0, 0, "no", 2, &id), ZX_ERR_IO_DATA_INTEGRITY);
	unmap(addr);
	zx_handle_close(ends[0]);
	zx_handle_close(ends[1]);
}

/* One reader, two writers with buffers of their own. */
static void ring(void)
{
	zx_iob_region_t region = {
		.type = ZX_IOB_REGION_TYPE_SHARED,
		.access = EP0_MAP | ZX_IOB_ACCESS_EP1_CAN_MEDIATED_WRITE,
		.discipline = { .type = ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER },
	};
	zx_iovec_t vectors[2] = { { (void *)"log", 3 }, { (void *)"ged", 3 } };
	zx_handle_t shared, one[2], two[2];
	volatile uint64_t *words;
	zx_vaddr_t addr = 0;

	CHECK_STATUS(zx_iob_create_shared_region(0, PAGE + 1, &shared), ZX_ERR_INVALID_ARGS);
	REQUIRE_OK(zx_iob_create_shared_region(0, 2 * PAGE, &shared));
	region.shared_region.shared_region = shared;
	region.discipline.ring_buffer.tag = 100;
	REQUIRE_OK(zx_iob_create(0, &region, 1, &one[0], &one[1]));
	region.discipline.ring_buffer.tag = 200;
	REQUIRE_OK(zx_iob_create(0, &region, 1, &two[0], &two[1]));
	REQUIRE_OK(zx_vmar_map_iob(rt_boot.root_vmar, READ_WRITE, 0, one[0], 0, 0, 2 * PAGE,
				   &addr));
	words = (volatile uint64_t *)addr;
	CHECK_OK(zx_iob_writev(one[1], 0, 0, vectors, 2));
	CHECK_OK(zx_iob_writev(two[1], 0, 0, vectors, 1));
	CHECK_EQ(words[0], 48);
	CHECK_EQ(words[PAGE / 8], 100);
	CHECK_EQ(words[PAGE / 8 + 1], 6);
	CHECK(!memcmp((const char *)addr + PAGE + 16, "logged", 6));
	CHECK_EQ(words[PAGE / 8 + 3], 200);
	CHECK_EQ(words[PAGE / 8 + 4], 3);
	CHECK_STATUS(zx_iob_writev(one[0], 0, 0, vectors, 1), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_iob_writev(one[1], 0, 0, vectors, 9), ZX_ERR_INVALID_ARGS);
	vectors[0] = (zx_iovec_t){ (void *)addr, PAGE - 56 };
	CHECK_STATUS(zx_iob_writev(one[1], 0, 0, vectors, 1), ZX_ERR_NO_SPACE);
	/* The reader has read all. */
	words[1] = words[0];
	CHECK_OK(zx_iob_writev(one[1], 0, 0, vectors, 1));
	words[1] = words[0];
	vectors[0] = (zx_iovec_t){ (void *)8, 1 };
	CHECK_STATUS(zx_iob_writev(one[1], 0, 0, vectors, 1), ZX_ERR_NOT_FOUND);
	words[1] = words[0] + 8;
	CHECK_STATUS(zx_iob_writev(one[1], 0, 0, NULL, 0), ZX_ERR_IO_DATA_INTEGRITY);
	CHECK_OK(zx_vmar_unmap(rt_boot.root_vmar, addr, 2 * PAGE));
	zx_handle_close(shared);
	zx_handle_close(one[0]);
	zx_handle_close(one[1]);
	zx_handle_close(two[0]);
	zx_handle_close(two[1]);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(creating);
	RUN(sharing);
	RUN(ids);
	RUN(ring);
	return rt_check_result();
}
