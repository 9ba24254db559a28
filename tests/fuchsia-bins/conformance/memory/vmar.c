/* Address regions: setting aside, mapping. */
#include "conformance.h"

#include "memory.h"
#include "twin.h"

#define CAN_READ_WRITE (ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE)

static zx_vaddr_t at;
static zx_vaddr_t base;
static zx_handle_t sub;

/* In a region of eight pages. */
static zx_status_t allocate(zx_handle_t parent, zx_vm_option_t options, size_t offset, size_t size)
{
	zx_status_t status;

	sub = ZX_HANDLE_INVALID;
	status = vmar_allocate(parent, options, offset, size, &sub, &at);
	if (status == ZX_OK)
		own(sub);
	return status;
}

static zx_handle_t region(void)
{
	return make_vmar(8, &base);
}

static zx_handle_t destroyed_region(void)
{
	zx_handle_t vmar = region();

	EXPECT_OK(zx_vmar_destroy(vmar));
	return vmar;
}

/* One in which nothing can have a place of its choice. */
static zx_handle_t unspecific_region(void)
{
	return vmar_with(8, CAN_READ_WRITE, &base);
}

/* One whose first two pages are taken. */
static zx_handle_t used_region(void)
{
	zx_handle_t vmar = region();

	EXPECT_OK(vmar_map(vmar, ZX_VM_PERM_READ | ZX_VM_SPECIFIC, 0, fixed_vmo(2 * PAGE), 0,
			   2 * PAGE, &at));
	return vmar;
}

/* One that has a region of two pages at its start. */
static zx_handle_t nested_region(void)
{
	zx_handle_t vmar = region();

	EXPECT_OK(allocate(vmar, CAN_READ_WRITE | ZX_VM_CAN_MAP_SPECIFIC | ZX_VM_SPECIFIC, 0,
			   2 * PAGE));
	return vmar;
}

static zx_handle_t vdso(void)
{
	zx_handle_t vmo = rt_boot__handle(PA_VMO_VDSO, 0);

	if (!vmo)
		skip("the program was not given the vDSO");
	return vmo;
}

/* --- vmar_allocate --- */

REFUSES(vmar_allocate, ZX_ERR_BAD_HANDLE, closed,
	allocate(closed_handle(), CAN_READ_WRITE, 0, PAGE))
REFUSES(vmar_allocate, ZX_ERR_WRONG_TYPE, event, allocate(make_event(), 0, 0, PAGE))
REFUSES(vmar_allocate, ZX_ERR_ACCESS_DENIED, no_read_right,
	allocate(without_rights(region(), ZX_RIGHT_READ), ZX_VM_CAN_MAP_READ, 0, PAGE),
	.line = "parent_vmar lacks a right")
REFUSES(vmar_allocate, ZX_ERR_ACCESS_DENIED, no_write_right,
	allocate(without_rights(region(), ZX_RIGHT_WRITE), ZX_VM_CAN_MAP_WRITE, 0, PAGE),
	.line = "parent_vmar lacks a right")
REFUSES(vmar_allocate, ZX_ERR_ACCESS_DENIED, no_execute_right,
	allocate(region(), ZX_VM_CAN_MAP_EXECUTE, 0, PAGE), .line = "parent_vmar lacks a right")
REFUSES(vmar_allocate, ZX_ERR_ACCESS_DENIED, no_specific_places,
	allocate(unspecific_region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, 0, PAGE),
	.line = "the parent region does")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, unknown_option,
	allocate(region(), CAN_READ_WRITE | 1u << 20, 0, PAGE), .line = "has")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, permission,
	allocate(region(), ZX_VM_PERM_READ, 0, PAGE), .line = "has")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, empty, allocate(region(), CAN_READ_WRITE, 0, 0),
	.line = "size is 0, or")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, offset_not_aligned,
	allocate(region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, 1, PAGE), .line = "size is 0, or")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, offset_without_meaning,
	allocate(region(), CAN_READ_WRITE, PAGE, PAGE), .line = "offset is not 0")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, beyond_the_parent,
	allocate(region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, 7 * PAGE, 2 * PAGE),
	.line = "offset and size go")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, overflow,
	allocate(region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, PAGE, UINT64_MAX - PAGE + 1),
	.line = "offset and size go")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, bad_vmar,
	vmar_allocate(region(), CAN_READ_WRITE, 0, PAGE, BAD_OUT, &at),
	.line = "child_vmar or child_addr is")
REFUSES(vmar_allocate, ZX_ERR_INVALID_ARGS, bad_address,
	vmar_allocate(region(), CAN_READ_WRITE, 0, PAGE, &sub, BAD_POINTER),
	.line = "child_vmar or child_addr is")
REFUSES(vmar_allocate, ZX_ERR_ALREADY_EXISTS, place_is_taken,
	allocate(used_region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, PAGE, PAGE), .from = ERA_NEWEST)
REFUSES(vmar_allocate, ZX_ERR_NO_RESOURCES, no_place,
	allocate(used_region(), CAN_READ_WRITE, 0, 7 * PAGE), .from = ERA_NEWEST)
REFUSES(vmar_allocate, ZX_ERR_BAD_STATE, destroyed,
	allocate(destroyed_region(), CAN_READ_WRITE, 0, PAGE))
REFUSES(vmar_allocate, ZX_ERR_NO_MEMORY, place_is_taken,
	allocate(used_region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, PAGE, PAGE), .to = ERA_2021_01)
REFUSES(vmar_allocate, ZX_ERR_NO_MEMORY, no_place,
	allocate(used_region(), CAN_READ_WRITE, 0, 7 * PAGE), .to = ERA_2021_01)

CHECK(vmar_allocate, at_a_place)
{
	zx_info_vmar_t info = { 0 };

	EXPECT_OK(allocate(region(), CAN_READ_WRITE | ZX_VM_SPECIFIC, 3 * PAGE, 2 * PAGE));
	EXPECT_EQ(at, base + 3 * PAGE);
	EXPECT_OK(zx_object_get_info(sub, ZX_INFO_VMAR, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.base, at);
	EXPECT_EQ(info.len, 2 * PAGE);
}

CHECK(vmar_allocate, below_a_limit, .from = ERA_2020_07)
{
	EXPECT_OK(allocate(region(), CAN_READ_WRITE | ZX_VM_OFFSET_IS_UPPER_LIMIT, 3 * PAGE,
			   2 * PAGE));
	EXPECT(at >= base && at + 2 * PAGE <= base + 3 * PAGE);
}

CHECK(vmar_allocate, aligned, .from = ERA_2020_07)
{
	zx_handle_t vmar = vmar_with(64, CAN_READ_WRITE, &base);

	EXPECT_OK(allocate(vmar, CAN_READ_WRITE | ZX_VM_ALIGN_64KB, 0, PAGE));
	EXPECT_EQ(at % 0x10000, 0);
}

CHECK(vmar_allocate, rights)
{
	zx_handle_t vmar = region();
	zx_rights_t plain;

	EXPECT_OK(allocate(vmar, 0, 0, PAGE));
	plain = rights_of(sub);
	EXPECT_EQ(plain & (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE), 0);
	EXPECT_OK(allocate(vmar, ZX_VM_CAN_MAP_READ, 0, PAGE));
	EXPECT_EQ(rights_of(sub), plain | ZX_RIGHT_READ);
	EXPECT_OK(allocate(vmar, CAN_READ_WRITE, 0, PAGE));
	EXPECT_EQ(rights_of(sub), plain | ZX_RIGHT_READ | ZX_RIGHT_WRITE);
}

/* --- vmar_map --- */

static zx_status_t map(zx_handle_t vmar, zx_vm_option_t options, size_t offset, zx_handle_t vmo,
		       uint64_t vmo_offset, size_t size)
{
	return vmar_map(vmar, options, offset, vmo, vmo_offset, size, &at);
}

static zx_status_t map_one(zx_handle_t vmar, zx_vm_option_t options, size_t offset)
{
	return map(vmar, options, offset, fixed_vmo(PAGE), 0, PAGE);
}

#define READABLE ZX_VM_PERM_READ
#define THERE (ZX_VM_PERM_READ | ZX_VM_SPECIFIC)
#define OVER (ZX_VM_PERM_READ | ZX_VM_SPECIFIC_OVERWRITE)

REFUSES(vmar_map, ZX_ERR_BAD_HANDLE, closed, map_one(closed_handle(), READABLE, 0))
REFUSES(vmar_map, ZX_ERR_BAD_HANDLE, closed_vmo,
	map(region(), READABLE, 0, closed_handle(), 0, PAGE))
REFUSES(vmar_map, ZX_ERR_WRONG_TYPE, event, map_one(make_event(), READABLE, 0))
REFUSES(vmar_map, ZX_ERR_WRONG_TYPE, vmo_is_an_event,
	map(region(), READABLE, 0, make_event(), 0, PAGE))
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, no_map_right,
	map(region(), READABLE, 0, without_rights(fixed_vmo(PAGE), ZX_RIGHT_MAP), 0, PAGE),
	.line = "handle or vmo lacks")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, vmo_without_read,
	map(region(), READABLE, 0, without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), 0, PAGE),
	.line = "handle or vmo lacks")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, vmo_without_write,
	map(region(), READ_WRITE, 0, without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), 0, PAGE),
	.line = "handle or vmo lacks")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, vmar_without_read,
	map_one(without_rights(region(), ZX_RIGHT_READ), READABLE, 0),
	.line = "handle or vmo lacks")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, vmar_without_write,
	map_one(without_rights(region(), ZX_RIGHT_WRITE), READ_WRITE, 0),
	.line = "handle or vmo lacks")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, vmar_without_execute,
	map_one(region(), READABLE | ZX_VM_PERM_EXECUTE, 0), .line = "handle or vmo lacks")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, vmo_without_execute,
	map_one(rt_boot.root_vmar, READABLE | ZX_VM_PERM_EXECUTE, 0),
	.line = "handle or vmo lacks", .from = ERA_2020_07)
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, no_specific_places, map_one(unspecific_region(), THERE, 0),
	.line = "the region does not")
REFUSES(vmar_map, ZX_ERR_ACCESS_DENIED, second_vdso,
	map(rt_boot.root_vmar, READABLE | ZX_VM_PERM_EXECUTE, 0, vdso(), 0, PAGE),
	.line = "the mapping would be")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, unknown_option, map_one(region(), READABLE | 1u << 20, 0),
	.line = "has bits that are")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, can_map,
	map_one(region(), READABLE | ZX_VM_CAN_MAP_READ, 0), .line = "has bits that are")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, map_range_and_overwrite,
	map_one(region(), OVER | ZX_VM_MAP_RANGE, 0), .line = "has bits that are")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, write_only, map_one(region(), ZX_VM_PERM_WRITE, 0),
	.line = "asks to write or")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, execute_only, map_one(region(), ZX_VM_PERM_EXECUTE, 0),
	.line = "asks to write or")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, offset_without_meaning, map_one(region(), READABLE, PAGE),
	.line = "vmar_offset is not 0")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, empty, map(region(), READABLE, 0, fixed_vmo(PAGE), 0, 0),
	.line = "vmar_offset or vmo_offset is")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, offset_not_aligned, map_one(region(), THERE, 1),
	.line = "vmar_offset or vmo_offset is")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, vmo_offset_not_aligned,
	map(region(), READABLE, 0, fixed_vmo(2 * PAGE), 1, PAGE),
	.line = "vmar_offset or vmo_offset is")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, beyond_the_region,
	map(region(), THERE, 7 * PAGE, fixed_vmo(2 * PAGE), 0, 2 * PAGE),
	.line = "vmar_offset and len go")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, behind_the_region, map_one(region(), THERE, 8 * PAGE),
	.line = "vmar_offset and len go")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, vmo_offset_overflows,
	map(region(), READABLE | ZX_VM_ALLOW_FAULTS, 0, fixed_vmo(PAGE), UINT64_MAX - PAGE + 1,
	    2 * PAGE), .line = "vmo_offset and len do", .to = ERA_2021_01)
REFUSES(vmar_map, ZX_ERR_OUT_OF_RANGE, vmo_offset_overflows,
	map(region(), READABLE | ZX_VM_ALLOW_FAULTS, 0, fixed_vmo(PAGE), UINT64_MAX - PAGE + 1,
	    2 * PAGE), .line = "vmo_offset and len do", .from = ERA_NEWEST)
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, overwrite_a_region, map_one(nested_region(), OVER, PAGE),
	.line = "and the range meets")
REFUSES(vmar_map, ZX_ERR_INVALID_ARGS, bad_address,
	vmar_map(region(), READABLE, 0, fixed_vmo(PAGE), 0, PAGE, BAD_POINTER),
	.line = "mapped_addr is a bad")
REFUSES(vmar_map, ZX_ERR_ALREADY_EXISTS, place_is_taken, map_one(used_region(), THERE, PAGE),
	.from = ERA_NEWEST)
REFUSES(vmar_map, ZX_ERR_NO_RESOURCES, no_place,
	map(used_region(), READABLE, 0, fixed_vmo(7 * PAGE), 0, 7 * PAGE), .from = ERA_NEWEST)
REFUSES(vmar_map, ZX_ERR_BAD_STATE, destroyed, map_one(destroyed_region(), READABLE, 0))
REFUSES(vmar_map, ZX_ERR_NOT_SUPPORTED, resizable,
	map(region(), READABLE | ZX_VM_REQUIRE_NON_RESIZABLE, 0, resizable_vmo(PAGE), 0, PAGE),
	.line = "the VMO can be")
REFUSES(vmar_map, ZX_ERR_NOT_SUPPORTED, discardable,
	map(region(), READABLE, 0, vmo_with(PAGE, ZX_VMO_DISCARDABLE), 0, PAGE),
	.line = "the VMO is discardable", .from = ERA_NEWEST)
REFUSES(vmar_map, ZX_ERR_NO_MEMORY, place_is_taken, map_one(used_region(), THERE, PAGE),
	.to = ERA_2021_01)
REFUSES(vmar_map, ZX_ERR_NO_MEMORY, no_place,
	map(used_region(), READABLE, 0, fixed_vmo(7 * PAGE), 0, 7 * PAGE), .to = ERA_2021_01)

CHECK(vmar_map, at_a_place)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, PAGE, 7);
	EXPECT_OK(map(region(), READ_WRITE | ZX_VM_SPECIFIC, 2 * PAGE, vmo, PAGE, PAGE));
	EXPECT_EQ(at, base + 2 * PAGE);
	EXPECT_EQ(*(volatile uint8_t *)at, 7);
	*(volatile uint8_t *)(at + 1) = 8;
	EXPECT_EQ(byte_at(vmo, PAGE + 1), 8);
}

CHECK(vmar_map, rounds_the_size_up)
{
	zx_handle_t vmar = region();

	EXPECT_OK(map(vmar, READ_WRITE | ZX_VM_SPECIFIC, 0, fixed_vmo(2 * PAGE), 0, PAGE + 1));
	*(volatile uint8_t *)(base + 2 * PAGE - 1) = 1;
	EXPECT(map_one(vmar, THERE, PAGE) != ZX_OK);
}

CHECK(vmar_map, over_a_mapping)
{
	zx_handle_t vmar = used_region();
	zx_handle_t vmo = fixed_vmo(PAGE);

	put_byte(vmo, 0, 5);
	EXPECT_OK(map(vmar, OVER, PAGE, vmo, 0, PAGE));
	EXPECT_EQ(*(volatile uint8_t *)base, 0);
	EXPECT_EQ(*(volatile uint8_t *)(base + PAGE), 5);
	EXPECT_OK(map(vmar, OVER, 4 * PAGE, vmo, 0, PAGE));
	EXPECT_EQ(*(volatile uint8_t *)(base + 4 * PAGE), 5);
}

CHECK(vmar_map, stays_without_the_handle)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	put_byte(vmo, 0, 5);
	EXPECT_OK(map(region(), READABLE, 0, vmo, 0, PAGE));
	EXPECT_OK(zx_handle_close(vmo));
	EXPECT_EQ(*(volatile uint8_t *)at, 5);
}

CHECK(vmar_map, below_a_limit, .from = ERA_2020_07)
{
	EXPECT_OK(map_one(region(), READABLE | ZX_VM_OFFSET_IS_UPPER_LIMIT, PAGE));
	EXPECT_EQ(at, base);
	EXPECT(map_one(region(), READABLE | ZX_VM_OFFSET_IS_UPPER_LIMIT, 0) != ZX_OK);
}

CHECK(vmar_map, all_of_it_at_once)
{
	EXPECT_OK(map_one(region(), READABLE | ZX_VM_MAP_RANGE, 0));
	EXPECT_EQ(*(volatile uint8_t *)at, 0);
}

/* What lies behind the end cannot be used until the VMO grows. */
CHECK(vmar_map, beyond_the_end_of_a_vmo)
{
	zx_handle_t vmo = resizable_vmo(PAGE);

	EXPECT_OK(map(region(), READ_WRITE, 0, vmo, 0, 2 * PAGE));
	*(volatile uint8_t *)at = 1;
	EXPECT(zx_vmo_write(fixed_vmo(PAGE), (const void *)(at + PAGE), 0, 1) != ZX_OK);
	EXPECT_OK(zx_vmo_set_size(vmo, 2 * PAGE));
	*(volatile uint8_t *)(at + PAGE) = 2;
	EXPECT_EQ(byte_at(vmo, PAGE), 2);
}

CHECK(vmar_map, without_any_permission)
{
	EXPECT_OK(map_one(region(), 0, 0));
	EXPECT(zx_vmo_write(fixed_vmo(PAGE), (const void *)at, 0, 1) != ZX_OK);
}
