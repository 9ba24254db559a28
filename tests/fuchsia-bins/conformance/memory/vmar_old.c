/* Address regions until 2019: the names kept for the order of arguments of July 2018. */
#include "conformance.h"

#include "memory.h"
#include "twin.h"

#define CAN_READ_WRITE (ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE)
#define THERE (ZX_VM_PERM_READ | ZX_VM_SPECIFIC)

static zx_vaddr_t at;
static zx_vaddr_t base;
static zx_handle_t sub;

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

static zx_handle_t unspecific_region(void)
{
	return vmar_with(8, CAN_READ_WRITE, &base);
}

static zx_handle_t used_by(zx_handle_t vmo)
{
	zx_handle_t vmar = region();

	EXPECT_OK(zx_vmar_map_old(vmar, 0, vmo, 0, 2 * PAGE, THERE, &at));
	return vmar;
}

static zx_handle_t used(void)
{
	return used_by(fixed_vmo(2 * PAGE));
}

static zx_handle_t nested(void)
{
	zx_handle_t vmar = region();

	EXPECT_OK(zx_vmar_allocate_old(vmar, 0, 2 * PAGE,
				       CAN_READ_WRITE | ZX_VM_CAN_MAP_SPECIFIC | ZX_VM_SPECIFIC,
				       &sub, &at));
	own(sub);
	return vmar;
}

static zx_handle_t region_of_vdso(void)
{
	struct twin twin;

	EXPECT_OK(twin__create(&twin, rt_boot.job));
	return twin.vdso_vmar;
}

static zx_status_t allocate(zx_handle_t parent, uint64_t offset, uint64_t size, uint32_t options)
{
	zx_status_t status;

	status = zx_vmar_allocate_old(parent, offset, size, options, &sub, &at);
	if (status == ZX_OK)
		own(sub);
	return status;
}

REFUSES(vmar_allocate_old, ZX_ERR_BAD_HANDLE, closed,
	allocate(closed_handle(), 0, PAGE, CAN_READ_WRITE))
REFUSES(vmar_allocate_old, ZX_ERR_WRONG_TYPE, event, allocate(make_event(), 0, PAGE, 0))
REFUSES(vmar_allocate_old, ZX_ERR_ACCESS_DENIED, no_write_right,
	allocate(without_rights(region(), ZX_RIGHT_WRITE), 0, PAGE, ZX_VM_CAN_MAP_WRITE),
	.line = "parent_vmar lacks a right")
REFUSES(vmar_allocate_old, ZX_ERR_ACCESS_DENIED, no_specific_places,
	allocate(unspecific_region(), 0, PAGE, ZX_VM_SPECIFIC), .line = "the parent region does")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, unknown_option,
	allocate(region(), 0, PAGE, 1u << 20), .line = "map_flags has unknown bits")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, empty, allocate(region(), 0, 0, 0),
	.line = "size is 0, or")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, not_aligned,
	allocate(region(), 1, PAGE, ZX_VM_SPECIFIC), .line = "size is 0, or")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, offset_without_meaning,
	allocate(region(), PAGE, PAGE, 0), .line = "offset is not 0")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, beyond_the_parent,
	allocate(region(), 7 * PAGE, 2 * PAGE, ZX_VM_SPECIFIC), .line = "offset and size go")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, bad_vmar,
	zx_vmar_allocate_old(region(), 0, PAGE, 0, BAD_POINTER, &at),
	.line = "child_vmar or child_addr is")
REFUSES(vmar_allocate_old, ZX_ERR_INVALID_ARGS, bad_address,
	zx_vmar_allocate_old(region(), 0, PAGE, 0, &sub, BAD_POINTER),
	.line = "child_vmar or child_addr is")
REFUSES(vmar_allocate_old, ZX_ERR_BAD_STATE, destroyed, allocate(destroyed_region(), 0, PAGE, 0))
REFUSES(vmar_allocate_old, ZX_ERR_NO_MEMORY, no_place, allocate(used(), 0, 7 * PAGE, 0))

static zx_status_t map(zx_handle_t vmar, uint64_t offset, zx_handle_t vmo, uint64_t vmo_offset,
		       uint64_t size, uint32_t options)
{
	return zx_vmar_map_old(vmar, offset, vmo, vmo_offset, size, options, &at);
}

static zx_status_t map_one(zx_handle_t vmar, uint64_t offset, uint32_t options)
{
	return map(vmar, offset, fixed_vmo(PAGE), 0, PAGE, options);
}

static zx_handle_t vdso(void)
{
	zx_handle_t vmo = rt_boot__handle(PA_VMO_VDSO, 0);

	if (!vmo)
		skip("the program was not given the vDSO");
	return vmo;
}

REFUSES(vmar_map_old, ZX_ERR_BAD_HANDLE, closed, map_one(closed_handle(), 0, ZX_VM_PERM_READ))
REFUSES(vmar_map_old, ZX_ERR_BAD_HANDLE, closed_vmo,
	map(region(), 0, closed_handle(), 0, PAGE, ZX_VM_PERM_READ))
REFUSES(vmar_map_old, ZX_ERR_WRONG_TYPE, event, map_one(make_event(), 0, ZX_VM_PERM_READ))
REFUSES(vmar_map_old, ZX_ERR_ACCESS_DENIED, no_map_right,
	map(region(), 0, without_rights(fixed_vmo(PAGE), ZX_RIGHT_MAP), 0, PAGE, ZX_VM_PERM_READ),
	.line = "handle or vmo lacks")
REFUSES(vmar_map_old, ZX_ERR_ACCESS_DENIED, vmo_without_write,
	map(region(), 0, without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), 0, PAGE, READ_WRITE),
	.line = "handle or vmo lacks")
REFUSES(vmar_map_old, ZX_ERR_ACCESS_DENIED, no_specific_places,
	map_one(unspecific_region(), 0, THERE), .line = "the region does not")
REFUSES(vmar_map_old, ZX_ERR_ACCESS_DENIED, second_vdso,
	map(rt_boot.root_vmar, 0, vdso(), 0, PAGE, ZX_VM_PERM_READ | ZX_VM_PERM_EXECUTE),
	.line = "the mapping would be")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, unknown_option,
	map_one(region(), 0, ZX_VM_PERM_READ | 1u << 20), .line = "map_flags has bits that")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, write_only, map_one(region(), 0, ZX_VM_PERM_WRITE),
	.line = "map_flags asks to write")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, offset_without_meaning,
	map_one(region(), PAGE, ZX_VM_PERM_READ), .line = "vmar_offset is not 0")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, empty,
	map(region(), 0, fixed_vmo(PAGE), 0, 0, ZX_VM_PERM_READ),
	.line = "vmar_offset or vmo_offset is")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, not_aligned, map_one(region(), 1, THERE),
	.line = "vmar_offset or vmo_offset is")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, beyond_the_region, map_one(region(), 8 * PAGE, THERE),
	.line = "vmar_offset and len go")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, vmo_offset_overflows,
	map(region(), 0, fixed_vmo(PAGE), UINT64_MAX - PAGE + 1, 2 * PAGE, ZX_VM_PERM_READ),
	.line = "vmo_offset and len do")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, overwrite_a_region,
	map_one(nested(), PAGE, ZX_VM_PERM_READ | ZX_VM_SPECIFIC_OVERWRITE),
	.line = "map_flags asks to overwrite")
REFUSES(vmar_map_old, ZX_ERR_INVALID_ARGS, bad_address,
	zx_vmar_map_old(region(), 0, fixed_vmo(PAGE), 0, PAGE, ZX_VM_PERM_READ, BAD_POINTER),
	.line = "mapped_addr is a bad")
REFUSES(vmar_map_old, ZX_ERR_BAD_STATE, destroyed, map_one(destroyed_region(), 0, ZX_VM_PERM_READ))
REFUSES(vmar_map_old, ZX_ERR_NOT_SUPPORTED, resizable,
	map(region(), 0, resizable_vmo(PAGE), 0, PAGE,
	    ZX_VM_PERM_READ | ZX_VM_REQUIRE_NON_RESIZABLE))
REFUSES(vmar_map_old, ZX_ERR_NO_MEMORY, place_is_taken, map_one(used(), PAGE, THERE))

static zx_status_t protect(zx_handle_t vmar, zx_vaddr_t address, uint64_t size, uint32_t options)
{
	return zx_vmar_protect_old(vmar, address, size, options);
}

static zx_handle_t used_read_only(void)
{
	return used_by(without_rights(fixed_vmo(2 * PAGE), ZX_RIGHT_WRITE));
}

REFUSES(vmar_protect_old, ZX_ERR_BAD_HANDLE, closed,
	protect(closed_handle(), base, PAGE, ZX_VM_PERM_READ))
REFUSES(vmar_protect_old, ZX_ERR_WRONG_TYPE, event, protect(make_event(), base, PAGE, 0))
REFUSES(vmar_protect_old, ZX_ERR_ACCESS_DENIED, no_write_right,
	protect(without_rights(used(), ZX_RIGHT_WRITE), base, PAGE, READ_WRITE),
	.line = "handle lacks a right")
REFUSES(vmar_protect_old, ZX_ERR_ACCESS_DENIED, handle_of_the_vmo_could_not_write,
	protect(used_read_only(), base, PAGE, READ_WRITE), .line = "the region, or the")
REFUSES(vmar_protect_old, ZX_ERR_ACCESS_DENIED, vdso,
	protect(region_of_vdso(), twin__vdso_code(), PAGE, ZX_VM_PERM_READ),
	.line = "the range meets the")
REFUSES(vmar_protect_old, ZX_ERR_INVALID_ARGS, write_only,
	protect(used(), base, PAGE, ZX_VM_PERM_WRITE), .line = "prot_flags has other bits")
REFUSES(vmar_protect_old, ZX_ERR_INVALID_ARGS, not_aligned,
	protect(used(), base + 1, PAGE, ZX_VM_PERM_READ), .line = "addr is not page-aligned")
REFUSES(vmar_protect_old, ZX_ERR_INVALID_ARGS, empty, protect(used(), base, 0, ZX_VM_PERM_READ),
	.line = "addr is not page-aligned")
REFUSES(vmar_protect_old, ZX_ERR_INVALID_ARGS, beyond_the_region,
	protect(used(), base, 9 * PAGE, ZX_VM_PERM_READ), .line = "the range goes beyond")
REFUSES(vmar_protect_old, ZX_ERR_NOT_FOUND, partly_free,
	protect(used(), base, 3 * PAGE, ZX_VM_PERM_READ))
REFUSES(vmar_protect_old, ZX_ERR_BAD_STATE, destroyed,
	protect(destroyed_region(), base, PAGE, ZX_VM_PERM_READ))

CHECK(vmar_map_old, works_as_the_newer_one)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, PAGE, 7);
	EXPECT_OK(map(region(), 2 * PAGE, vmo, PAGE, PAGE, THERE));
	EXPECT_EQ(at, base + 2 * PAGE);
	EXPECT_EQ(*(volatile uint8_t *)at, 7);
}
