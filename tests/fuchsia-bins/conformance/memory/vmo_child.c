/* Children of memory objects: snapshots, slices, references. */
#include "conformance.h"

#include <zircon/eras.h>

#include "memory.h"
#include "string.h"

static zx_handle_t child;

/* vmo_create_child() whose child is closed with the check. */
static zx_status_t create_child(zx_handle_t vmo, uint32_t options, uint64_t offset, uint64_t size)
{
	zx_status_t status;

	child = ZX_HANDLE_INVALID;
	status = zx_vmo_create_child(vmo, options, offset, size, &child);
	if (status == ZX_OK)
		own(child);
	return status;
}

REFUSES(vmo_create_child, ZX_ERR_BAD_HANDLE, closed,
	create_child(closed_handle(), ZX_VMO_CHILD_SNAPSHOT, 0, PAGE))
REFUSES(vmo_create_child, ZX_ERR_WRONG_TYPE, event,
	create_child(make_event(), ZX_VMO_CHILD_SNAPSHOT, 0, PAGE))
REFUSES(vmo_create_child, ZX_ERR_ACCESS_DENIED, no_duplicate_right,
	create_child(without_rights(fixed_vmo(PAGE), ZX_RIGHT_DUPLICATE), ZX_VMO_CHILD_SNAPSHOT, 0,
		     PAGE))
REFUSES(vmo_create_child, ZX_ERR_ACCESS_DENIED, no_read_right,
	create_child(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), ZX_VMO_CHILD_SNAPSHOT, 0,
		     PAGE))
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, no_kind, create_child(fixed_vmo(PAGE), 0, 0, PAGE),
	.line = "options names no kind")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, two_kinds,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_SLICE, 0, PAGE),
	.line = "options names no kind")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, resizable_slice,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SLICE | ZX_VMO_CHILD_RESIZABLE, 0, PAGE),
	.line = "options names no kind")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, unknown_option,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT | 1u << 31, 0, PAGE),
	.line = "options names no kind")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, snapshot_not_aligned,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT, 1, PAGE),
	.line = "offset is not page-aligned")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, slice_not_aligned,
	create_child(fixed_vmo(2 * PAGE), ZX_VMO_CHILD_SLICE, 1, PAGE),
	.line = "offset is not page-aligned")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, bad_out,
	zx_vmo_create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT, 0, PAGE, BAD_OUT),
	.line = "offset is not page-aligned")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, slice_too_long,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SLICE, 0, 2 * PAGE), .line = "a slice would go")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, slice_behind_the_end,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SLICE, 2 * PAGE, PAGE),
	.line = "a slice would go")
REFUSES(vmo_create_child, ZX_ERR_INVALID_ARGS, part_of_a_reference,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_REFERENCE, 0, PAGE),
	.line = "options has ZX_VMO_CHILD_REFERENCE, and", .from = ERA_NEWEST)
REFUSES(vmo_create_child, ZX_ERR_OUT_OF_RANGE, too_large,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT, 0, UINT64_MAX))
REFUSES(vmo_create_child, ZX_ERR_OUT_OF_RANGE, overflow,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT, UINT64_MAX - PAGE + 1, 2 * PAGE))
REFUSES(vmo_create_child, ZX_ERR_NOT_SUPPORTED, slice_of_a_resizable_one,
	create_child(resizable_vmo(PAGE), ZX_VMO_CHILD_SLICE, 0, PAGE),
	.line = "the parent is discardable")
REFUSES(vmo_create_child, ZX_ERR_NOT_SUPPORTED, parent_is_discardable,
	create_child(vmo_with(PAGE, ZX_VMO_DISCARDABLE), ZX_VMO_CHILD_SNAPSHOT, 0, PAGE),
	.line = "the parent is discardable", .from = ERA_NEWEST)
REFUSES(vmo_create_child, ZX_ERR_NOT_SUPPORTED, resizable_reference_to_a_fixed_one,
	create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_REFERENCE | ZX_VMO_CHILD_RESIZABLE, 0, 0),
	.line = "a reference to a slice", .from = ERA_NEWEST)
REFUSES(vmo_create_child, ZX_ERR_BAD_STATE, not_cached,
	create_child(uncached_vmo(), ZX_VMO_CHILD_SNAPSHOT, 0, PAGE), .line = "not cached")

CHECK(vmo_create_child, slice_of_one_that_is_not_cached)
{
	EXPECT_OK(create_child(uncached_vmo(), ZX_VMO_CHILD_SLICE, 0, PAGE));
}

CHECK(vmo_create_child, snapshot)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, PAGE, 1);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, PAGE, PAGE));
	EXPECT_EQ(size_of(child), PAGE);
	put_byte(vmo, PAGE, 2);
	EXPECT_EQ(byte_at(child, 0), 1);
	put_byte(child, 0, 3);
	EXPECT_EQ(byte_at(vmo, PAGE), 2);
}

CHECK(vmo_create_child, snapshot_at_least_on_write)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	put_byte(vmo, 0, 1);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE, 0, PAGE));
	EXPECT_EQ(byte_at(child, 0), 1);
	put_byte(child, 0, 3);
	EXPECT_EQ(byte_at(vmo, 0), 1);
	put_byte(vmo, 0, 4);
	EXPECT_EQ(byte_at(child, 0), 3);
}

CHECK(vmo_create_child, snapshot_beyond_the_parent_is_zero)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	put_byte(vmo, 0, 1);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, 3 * PAGE));
	EXPECT_EQ(size_of(child), 3 * PAGE);
	EXPECT_EQ(byte_at(child, 0), 1);
	EXPECT_EQ(byte_at(child, 2 * PAGE), 0);
	put_byte(child, 2 * PAGE, 5);
	EXPECT_EQ(byte_at(child, 2 * PAGE), 5);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 8 * PAGE, PAGE));
	EXPECT_EQ(byte_at(child, 0), 0);
}

CHECK(vmo_create_child, snapshot_of_a_snapshot)
{
	zx_handle_t chain[8] = { fixed_vmo(PAGE) };

	put_byte(chain[0], 0, 1);
	for (int i = 1; i < 8; i++) {
		EXPECT_OK(create_child(chain[i - 1], ZX_VMO_CHILD_SNAPSHOT, 0, PAGE));
		chain[i] = child;
		EXPECT_EQ(byte_at(child, 0), i);
		put_byte(child, 0, (uint8_t)(i + 1));
	}
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(byte_at(chain[i], 0), i + 1);
}

CHECK(vmo_create_child, snapshot_outlives_its_parent)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	put_byte(vmo, 7, 7);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE));
	EXPECT_OK(zx_handle_close(vmo));
	EXPECT_EQ(byte_at(child, 7), 7);
}

CHECK(vmo_create_child, resizable_snapshot)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_RESIZABLE, 0, PAGE));
	EXPECT_OK(zx_vmo_set_size(child, 2 * PAGE));
	EXPECT_EQ(size_of(child), 2 * PAGE);
	EXPECT_EQ(size_of(vmo), PAGE);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE));
	EXPECT_STATUS(zx_vmo_set_size(child, 2 * PAGE), ZX_ERR_UNAVAILABLE);
}

CHECK(vmo_create_child, slice_shares_the_pages)
{
	zx_handle_t vmo = fixed_vmo(3 * PAGE);

	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SLICE, PAGE, PAGE));
	EXPECT_EQ(size_of(child), PAGE);
	put_byte(vmo, PAGE + 3, 1);
	EXPECT_EQ(byte_at(child, 3), 1);
	put_byte(child, 4, 2);
	EXPECT_EQ(byte_at(vmo, PAGE + 4), 2);
	EXPECT_STATUS(zx_vmo_set_size(child, PAGE), ZX_ERR_UNAVAILABLE);
}

CHECK(vmo_create_child, slice_of_nothing)
{
	EXPECT_OK(create_child(fixed_vmo(PAGE), ZX_VMO_CHILD_SLICE, PAGE, 0));
	EXPECT_EQ(size_of(child), 0);
}

CHECK(vmo_create_child, reference_is_the_same_memory, .from = ERA_NEWEST)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_REFERENCE, 0, 0));
	EXPECT_EQ(size_of(child), 2 * PAGE);
	put_byte(vmo, PAGE, 1);
	EXPECT_EQ(byte_at(child, PAGE), 1);
	put_byte(child, 0, 2);
	EXPECT_EQ(byte_at(vmo, 0), 2);
}

CHECK(vmo_create_child, reference_follows_the_size, .from = ERA_NEWEST)
{
	zx_handle_t vmo = resizable_vmo(PAGE);

	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_REFERENCE | ZX_VMO_CHILD_RESIZABLE, 0, 0));
	EXPECT_OK(zx_vmo_set_size(vmo, 3 * PAGE));
	EXPECT_EQ(size_of(child), 3 * PAGE);
	EXPECT_OK(zx_vmo_set_size(child, 2 * PAGE));
	EXPECT_EQ(size_of(vmo), 2 * PAGE);
}

CHECK(vmo_create_child, signal_of_no_children)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	EXPECT_EQ(signals_of(vmo) & ZX_VMO_ZERO_CHILDREN, ZX_VMO_ZERO_CHILDREN);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE));
	EXPECT_EQ(signals_of(vmo) & ZX_VMO_ZERO_CHILDREN, 0);
	EXPECT_OK(zx_handle_close(child));
	EXPECT_OK(zx_object_wait_one(vmo, ZX_VMO_ZERO_CHILDREN, LATE, NULL));
}

/* A snapshot can be written although its parent's handle cannot, and cannot be executed then. */
CHECK(vmo_create_child, rights_of_a_snapshot)
{
	zx_handle_t vmo = fixed_vmo(PAGE);
	zx_rights_t rights = rights_of(vmo);

	EXPECT_OK(create_child(without_rights(vmo, ZX_RIGHT_WRITE | ZX_RIGHTS_PROPERTY),
			       ZX_VMO_CHILD_SNAPSHOT, 0, PAGE));
	EXPECT_EQ(rights_of(child), (rights | ZX_RIGHT_WRITE) & ~ZX_RIGHT_EXECUTE);
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT | ZX_VMO_CHILD_NO_WRITE, 0, PAGE));
	EXPECT_EQ(rights_of(child), rights & ~ZX_RIGHT_WRITE);
}

CHECK(vmo_create_child, rights_of_a_slice)
{
	zx_handle_t vmo = without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE | ZX_RIGHT_MAP);

	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SLICE, 0, PAGE));
	EXPECT_EQ(rights_of(child), rights_of(vmo));
}

CHECK(vmo_create_child, name_of_the_parent)
{
	zx_handle_t vmo = fixed_vmo(PAGE);
	char name[ZX_MAX_NAME_LEN];

	EXPECT_OK(zx_object_set_property(vmo, ZX_PROP_NAME, "parent", 6));
	EXPECT_OK(create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE));
	EXPECT_OK(zx_object_get_property(child, ZX_PROP_NAME, name, sizeof(name)));
	EXPECT_BYTES(name, "parent", 7);
}

/* --- vmo_clone, until 2019 --- */

static zx_status_t clone(zx_handle_t vmo, uint32_t options, uint64_t offset, uint64_t size)
{
	zx_status_t status;

	child = ZX_HANDLE_INVALID;
	status = zx_vmo_clone(vmo, options, offset, size, &child);
	if (status == ZX_OK)
		own(child);
	return status;
}

#define CLONE ZX_VMO_CLONE_COPY_ON_WRITE_2018

REFUSES(vmo_clone, ZX_ERR_BAD_HANDLE, closed, clone(closed_handle(), CLONE, 0, PAGE),
	.to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_WRONG_TYPE, event, clone(make_event(), CLONE, 0, PAGE),
	.to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_ACCESS_DENIED, no_duplicate_right,
	clone(without_rights(fixed_vmo(PAGE), ZX_RIGHT_DUPLICATE), CLONE, 0, PAGE),
	.to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_ACCESS_DENIED, no_read_right,
	clone(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), CLONE, 0, PAGE), .to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_INVALID_ARGS, no_kind, clone(fixed_vmo(PAGE), 0, 0, PAGE),
	.line = "options lacks ZX_VMO_CLONE_COPY_ON_WRITE, or", .to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_INVALID_ARGS, unknown_option,
	clone(fixed_vmo(PAGE), CLONE | 1u << 31, 0, PAGE),
	.line = "options lacks ZX_VMO_CLONE_COPY_ON_WRITE, or", .to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_INVALID_ARGS, not_aligned, clone(fixed_vmo(PAGE), CLONE, 1, PAGE),
	.line = "offset is not page-aligned", .to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_INVALID_ARGS, bad_out,
	zx_vmo_clone(fixed_vmo(PAGE), CLONE, 0, PAGE, BAD_POINTER),
	.line = "offset is not page-aligned", .to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_BAD_STATE, not_cached, clone(uncached_vmo(), CLONE, 0, PAGE),
	.to = ERA_2019_01)
REFUSES(vmo_clone, ZX_ERR_OUT_OF_RANGE, too_large, clone(fixed_vmo(PAGE), CLONE, 0, UINT64_MAX),
	.to = ERA_2019_01)

CHECK(vmo_clone, is_a_copy, .to = ERA_2019_01)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, PAGE, 1);
	EXPECT_OK(clone(without_rights(vmo, ZX_RIGHT_WRITE), CLONE, PAGE, PAGE));
	EXPECT_EQ(byte_at(child, 0), 1);
	put_byte(child, 0, 2);
	EXPECT_EQ(byte_at(vmo, PAGE), 1);
	EXPECT_OK(zx_vmo_set_size(child, 4 * PAGE));
	EXPECT_EQ(size_of(child), 4 * PAGE);
}
