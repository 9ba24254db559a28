/* zx_vmar_map_clock, and reading what it maps. */
#include "clock.h"

#include "string.h"

#define READ ZX_VM_PERM_READ

static uint64_t mapped_size(zx_handle_t clock)
{
	uint64_t size = 0;

	EXPECT_OK(zx_object_get_info(clock, ZX_INFO_CLOCK_MAPPED_SIZE, &size, sizeof(size), NULL,
				     NULL));
	return size;
}

static zx_handle_t mappable(void)
{
	return make_clock(ZX_CLOCK_OPT_MAPPABLE | ZX_CLOCK_OPT_AUTO_START);
}

/* For calls that are to fail. */
static zx_status_t map_with(zx_handle_t region, zx_vm_option_t options, size_t offset,
			    zx_handle_t clock)
{
	zx_vaddr_t base;

	return zx_vmar_map_clock(region, options, offset, clock, mapped_size(mappable()), &base);
}

static zx_status_t map_into(zx_handle_t region)
{
	return map_with(region, READ, 0, mappable());
}

static zx_status_t map_it(zx_handle_t clock)
{
	return map_with(rt_boot.root_vmar, READ, 0, clock);
}

static const void *map(zx_handle_t clock)
{
	zx_vaddr_t base;

	EXPECT_OK(zx_vmar_map_clock(rt_boot.root_vmar, READ, 0, clock, mapped_size(clock), &base));
	return (const void *)base;
}

static void unmap(const void *state, zx_handle_t clock)
{
	EXPECT_OK(zx_vmar_unmap(rt_boot.root_vmar, (zx_vaddr_t)state, mapped_size(clock)));
}

/* A part of the program's addresses, and where it begins; it goes with destroy(). */
static zx_handle_t make_region(zx_vm_option_t options, size_t size)
{
	zx_handle_t region;
	zx_vaddr_t base;

	EXPECT_OK(zx_vmar_allocate(rt_boot.root_vmar, options, 0, size, &region, &base));
	return own(region);
}

CHECK_ERROR(vmar_map_clock, ZX_ERR_BAD_HANDLE, handle)
{
	EXPECT_STATUS(map_into(ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(map_into(closed_handle()), ZX_ERR_BAD_HANDLE);
}

CHECK_ERROR(vmar_map_clock, ZX_ERR_BAD_HANDLE, clock)
{
	EXPECT_STATUS(map_it(ZX_HANDLE_INVALID), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(map_it(closed_handle()), ZX_ERR_BAD_HANDLE);
}

REFUSES(vmar_map_clock, ZX_ERR_WRONG_TYPE, handle, map_into(make_event()))
REFUSES(vmar_map_clock, ZX_ERR_WRONG_TYPE, clock, map_it(make_event()))
REFUSES(vmar_map_clock, ZX_ERR_ACCESS_DENIED, clock_lacks_map,
	map_it(without_rights(mappable(), ZX_RIGHT_MAP)), .line = "handle or clock")
REFUSES(vmar_map_clock, ZX_ERR_ACCESS_DENIED, clock_lacks_read,
	map_it(without_rights(mappable(), ZX_RIGHT_READ)), .line = "handle or clock")
REFUSES(vmar_map_clock, ZX_ERR_ACCESS_DENIED, handle_lacks_read,
	map_into(without_rights(rt_boot.root_vmar, ZX_RIGHT_READ)), .line = "handle or clock")

CHECK_ERROR(vmar_map_clock, ZX_ERR_ACCESS_DENIED, region, .line = "the region does not")
{
	zx_handle_t region = make_region(ZX_VM_CAN_MAP_SPECIFIC, 16 * RT_PAGE_SIZE);
	zx_status_t status = map_into(region);

	EXPECT_OK(zx_vmar_destroy(region));
	EXPECT_STATUS(status, ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(vmar_map_clock, ZX_ERR_BAD_STATE, destroyed)
{
	zx_handle_t region = make_region(ZX_VM_CAN_MAP_READ, 16 * RT_PAGE_SIZE);

	EXPECT_OK(zx_vmar_destroy(region));
	EXPECT_STATUS(map_into(region), ZX_ERR_BAD_STATE);
}

REFUSES(vmar_map_clock, ZX_ERR_INVALID_ARGS, not_mappable,
	map_it(make_clock(ZX_CLOCK_OPT_AUTO_START)), .line = "was not made")

CHECK_ERROR(vmar_map_clock, ZX_ERR_INVALID_ARGS, size, .line = "was not made")
{
	zx_handle_t clock = mappable();
	zx_vaddr_t base;

	EXPECT_STATUS(zx_vmar_map_clock(rt_boot.root_vmar, READ, 0, clock, mapped_size(clock) + 1,
					&base),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_vmar_map_clock(rt_boot.root_vmar, READ, 0, clock, 0, &base),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(vmar_map_clock, ZX_ERR_INVALID_ARGS, writable,
	map_with(rt_boot.root_vmar, READ | ZX_VM_PERM_WRITE, 0, mappable()), .line = "options asks")
REFUSES(vmar_map_clock, ZX_ERR_INVALID_ARGS, executable,
	map_with(rt_boot.root_vmar, READ | ZX_VM_PERM_EXECUTE, 0, mappable()),
	.line = "options asks")
REFUSES(vmar_map_clock, ZX_ERR_INVALID_ARGS, offset,
	map_with(rt_boot.root_vmar, READ, RT_PAGE_SIZE, mappable()), .line = "vmar_offset")

CHECK_ERROR(vmar_map_clock, ZX_ERR_INVALID_ARGS, bad_mapped_addr, .line = "vmar_offset")
{
	zx_handle_t clock = mappable();

	EXPECT_STATUS(zx_vmar_map_clock(rt_boot.root_vmar, READ, 0, clock, mapped_size(clock),
					BAD_POINTER),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(vmar_map_clock, ZX_ERR_ALREADY_EXISTS, taken)
{
	zx_handle_t clock = mappable();
	zx_handle_t region = make_region(ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_SPECIFIC,
					 16 * RT_PAGE_SIZE);
	zx_vaddr_t base;
	zx_status_t status;

	EXPECT_OK(zx_vmar_map_clock(region, READ | ZX_VM_SPECIFIC, 0, clock, mapped_size(clock),
				    &base));
	status = map_with(region, READ | ZX_VM_SPECIFIC, 0, clock);
	EXPECT_OK(zx_vmar_destroy(region));
	EXPECT_STATUS(status, ZX_ERR_ALREADY_EXISTS);
}

CHECK_ERROR(vmar_map_clock, ZX_ERR_NO_RESOURCES, full)
{
	zx_handle_t clock = mappable();
	zx_handle_t region = make_region(ZX_VM_CAN_MAP_READ, mapped_size(clock));
	zx_vaddr_t base;
	zx_status_t status;

	EXPECT_OK(zx_vmar_map_clock(region, READ, 0, clock, mapped_size(clock), &base));
	status = map_with(region, READ, 0, clock);
	EXPECT_OK(zx_vmar_destroy(region));
	EXPECT_STATUS(status, ZX_ERR_NO_RESOURCES);
}

CHECK(vmar_map_clock, options_before_handles)
{
	EXPECT_STATUS(map_with(ZX_HANDLE_INVALID, READ | ZX_VM_PERM_WRITE, 0, ZX_HANDLE_INVALID),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(vmar_map_clock, stays_readable_only)
{
	zx_handle_t clock = mappable();
	const void *state = map(clock);
	zx_status_t status = zx_vmar_protect(rt_boot.root_vmar, READ | ZX_VM_PERM_WRITE,
					     (zx_vaddr_t)state, mapped_size(clock));

	unmap(state, clock);
	EXPECT_STATUS(status, ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(clock_read_mapped, ZX_ERR_INVALID_ARGS, no_now)
{
	zx_handle_t clock = mappable();
	const void *state = map(clock);
	zx_status_t status = zx_clock_read_mapped(state, NULL);

	unmap(state, clock);
	EXPECT_STATUS(status, ZX_ERR_INVALID_ARGS);
}

CHECK(clock_read_mapped, agrees_with_the_clock)
{
	zx_handle_t clock = mappable();
	const void *state = map(clock);
	zx_time_t before = read_clock(clock);
	zx_time_t now = 0;

	EXPECT_OK(zx_clock_read_mapped(state, &now));
	unmap(state, clock);
	EXPECT(now >= before);
	EXPECT(now <= read_clock(clock));
}

CHECK(clock_read_mapped, follows_updates)
{
	zx_handle_t clock = make_clock(ZX_CLOCK_OPT_MAPPABLE);
	const void *state = map(clock);
	zx_time_t first = 1, now = 0;

	EXPECT_OK(zx_clock_read_mapped(state, &first));
	EXPECT_OK(set_clock(clock, INT64_C(1) << 60));
	EXPECT_OK(zx_clock_read_mapped(state, &now));
	unmap(state, clock);
	EXPECT_EQ(first, 0);
	EXPECT(now >= INT64_C(1) << 60);
}

CHECK_ERROR(clock_get_details_mapped, ZX_ERR_INVALID_ARGS, version)
{
	zx_clock_details_v1_t details;
	zx_handle_t clock = mappable();
	const void *state = map(clock);
	zx_status_t none = zx_clock_get_details_mapped(state, 0, &details);
	zx_status_t second = zx_clock_get_details_mapped(state, V2, &details);

	unmap(state, clock);
	EXPECT_STATUS(none, ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(second, ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(clock_get_details_mapped, ZX_ERR_INVALID_ARGS, no_details)
{
	zx_handle_t clock = mappable();
	const void *state = map(clock);
	zx_status_t status = zx_clock_get_details_mapped(state, V1, NULL);

	unmap(state, clock);
	EXPECT_STATUS(status, ZX_ERR_INVALID_ARGS);
}

CHECK(clock_get_details_mapped, agrees_with_the_call)
{
	zx_handle_t clock = mappable();
	const void *state = map(clock);
	zx_clock_details_v1_t called, mapped;

	EXPECT_OK(zx_clock_get_details(clock, V1, &called));
	EXPECT_OK(zx_clock_get_details_mapped(state, V1, &mapped));
	unmap(state, clock);
	EXPECT(mapped.query_ticks >= called.query_ticks);
	mapped.query_ticks = called.query_ticks;
	EXPECT_BYTES(&mapped, &called, sizeof(called));
}
