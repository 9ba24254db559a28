/* Memory objects: operations on ranges, and how they are cached. */
#include "conformance.h"

#include "memory.h"

static zx_vmo_lock_state_t state;

static zx_status_t op(zx_handle_t vmo, uint32_t what, uint64_t offset, uint64_t size)
{
	return zx_vmo_op_range(vmo, what, offset, size, NULL, 0);
}

static zx_status_t lock(zx_handle_t vmo, uint32_t what)
{
	return zx_vmo_op_range(vmo, what, 0, PAGE, &state, sizeof(state));
}

static zx_handle_t discardable_vmo(void)
{
	return vmo_with(PAGE, ZX_VMO_DISCARDABLE);
}

static uint64_t committed(zx_handle_t vmo)
{
	zx_info_vmo_t info = { 0 };

	EXPECT_OK(zx_object_get_info(vmo, ZX_INFO_VMO, &info, sizeof(info), NULL, NULL));
	return info.committed_bytes;
}

REFUSES(vmo_op_range, ZX_ERR_BAD_HANDLE, closed, op(closed_handle(), ZX_VMO_OP_COMMIT, 0, PAGE))
REFUSES(vmo_op_range, ZX_ERR_WRONG_TYPE, event, op(make_event(), ZX_VMO_OP_COMMIT, 0, PAGE))
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, commit,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), ZX_VMO_OP_COMMIT, 0, PAGE))
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, decommit,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), ZX_VMO_OP_DECOMMIT, 0, PAGE))
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, zero,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), ZX_VMO_OP_ZERO, 0, PAGE),
	.from = ERA_2020_07)
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, cache_sync,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), ZX_VMO_OP_CACHE_SYNC, 0, PAGE))
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, cache_clean,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), ZX_VMO_OP_CACHE_CLEAN, 0, PAGE))
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, cache_clean_invalidate,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), ZX_VMO_OP_CACHE_CLEAN_INVALIDATE, 0,
	   PAGE))
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, cache_invalidate,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), ZX_VMO_OP_CACHE_INVALIDATE, 0, PAGE),
	.to = ERA_2021_01)
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, prefetch,
	op(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), ZX_VMO_OP_PREFETCH, 0, PAGE),
	.from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, lock,
	lock(without_rights(discardable_vmo(), ZX_RIGHTS_IO), ZX_VMO_OP_LOCK), .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_ACCESS_DENIED, unlock,
	lock(without_rights(discardable_vmo(), ZX_RIGHTS_IO), ZX_VMO_OP_UNLOCK),
	.from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, commit,
	op(fixed_vmo(PAGE), ZX_VMO_OP_COMMIT, 2 * PAGE, PAGE), .line = "the range goes beyond")
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, commit_across_the_end,
	op(fixed_vmo(PAGE), ZX_VMO_OP_COMMIT, 0, 2 * PAGE), .line = "the range goes beyond",
	.from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, decommit,
	op(fixed_vmo(PAGE), ZX_VMO_OP_DECOMMIT, 0, 2 * PAGE), .line = "the range goes beyond",
	.from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, zero, op(fixed_vmo(PAGE), ZX_VMO_OP_ZERO, 0, 2 * PAGE),
	.line = "the range goes beyond", .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, zero_behind_the_end,
	op(fixed_vmo(PAGE), ZX_VMO_OP_ZERO, 2 * PAGE, PAGE), .line = "the range goes beyond",
	.from = ERA_2020_07)
REFUSES(vmo_op_range, ZX_ERR_BAD_STATE, zero_uncached,
	op(uncached_vmo(), ZX_VMO_OP_ZERO, 0, PAGE), .line = "not cached", .from = ERA_2020_07,
	.to = ERA_2021_01)
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, cache_sync,
	op(fixed_vmo(PAGE), ZX_VMO_OP_CACHE_SYNC, 0, 2 * PAGE), .line = "the range goes beyond")
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, overflow,
	op(fixed_vmo(PAGE), ZX_VMO_OP_CACHE_SYNC, PAGE, UINT64_MAX - 1),
	.line = "the range goes beyond")
REFUSES(vmo_op_range, ZX_ERR_OUT_OF_RANGE, lock_of_a_part,
	zx_vmo_op_range(vmo_with(2 * PAGE, ZX_VMO_DISCARDABLE), ZX_VMO_OP_LOCK, 0, PAGE, &state,
			sizeof(state)), .line = "op is about locks", .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, no_such_op, op(fixed_vmo(PAGE), 1000, 0, PAGE),
	.line = "op is unknown")
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, op_0, op(fixed_vmo(PAGE), 0, 0, PAGE),
	.line = "op is unknown")
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, cache_op_on_nothing,
	op(fixed_vmo(PAGE), ZX_VMO_OP_CACHE_SYNC, 0, 0), .line = "op acts on caches")
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, decommit_half_a_page,
	op(fixed_vmo(2 * PAGE), ZX_VMO_OP_DECOMMIT, 0, PAGE / 2),
	.line = "op is ZX_VMO_OP_DECOMMIT, and", .from = ERA_2020_07)
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, decommit_not_aligned,
	op(fixed_vmo(2 * PAGE), ZX_VMO_OP_DECOMMIT, 1, PAGE),
	.line = "op is ZX_VMO_OP_DECOMMIT, and", .from = ERA_2020_07)
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, lock_without_buffer,
	op(discardable_vmo(), ZX_VMO_OP_LOCK, 0, PAGE), .line = "op is ZX_VMO_OP_LOCK, and",
	.from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_INVALID_ARGS, lock_with_a_bad_buffer,
	zx_vmo_op_range(discardable_vmo(), ZX_VMO_OP_LOCK, 0, PAGE, BAD_POINTER, sizeof(state)),
	.line = "op is ZX_VMO_OP_LOCK, and", .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_NOT_SUPPORTED, lock, lock(fixed_vmo(PAGE), ZX_VMO_OP_LOCK),
	.line = "op is about locks", .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_NOT_SUPPORTED, try_lock, lock(fixed_vmo(PAGE), ZX_VMO_OP_TRY_LOCK),
	.line = "op is about locks", .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_NOT_SUPPORTED, unlock, lock(fixed_vmo(PAGE), ZX_VMO_OP_UNLOCK),
	.line = "op is about locks", .from = ERA_NEWEST)
REFUSES(vmo_op_range, ZX_ERR_BAD_STATE, unlock_twice, lock(discardable_vmo(), ZX_VMO_OP_UNLOCK),
	.line = "op is ZX_VMO_OP_UNLOCK, and", .from = ERA_NEWEST)

CHECK(vmo_op_range, commit_and_decommit)
{
	zx_handle_t vmo = fixed_vmo(4 * PAGE);

	put_byte(vmo, 0, 1);
	put_byte(vmo, 3 * PAGE, 2);
	EXPECT_OK(op(vmo, ZX_VMO_OP_COMMIT, PAGE, PAGE));
	EXPECT_EQ(byte_at(vmo, PAGE), 0);
	EXPECT_OK(op(vmo, ZX_VMO_OP_DECOMMIT, 3 * PAGE, PAGE));
	EXPECT_EQ(byte_at(vmo, 3 * PAGE), 0);
	EXPECT_EQ(byte_at(vmo, 0), 1);
}

CHECK(vmo_op_range, committed_bytes, .from = ERA_2020_07)
{
	zx_handle_t vmo = fixed_vmo(4 * PAGE);

	EXPECT_EQ(committed(vmo), 0);
	EXPECT_OK(op(vmo, ZX_VMO_OP_COMMIT, 0, 2 * PAGE));
	EXPECT_EQ(committed(vmo), 2 * PAGE);
	EXPECT_OK(op(vmo, ZX_VMO_OP_DECOMMIT, PAGE, PAGE));
	EXPECT_EQ(committed(vmo), PAGE);
}

CHECK(vmo_op_range, nothing_to_commit)
{
	EXPECT_OK(op(fixed_vmo(PAGE), ZX_VMO_OP_COMMIT, 0, 0));
}

CHECK(vmo_op_range, zero_needs_no_whole_pages, .from = ERA_2020_07)
{
	zx_handle_t vmo = fixed_vmo(3 * PAGE);

	put_byte(vmo, 9, 1);
	put_byte(vmo, 10, 2);
	put_byte(vmo, PAGE, 3);
	put_byte(vmo, 2 * PAGE + 9, 4);
	put_byte(vmo, 2 * PAGE + 10, 5);
	EXPECT_OK(op(vmo, ZX_VMO_OP_ZERO, 10, 2 * PAGE));
	EXPECT_EQ(byte_at(vmo, 9), 1);
	EXPECT_EQ(byte_at(vmo, 10), 0);
	EXPECT_EQ(byte_at(vmo, PAGE), 0);
	EXPECT_EQ(byte_at(vmo, 2 * PAGE + 9), 0);
	EXPECT_EQ(byte_at(vmo, 2 * PAGE + 10), 5);
}

CHECK(vmo_op_range, caches)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, 0, 1);
	EXPECT_OK(op(vmo, ZX_VMO_OP_CACHE_SYNC, 0, 2 * PAGE));
	EXPECT_OK(op(vmo, ZX_VMO_OP_CACHE_CLEAN, 1, 10));
	EXPECT_OK(op(vmo, ZX_VMO_OP_CACHE_CLEAN_INVALIDATE, 0, 2 * PAGE));
	EXPECT_EQ(byte_at(vmo, 0), 1);
}

CHECK(vmo_op_range, lock_tells_what_was_lost, .from = ERA_NEWEST)
{
	zx_handle_t vmo = discardable_vmo();

	EXPECT_OK(lock(vmo, ZX_VMO_OP_LOCK));
	EXPECT_EQ(state.offset, 0);
	EXPECT_EQ(state.size, PAGE);
	EXPECT_EQ(state.discarded_size, 0);
	EXPECT_OK(lock(vmo, ZX_VMO_OP_TRY_LOCK));
	EXPECT_OK(lock(vmo, ZX_VMO_OP_UNLOCK));
	EXPECT_OK(lock(vmo, ZX_VMO_OP_UNLOCK));
	EXPECT_STATUS(lock(vmo, ZX_VMO_OP_UNLOCK), ZX_ERR_BAD_STATE);
}

CHECK(vmo_op_range, hints, .from = ERA_NEWEST)
{
	EXPECT_OK(op(fixed_vmo(PAGE), ZX_VMO_OP_ALWAYS_NEED, 0, PAGE));
	EXPECT_OK(op(fixed_vmo(PAGE), ZX_VMO_OP_DONT_NEED, 0, PAGE));
	EXPECT_OK(op(fixed_vmo(PAGE), ZX_VMO_OP_PREFETCH, 0, PAGE));
}

/* --- vmo_set_cache_policy --- */

static zx_handle_t mapped_vmo(void)
{
	zx_handle_t vmo = fixed_vmo(PAGE);
	zx_vaddr_t at;
	zx_handle_t vmar = make_vmar(1, &at);

	EXPECT_OK(vmar_map(vmar, ZX_VM_PERM_READ, 0, vmo, 0, PAGE, &at));
	return vmo;
}

static zx_handle_t parent_vmo(void)
{
	zx_handle_t vmo = fixed_vmo(PAGE);
	zx_handle_t child;

	EXPECT_OK(zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT, 0, PAGE, &child));
	own(child);
	return vmo;
}

static zx_handle_t committed_vmo(void)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	put_byte(vmo, 0, 1);
	return vmo;
}

#define UNCACHED ZX_CACHE_POLICY_UNCACHED

REFUSES(vmo_set_cache_policy, ZX_ERR_BAD_HANDLE, closed,
	zx_vmo_set_cache_policy(closed_handle(), UNCACHED))
REFUSES(vmo_set_cache_policy, ZX_ERR_WRONG_TYPE, event,
	zx_vmo_set_cache_policy(make_event(), UNCACHED))
REFUSES(vmo_set_cache_policy, ZX_ERR_ACCESS_DENIED, no_map_right,
	zx_vmo_set_cache_policy(without_rights(fixed_vmo(PAGE), ZX_RIGHT_MAP), UNCACHED))
REFUSES(vmo_set_cache_policy, ZX_ERR_INVALID_ARGS, no_such_policy,
	zx_vmo_set_cache_policy(fixed_vmo(PAGE), 4))
REFUSES(vmo_set_cache_policy, ZX_ERR_INVALID_ARGS, policy_before_handle,
	zx_vmo_set_cache_policy(ZX_HANDLE_INVALID, 4))
REFUSES(vmo_set_cache_policy, ZX_ERR_BAD_STATE, mapped,
	zx_vmo_set_cache_policy(mapped_vmo(), UNCACHED), .line = "the VMO is mapped")
REFUSES(vmo_set_cache_policy, ZX_ERR_BAD_STATE, has_a_child,
	zx_vmo_set_cache_policy(parent_vmo(), UNCACHED), .line = "the VMO is mapped",
	.from = ERA_2020_07)
REFUSES(vmo_set_cache_policy, ZX_ERR_BAD_STATE, committed,
	zx_vmo_set_cache_policy(committed_vmo(), UNCACHED), .line = "the VMO has committed",
	.to = ERA_2021_01)

CHECK(vmo_set_cache_policy, is_told, .from = ERA_2020_07)
{
	zx_handle_t vmo = fixed_vmo(PAGE);
	zx_info_vmo_t info = { 0 };

	EXPECT_OK(zx_vmo_set_cache_policy(vmo, ZX_CACHE_POLICY_WRITE_COMBINING));
	EXPECT_OK(zx_object_get_info(vmo, ZX_INFO_VMO, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.cache_policy, ZX_CACHE_POLICY_WRITE_COMBINING);
	EXPECT_OK(zx_vmo_set_cache_policy(vmo, ZX_CACHE_POLICY_CACHED));
}
