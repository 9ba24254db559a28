/* Address regions: what becomes of mappings: unmap, protect, op_range, destroy. */
#include "conformance.h"

#include "memory.h"
#include "twin.h"
#include "vmar.h"

static zx_vaddr_t at;
static zx_vaddr_t base;
static zx_handle_t sub;

/* --- Regions of eight pages --- */

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

/* Two pages of a VMO at its start. */
static zx_handle_t used_by(zx_handle_t vmo, zx_vm_option_t options)
{
	zx_handle_t vmar = region();

	EXPECT_OK(vmar_map(vmar, options | ZX_VM_SPECIFIC, 0, vmo, 0, 2 * PAGE, &at));
	return vmar;
}

static zx_handle_t used(void)
{
	return used_by(fixed_vmo(2 * PAGE), READ_WRITE);
}

/* A region of two pages at its start, with a mapping in it. */
static zx_handle_t nested(void)
{
	zx_handle_t vmar = region();

	EXPECT_OK(vmar_allocate(vmar, ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE |
				ZX_VM_CAN_MAP_SPECIFIC | ZX_VM_SPECIFIC, 0, 2 * PAGE, &sub, &at));
	own(sub);
	EXPECT_OK(vmar_map(sub, READ_WRITE | ZX_VM_SPECIFIC, 0, fixed_vmo(2 * PAGE), 0, 2 * PAGE,
			   &at));
	return vmar;
}

/* Whether the page at an address can be read, found out by a call that looks at it. */
static bool readable(zx_vaddr_t address)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	return zx_vmo_write(vmo, (const void *)address, 0, 1) == ZX_OK;
}

static bool writable(zx_vaddr_t address)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	return zx_vmo_read(vmo, (void *)address, 0, 1) == ZX_OK;
}

/* The region in which another process has the vDSO, at the addresses of this one. */
static zx_handle_t region_of_vdso(void)
{
	struct twin twin;

	EXPECT_OK(twin__create(&twin, rt_boot.job));
	return twin.vdso_vmar;
}

/* --- vmar_unmap --- */

REFUSES(vmar_unmap, ZX_ERR_BAD_HANDLE, closed, zx_vmar_unmap(closed_handle(), base, PAGE))
REFUSES(vmar_unmap, ZX_ERR_WRONG_TYPE, event, zx_vmar_unmap(make_event(), base, PAGE))
REFUSES(vmar_unmap, ZX_ERR_ACCESS_DENIED, vdso,
	zx_vmar_unmap(rt_boot.root_vmar, twin__vdso_code(), PAGE))
REFUSES(vmar_unmap, ZX_ERR_INVALID_ARGS, not_aligned, zx_vmar_unmap(used(), base + 1, PAGE),
	.line = "addr is not page-aligned")
REFUSES(vmar_unmap, ZX_ERR_INVALID_ARGS, empty, zx_vmar_unmap(used(), base, 0),
	.line = "addr is not page-aligned")
REFUSES(vmar_unmap, ZX_ERR_INVALID_ARGS, beyond_the_region, zx_vmar_unmap(used(), base, 9 * PAGE),
	.line = "the range goes beyond")
REFUSES(vmar_unmap, ZX_ERR_INVALID_ARGS, before_the_region,
	zx_vmar_unmap(used(), base - PAGE, PAGE), .line = "the range goes beyond")
REFUSES(vmar_unmap, ZX_ERR_INVALID_ARGS, part_of_a_region, zx_vmar_unmap(nested(), base, PAGE),
	.line = "the range goes beyond")
REFUSES(vmar_unmap, ZX_ERR_INVALID_ARGS, no_right_for_regions,
	zx_vmar_unmap(without_rights(nested(), ZX_RIGHT_OP_CHILDREN), base, 8 * PAGE),
	.line = "a region lies in", .from = ERA_NEWEST)
REFUSES(vmar_unmap, ZX_ERR_BAD_STATE, destroyed, zx_vmar_unmap(destroyed_region(), base, PAGE))

CHECK(vmar_unmap, middle_of_a_mapping)
{
	zx_handle_t vmar = region();
	zx_handle_t vmo = fixed_vmo(3 * PAGE);

	put_byte(vmo, 0, 1);
	put_byte(vmo, 2 * PAGE, 3);
	EXPECT_OK(vmar_map(vmar, READ_WRITE, 0, vmo, 0, 3 * PAGE, &at));
	EXPECT_OK(zx_vmar_unmap(vmar, at + PAGE, PAGE));
	EXPECT_EQ(*(volatile uint8_t *)at, 1);
	EXPECT_EQ(*(volatile uint8_t *)(at + 2 * PAGE), 3);
	EXPECT(!readable(at + PAGE));
}

CHECK(vmar_unmap, several_mappings)
{
	zx_handle_t vmar = used();

	EXPECT_OK(vmar_map(vmar, READ_WRITE | ZX_VM_SPECIFIC, 4 * PAGE, fixed_vmo(PAGE), 0, PAGE,
			   &at));
	EXPECT_OK(zx_vmar_unmap(vmar, base + PAGE, 7 * PAGE));
	EXPECT(readable(base));
	EXPECT(!readable(base + PAGE));
	EXPECT(!readable(base + 4 * PAGE));
}

CHECK(vmar_unmap, nothing_there)
{
	EXPECT_OK(zx_vmar_unmap(region(), base, 8 * PAGE));
}

CHECK(vmar_unmap, a_whole_region)
{
	EXPECT_OK(zx_vmar_unmap(nested(), base, 2 * PAGE));
	EXPECT(!readable(base));
	EXPECT_STATUS(vmar_map(sub, ZX_VM_PERM_READ, 0, fixed_vmo(PAGE), 0, PAGE, &at),
		      ZX_ERR_BAD_STATE);
}

/* --- vmar_protect --- */

static zx_status_t protect(zx_handle_t vmar, zx_vm_option_t options, zx_vaddr_t address,
			   size_t size)
{
	return rt_vmar__protect(vmar, options, address, size);
}

static zx_handle_t used_without(zx_rights_t rights)
{
	return used_by(without_rights(fixed_vmo(2 * PAGE), rights), ZX_VM_PERM_READ);
}

#define READABLE ZX_VM_PERM_READ

REFUSES(vmar_protect, ZX_ERR_BAD_HANDLE, closed, protect(closed_handle(), READABLE, base, PAGE))
REFUSES(vmar_protect, ZX_ERR_WRONG_TYPE, event, protect(make_event(), 0, base, PAGE))
REFUSES(vmar_protect, ZX_ERR_ACCESS_DENIED, no_read_right,
	protect(without_rights(used(), ZX_RIGHT_READ), READABLE, base, PAGE),
	.line = "handle lacks a right")
REFUSES(vmar_protect, ZX_ERR_ACCESS_DENIED, no_write_right,
	protect(without_rights(used(), ZX_RIGHT_WRITE), READ_WRITE, base, PAGE),
	.line = "handle lacks a right")
REFUSES(vmar_protect, ZX_ERR_ACCESS_DENIED, no_execute_right,
	protect(used(), READABLE | ZX_VM_PERM_EXECUTE, base, PAGE), .line = "handle lacks a right")
REFUSES(vmar_protect, ZX_ERR_ACCESS_DENIED, handle_of_the_vmo_could_not_write,
	protect(used_without(ZX_RIGHT_WRITE), READ_WRITE, base, PAGE),
	.line = "the region, or the")
REFUSES(vmar_protect, ZX_ERR_ACCESS_DENIED, vdso,
	protect(region_of_vdso(), READABLE, twin__vdso_code(), PAGE),
	.line = "the range meets the")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, write_only,
	protect(used(), ZX_VM_PERM_WRITE, base, PAGE), .line = "has other bits, or")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, execute_only,
	protect(rt_boot.root_vmar, ZX_VM_PERM_EXECUTE, (zx_vaddr_t)map_pages(1, READ_WRITE), PAGE),
	.line = "has other bits, or")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, other_option,
	protect(used(), READABLE | ZX_VM_SPECIFIC, base, PAGE), .line = "has other bits, or")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, not_aligned, protect(used(), READABLE, base + 1, PAGE),
	.line = "addr is not page-aligned")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, empty, protect(used(), READABLE, base, 0),
	.line = "addr is not page-aligned")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, beyond_the_region,
	protect(used(), READABLE, base, 9 * PAGE), .line = "the range goes beyond")
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, a_region_is_there,
	protect(without_rights(nested(), ZX_RIGHT_OP_CHILDREN), READABLE, base, 2 * PAGE),
	.line = "a region lies in", .from = ERA_NEWEST)
REFUSES(vmar_protect, ZX_ERR_INVALID_ARGS, region_to_2021,
	protect(nested(), READABLE, base, 2 * PAGE), .line = "a region lies in",
	.from = ERA_2018_10, .to = ERA_2021_01)
REFUSES(vmar_protect, ZX_ERR_NOT_FOUND, free, protect(region(), READABLE, base, PAGE))
REFUSES(vmar_protect, ZX_ERR_NOT_FOUND, partly_free, protect(used(), READABLE, base, 3 * PAGE))
REFUSES(vmar_protect, ZX_ERR_BAD_STATE, destroyed,
	protect(destroyed_region(), READABLE, base, PAGE))

CHECK(vmar_protect, takes_and_gives)
{
	zx_handle_t vmar = used();

	EXPECT_OK(protect(vmar, READABLE, base, PAGE));
	EXPECT(!writable(base));
	EXPECT(writable(base + PAGE));
	EXPECT_OK(protect(vmar, READ_WRITE, base, 2 * PAGE));
	EXPECT(writable(base));
	*(volatile uint8_t *)base = 1;
}

CHECK(vmar_protect, several_mappings)
{
	zx_handle_t vmar = used();

	EXPECT_OK(vmar_map(vmar, READ_WRITE | ZX_VM_SPECIFIC, 2 * PAGE, fixed_vmo(PAGE), 0, PAGE,
			   &at));
	EXPECT_OK(protect(vmar, READABLE, base + PAGE, 2 * PAGE));
	EXPECT(writable(base));
	EXPECT(!writable(base + PAGE));
	EXPECT(!writable(base + 2 * PAGE));
	EXPECT(readable(base + 2 * PAGE));
}

/* --- vmar_op_range --- */

static uint8_t unused;

static zx_status_t op(zx_handle_t vmar, uint32_t what, zx_vaddr_t address, size_t size)
{
	return zx_vmar_op_range(vmar, what, address, size, NULL, 0);
}

#define DECOMMIT ZX_VMAR_OP_DECOMMIT

REFUSES(vmar_op_range, ZX_ERR_BAD_HANDLE, closed, op(closed_handle(), DECOMMIT, base, PAGE))
REFUSES(vmar_op_range, ZX_ERR_WRONG_TYPE, event, op(make_event(), DECOMMIT, base, PAGE))
REFUSES(vmar_op_range, ZX_ERR_ACCESS_DENIED, no_write_right,
	op(without_rights(used(), ZX_RIGHT_WRITE), DECOMMIT, base, PAGE),
	.line = "handle lacks a right", .from = ERA_NEWEST)
REFUSES(vmar_op_range, ZX_ERR_ACCESS_DENIED, no_read_right,
	op(without_rights(used(), ZX_RIGHT_READ), ZX_VMAR_OP_MAP_RANGE, base, PAGE),
	.line = "handle lacks a right", .from = ERA_NEWEST)
REFUSES(vmar_op_range, ZX_ERR_ACCESS_DENIED, handle_of_the_vmo_could_not_write,
	op(used_without(ZX_RIGHT_WRITE), DECOMMIT, base, PAGE), .line = "the mapped VMO's handle")
REFUSES(vmar_op_range, ZX_ERR_ACCESS_DENIED, vdso,
	op(region_of_vdso(), ZX_VMAR_OP_COMMIT, twin__vdso_code(), PAGE),
	.line = "the range meets the", .from = ERA_NEWEST)
REFUSES(vmar_op_range, ZX_ERR_INVALID_ARGS, no_such_op, op(used(), 1000, base, PAGE),
	.line = "op is unknown")
REFUSES(vmar_op_range, ZX_ERR_INVALID_ARGS, empty, op(used(), DECOMMIT, base, 0),
	.line = "size is 0, or")
REFUSES(vmar_op_range, ZX_ERR_INVALID_ARGS, not_aligned, op(used(), DECOMMIT, base + 1, PAGE),
	.line = "size is 0, or")
REFUSES(vmar_op_range, ZX_ERR_INVALID_ARGS, buffer,
	zx_vmar_op_range(used(), DECOMMIT, base, PAGE, &unused, 0),
	.line = "buffer or buffer_size is")
REFUSES(vmar_op_range, ZX_ERR_INVALID_ARGS, buffer_size,
	zx_vmar_op_range(used(), DECOMMIT, base, PAGE, NULL, 1),
	.line = "buffer or buffer_size is")
REFUSES(vmar_op_range, ZX_ERR_INVALID_ARGS, no_right_for_regions,
	op(without_rights(nested(), ZX_RIGHT_OP_CHILDREN), DECOMMIT, base, PAGE),
	.line = "a region lies in", .from = ERA_NEWEST)
REFUSES(vmar_op_range, ZX_ERR_OUT_OF_RANGE, beyond_the_region,
	op(used(), DECOMMIT, base, 9 * PAGE))
REFUSES(vmar_op_range, ZX_ERR_BAD_STATE, destroyed, op(destroyed_region(), DECOMMIT, base, PAGE))
REFUSES(vmar_op_range, ZX_ERR_BAD_STATE, partly_free, op(used(), DECOMMIT, base, 3 * PAGE))

CHECK(vmar_op_range, decommit)
{
	zx_handle_t vmar = used();

	*(volatile uint8_t *)base = 1;
	*(volatile uint8_t *)(base + PAGE) = 2;
	EXPECT_OK(op(vmar, DECOMMIT, base, PAGE));
	EXPECT_EQ(*(volatile uint8_t *)base, 0);
	EXPECT_EQ(*(volatile uint8_t *)(base + PAGE), 2);
}

CHECK(vmar_op_range, map_range)
{
	EXPECT_OK(op(used(), ZX_VMAR_OP_MAP_RANGE, base, 2 * PAGE));
}

CHECK(vmar_op_range, zero_and_commit, .from = ERA_NEWEST)
{
	zx_handle_t vmar = used();

	*(volatile uint8_t *)base = 1;
	EXPECT_OK(op(vmar, ZX_VMAR_OP_ZERO, base, 2 * PAGE));
	EXPECT_EQ(*(volatile uint8_t *)base, 0);
	EXPECT_OK(op(vmar, ZX_VMAR_OP_COMMIT, base, 2 * PAGE));
	EXPECT_OK(op(vmar, ZX_VMAR_OP_ALWAYS_NEED, base, 2 * PAGE));
	EXPECT_OK(op(vmar, ZX_VMAR_OP_DONT_NEED, base, 2 * PAGE));
	EXPECT_OK(op(vmar, ZX_VMAR_OP_PREFETCH, base, 2 * PAGE));
}

/* --- vmar_destroy --- */

REFUSES(vmar_destroy, ZX_ERR_BAD_HANDLE, closed, zx_vmar_destroy(closed_handle()))
REFUSES(vmar_destroy, ZX_ERR_WRONG_TYPE, event, zx_vmar_destroy(make_event()))
REFUSES(vmar_destroy, ZX_ERR_ACCESS_DENIED, no_right_for_regions,
	zx_vmar_destroy(without_rights(region(), ZX_RIGHT_OP_CHILDREN)),
	.line = "handle lacks ZX_RIGHT_OP_CHILDREN (newest)", .from = ERA_NEWEST)
REFUSES(vmar_destroy, ZX_ERR_BAD_STATE, twice, zx_vmar_destroy(destroyed_region()))
REFUSES(vmar_destroy, ZX_ERR_ACCESS_DENIED, vdso, zx_vmar_destroy(region_of_vdso()),
	.line = "the code of the")
REFUSES(vmar_destroy, ZX_ERR_NOT_SUPPORTED, root, zx_vmar_destroy(rt_boot.root_vmar),
	.from = ERA_NEWEST)

CHECK(vmar_destroy, all_that_is_in_it)
{
	EXPECT_OK(zx_vmar_destroy(nested()));
	EXPECT(!readable(base));
	EXPECT_STATUS(vmar_map(sub, ZX_VM_PERM_READ, 0, fixed_vmo(PAGE), 0, PAGE, &at),
		      ZX_ERR_BAD_STATE);
	EXPECT_STATUS(zx_vmar_destroy(sub), ZX_ERR_BAD_STATE);
}

/* --- vmar_unmap_handle_close_thread_exit: these calls fail, and so come back --- */

static zx_status_t unmap_and_exit(zx_handle_t vmar, zx_vaddr_t address, size_t size)
{
	return zx_vmar_unmap_handle_close_thread_exit(vmar, address, size, ZX_HANDLE_INVALID);
}

REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_BAD_HANDLE, closed,
	unmap_and_exit(closed_handle(), base, PAGE))
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_WRONG_TYPE, event,
	unmap_and_exit(make_event(), base, PAGE))
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_ACCESS_DENIED, vdso,
	unmap_and_exit(rt_boot.root_vmar, twin__vdso_code(), PAGE))
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_INVALID_ARGS, not_aligned,
	unmap_and_exit(used(), base + 1, PAGE), .line = "addr is not page-aligned")
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_INVALID_ARGS, empty,
	unmap_and_exit(used(), base, 0), .line = "addr is not page-aligned")
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_INVALID_ARGS, beyond_the_region,
	unmap_and_exit(used(), base, 9 * PAGE), .line = "the range goes beyond")
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_INVALID_ARGS, part_of_a_region,
	unmap_and_exit(nested(), base, PAGE), .line = "the range goes beyond")
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_INVALID_ARGS, no_right_for_regions,
	unmap_and_exit(without_rights(nested(), ZX_RIGHT_OP_CHILDREN), base, 8 * PAGE),
	.line = "a region lies in", .from = ERA_NEWEST)
REFUSES(vmar_unmap_handle_close_thread_exit, ZX_ERR_BAD_STATE, destroyed,
	unmap_and_exit(destroyed_region(), base, PAGE))

/* What the thread is told to take along when it ends. */
static struct {
	zx_handle_t vmar;
	zx_handle_t handle;
	zx_vaddr_t base;
} last_will;

static void end_by_unmapping(void *arg)
{
	(void)arg;
	zx_vmar_unmap_handle_close_thread_exit(last_will.vmar, last_will.base, 2 * PAGE,
					       last_will.handle);
	EXPECT(false);
}

CHECK(vmar_unmap_handle_close_thread_exit, ends_the_thread)
{
	zx_handle_t thread;

	last_will.vmar = used();
	last_will.base = base;
	last_will.handle = make_event();
	thread = start_thread(end_by_unmapping, NULL);
	EXPECT_OK(zx_object_wait_one(thread, ZX_THREAD_TERMINATED, LATE, NULL));
	EXPECT(!is_valid(last_will.handle));
	EXPECT(!readable(base));
}
