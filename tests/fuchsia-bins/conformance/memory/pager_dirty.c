/* Which pages of a pager's memory are dirty, and how they are written back. */
#include "pager.h"

#include <zircon/syscalls/next.h>

/* Dirty and zero, and nothing else. */
struct range {
	uint64_t offset;
	uint64_t length;
	uint64_t options;
};

static zx_status_t op(zx_handle_t vmo, uint32_t what, uint64_t offset, uint64_t size, uint64_t data)
{
	return zx_pager_op_range(the_pager, what, vmo, offset, size, data);
}

static zx_status_t query(zx_handle_t vmo, uint64_t offset, uint64_t size)
{
	zx_vmo_dirty_range_t range;

	return zx_pager_query_dirty_ranges(the_pager, vmo, offset, size, &range, sizeof(range),
					   NULL, NULL);
}

static void expect_ranges(zx_handle_t vmo, size_t count, const struct range *want)
{
	zx_vmo_dirty_range_t got[8];
	size_t actual;
	size_t avail;

	EXPECT_OK(zx_pager_query_dirty_ranges(the_pager, vmo, 0, size_of(vmo), got, sizeof(got),
					      &actual, &avail));
	EXPECT_EQ(actual, count);
	EXPECT_EQ(avail, count);
	for (size_t i = 0; i < count; i++) {
		EXPECT_EQ(got[i].offset, want[i].offset);
		EXPECT_EQ(got[i].length, want[i].length);
		EXPECT_EQ(got[i].options, want[i].options);
	}
}

/* Of four pages that were supplied. */
static zx_handle_t full_vmo(uint32_t options)
{
	zx_handle_t vmo = paged_vmo_with(4 * PAGE, options);

	EXPECT_OK(supply(vmo, 0, 4 * PAGE));
	return vmo;
}

static volatile uint8_t *map_all(zx_handle_t vmo)
{
	zx_vaddr_t at;

	EXPECT_OK(map_vmo(vmo, READ_WRITE, 4 * PAGE, &at));
	return (volatile uint8_t *)at;
}

static uint32_t stats(zx_handle_t vmo, uint32_t options)
{
	zx_pager_vmo_stats_t got;

	EXPECT_OK(zx_pager_query_vmo_stats(the_pager, vmo, options, &got, sizeof(got)));
	return got.modified;
}

/* Lets a byte be written to the first page, which is there. */
static void grant_first(void *arg)
{
	expect_request(ZX_PAGER_VMO_DIRTY, 0, PAGE);
	EXPECT_OK(op(*(zx_handle_t *)arg, ZX_PAGER_OP_DIRTY, 0, PAGE, 0));
}

static void refuse_first(void *arg)
{
	expect_request(ZX_PAGER_VMO_DIRTY, 0, PAGE);
	EXPECT_OK(fail_range(*(zx_handle_t *)arg, 0, PAGE, ZX_ERR_NO_SPACE));
}

/* --- zx_pager_query_dirty_ranges --- */

CHECK(pager_query_dirty_ranges, none_after_supplying)
{
	expect_ranges(full_vmo(0), 0, NULL);
}

CHECK(pager_query_dirty_ranges, written)
{
	zx_handle_t vmo = full_vmo(0);

	put_byte(vmo, PAGE, 1);
	put_byte(vmo, 3 * PAGE + 5, 1);
	expect_ranges(vmo, 2, (struct range[]){ { PAGE, PAGE, 0 }, { 3 * PAGE, PAGE, 0 } });
}

CHECK(pager_query_dirty_ranges, written_at_a_mapping)
{
	zx_handle_t vmo = full_vmo(0);
	volatile uint8_t *at = map_all(vmo);

	EXPECT_EQ(at[0], 7);
	at[2 * PAGE] = 8;
	expect_ranges(vmo, 1, (struct range[]){ { 2 * PAGE, PAGE, 0 } });
}

CHECK(pager_query_dirty_ranges, zeros)
{
	zx_handle_t vmo = full_vmo(0);

	EXPECT_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_ZERO, PAGE, 2 * PAGE, NULL, 0));
	expect_ranges(vmo, 1,
		      (struct range[]){ { PAGE, 2 * PAGE, ZX_VMO_DIRTY_RANGE_IS_ZERO } });
	EXPECT_EQ(byte_at(vmo, PAGE), 0);
}

CHECK(pager_query_dirty_ranges, growth_is_zero)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_RESIZABLE);

	EXPECT_OK(zx_vmo_set_size(vmo, 6 * PAGE));
	expect_ranges(vmo, 1,
		      (struct range[]){ { 4 * PAGE, 2 * PAGE, ZX_VMO_DIRTY_RANGE_IS_ZERO } });
}

CHECK(pager_query_dirty_ranges, rounds_to_pages)
{
	zx_handle_t vmo = full_vmo(0);

	put_byte(vmo, PAGE, 1);
	EXPECT_OK(query(vmo, 2 * PAGE - 1, 1));
}

CHECK(pager_query_dirty_ranges, part)
{
	zx_vmo_dirty_range_t range[2];
	zx_handle_t vmo = full_vmo(0);
	size_t actual;
	size_t avail;

	put_byte(vmo, 0, 1);
	put_byte(vmo, 2 * PAGE, 1);
	EXPECT_OK(zx_pager_query_dirty_ranges(the_pager, vmo, 0, 4 * PAGE, range,
					      2 * sizeof(range[0]) - 1, &actual, &avail));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(avail, 2);
	EXPECT_EQ(range[0].offset, 0);
	EXPECT_OK(zx_pager_query_dirty_ranges(the_pager, vmo, PAGE, 3 * PAGE, range,
					      sizeof(range), &actual, &avail));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(avail, 1);
	EXPECT_EQ(range[0].offset, 2 * PAGE);
}

CHECK(pager_query_dirty_ranges, detached)
{
	zx_handle_t vmo = full_vmo(0);

	put_byte(vmo, PAGE, 1);
	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	expect_ranges(vmo, 1, (struct range[]){ { PAGE, PAGE, 0 } });
	EXPECT_EQ(byte_at(vmo, PAGE), 1);
}

#define QUERY_HANDLES(call, expression) \
	CHECK_ERROR(call, ZX_ERR_BAD_HANDLE, pager) \
	{ \
		zx_handle_t vmo = paged_vmo(PAGE); \
		the_pager = closed_handle(); \
		EXPECT_STATUS(expression, ZX_ERR_BAD_HANDLE); \
	} \
	CHECK_ERROR(call, ZX_ERR_BAD_HANDLE, pager_vmo) \
	{ \
		zx_handle_t vmo = closed_handle(); \
		the_pager = make_pager(); \
		EXPECT_STATUS(expression, ZX_ERR_BAD_HANDLE); \
	} \
	CHECK_ERROR(call, ZX_ERR_WRONG_TYPE, pager) \
	{ \
		zx_handle_t vmo = paged_vmo(PAGE); \
		the_pager = make_event(); \
		EXPECT_STATUS(expression, ZX_ERR_WRONG_TYPE); \
	} \
	CHECK_ERROR(call, ZX_ERR_WRONG_TYPE, pager_vmo) \
	{ \
		zx_handle_t vmo = make_event(); \
		the_pager = make_pager(); \
		EXPECT_STATUS(expression, ZX_ERR_WRONG_TYPE); \
	} \
	CHECK_ERROR(call, ZX_ERR_ACCESS_DENIED, pager) \
	{ \
		zx_handle_t vmo = paged_vmo(PAGE); \
		the_pager = without_rights(the_pager, ZX_RIGHT_MANAGE_VMO); \
		EXPECT_STATUS(expression, ZX_ERR_ACCESS_DENIED); \
	} \
	CHECK_ERROR(call, ZX_ERR_ACCESS_DENIED, pager_vmo) \
	{ \
		zx_handle_t vmo = without_rights(paged_vmo(PAGE), ZX_RIGHT_READ); \
		EXPECT_STATUS(expression, ZX_ERR_ACCESS_DENIED); \
	} \
	CHECK_ERROR(call, ZX_ERR_INVALID_ARGS, other_pager, \
		    .line = "pager_vmo was not made with pager") \
	{ \
		zx_handle_t vmo = paged_vmo(PAGE); \
		the_pager = make_pager(); \
		EXPECT_STATUS(expression, ZX_ERR_INVALID_ARGS); \
	}

QUERY_HANDLES(pager_query_dirty_ranges, query(vmo, 0, PAGE))

CHECK_ERROR(pager_query_dirty_ranges, ZX_ERR_OUT_OF_RANGE, beyond)
{
	zx_handle_t vmo = full_vmo(0);

	EXPECT_STATUS(query(vmo, 0, 4 * PAGE + 1), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(query(vmo, PAGE, UINT64_MAX), ZX_ERR_OUT_OF_RANGE);
	EXPECT_OK(query(vmo, 4 * PAGE, 0));
}

CHECK_ERROR(pager_query_dirty_ranges, ZX_ERR_INVALID_ARGS, pointers, .line = "is a bad pointer")
{
	zx_handle_t vmo = full_vmo(0);

	put_byte(vmo, 0, 1);
	EXPECT_STATUS(zx_pager_query_dirty_ranges(the_pager, vmo, 0, PAGE, BAD_POINTER, 64, NULL,
						  NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_pager_query_dirty_ranges(the_pager, vmo, 0, PAGE, NULL, 0, BAD_POINTER,
						  NULL),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_pager_query_dirty_ranges(the_pager, vmo, 0, PAGE, NULL, 0, NULL,
						  BAD_POINTER),
		      ZX_ERR_INVALID_ARGS);
}

/* --- zx_pager_query_vmo_stats --- */

CHECK(pager_query_vmo_stats, written)
{
	zx_handle_t vmo = full_vmo(0);

	EXPECT_EQ(stats(vmo, 0), 0);
	put_byte(vmo, 0, 1);
	EXPECT_EQ(stats(vmo, 0), ZX_PAGER_VMO_STATS_MODIFIED);
	EXPECT_EQ(stats(vmo, ZX_PAGER_RESET_VMO_STATS), ZX_PAGER_VMO_STATS_MODIFIED);
	EXPECT_EQ(stats(vmo, ZX_PAGER_RESET_VMO_STATS), 0);
}

CHECK(pager_query_vmo_stats, written_at_a_mapping)
{
	zx_handle_t vmo = full_vmo(0);
	volatile uint8_t *at = map_all(vmo);

	at[0] = 1;
	EXPECT_EQ(stats(vmo, ZX_PAGER_RESET_VMO_STATS), ZX_PAGER_VMO_STATS_MODIFIED);
	EXPECT_EQ(at[0], 1);
	EXPECT_EQ(stats(vmo, 0), 0);
	at[0] = 2;
	EXPECT_EQ(stats(vmo, 0), ZX_PAGER_VMO_STATS_MODIFIED);
}

CHECK(pager_query_vmo_stats, resized)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_RESIZABLE);

	EXPECT_OK(zx_vmo_set_size(vmo, 2 * PAGE));
	EXPECT_EQ(stats(vmo, 0), ZX_PAGER_VMO_STATS_MODIFIED);
}

QUERY_HANDLES(pager_query_vmo_stats,
	      zx_pager_query_vmo_stats(the_pager, vmo, 0, &(zx_pager_vmo_stats_t){ 0 },
				       sizeof(zx_pager_vmo_stats_t)))

CHECK_ERROR(pager_query_vmo_stats, ZX_ERR_INVALID_ARGS, options, .line = "options has unknown")
{
	zx_pager_vmo_stats_t got;
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_query_vmo_stats(the_pager, vmo, 2, &got, sizeof(got)),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_pager_query_vmo_stats(the_pager, vmo, 0, BAD_POINTER, sizeof(got)),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(pager_query_vmo_stats, ZX_ERR_BUFFER_TOO_SMALL, size)
{
	zx_pager_vmo_stats_t got;
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_query_vmo_stats(the_pager, vmo, 0, &got, sizeof(got) - 1),
		      ZX_ERR_BUFFER_TOO_SMALL);
}

/* --- zx_pager_op_range --- */

CHECK(pager_op_range, writeback_cleans, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(0);

	put_byte(vmo, 0, 1);
	EXPECT_OK(op(vmo, ZX_PAGER_OP_WRITEBACK_BEGIN, 0, PAGE, 0));
	expect_ranges(vmo, 1, (struct range[]){ { 0, PAGE, 0 } });
	EXPECT_OK(op(vmo, ZX_PAGER_OP_WRITEBACK_END, 0, PAGE, 0));
	expect_ranges(vmo, 0, NULL);
}

CHECK(pager_op_range, written_while_written_back, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(0);
	volatile uint8_t *at = map_all(vmo);

	at[0] = 1;
	at[PAGE] = 1;
	EXPECT_OK(op(vmo, ZX_PAGER_OP_WRITEBACK_BEGIN, 0, 2 * PAGE, 0));
	at[PAGE] = 2;
	EXPECT_OK(op(vmo, ZX_PAGER_OP_WRITEBACK_END, 0, 2 * PAGE, 0));
	expect_ranges(vmo, 1, (struct range[]){ { PAGE, PAGE, 0 } });
}

CHECK(pager_op_range, only_zeros_written_back, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(0);

	EXPECT_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_ZERO, 0, 2 * PAGE, NULL, 0));
	put_byte(vmo, PAGE, 1);
	EXPECT_OK(op(vmo, ZX_PAGER_OP_WRITEBACK_BEGIN, 0, 2 * PAGE, ZX_VMO_DIRTY_RANGE_IS_ZERO));
	EXPECT_OK(op(vmo, ZX_PAGER_OP_WRITEBACK_END, 0, 2 * PAGE, 0));
	expect_ranges(vmo, 1, (struct range[]){ { PAGE, PAGE, 0 } });
}

CHECK(pager_op_range, dirty_lets_a_writer_go_on, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);

	start_thread(grant_first, &vmo);
	put_byte(vmo, 0, 9);
	join_threads();
	EXPECT_EQ(byte_at(vmo, 0), 9);
	expect_ranges(vmo, 1, (struct range[]){ { 0, PAGE, 0 } });
}

CHECK(pager_op_range, dirty_lets_a_mapping_go_on, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);
	volatile uint8_t *at = map_all(vmo);

	start_thread(grant_first, &vmo);
	at[5] = 9;
	join_threads();
	EXPECT_EQ(byte_at(vmo, 5), 9);
}

CHECK(pager_op_range, writer_fails, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);

	start_thread(refuse_first, &vmo);
	EXPECT_STATUS(zx_vmo_write(vmo, "a", 0, 1), ZX_ERR_NO_SPACE);
	join_threads();
	EXPECT_EQ(byte_at(vmo, 0), 7);
	expect_ranges(vmo, 0, NULL);
}

CHECK(pager_op_range, dirty_before_it_is_asked, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);

	EXPECT_OK(op(vmo, ZX_PAGER_OP_DIRTY, 0, 2 * PAGE, 0));
	put_byte(vmo, PAGE, 9);
	expect_ranges(vmo, 1, (struct range[]){ { 0, 2 * PAGE, 0 } });
}

CHECK_ERROR(pager_op_range, ZX_ERR_NOT_FOUND, dirty, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo_with(2 * PAGE, ZX_VMO_TRAP_DIRTY);

	EXPECT_OK(supply(vmo, 0, PAGE));
	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_DIRTY, 0, 2 * PAGE, 0), ZX_ERR_NOT_FOUND);
	expect_ranges(vmo, 0, NULL);
}

REFUSES(pager_op_range, ZX_ERR_NOT_SUPPORTED, dirty_without_trap,
	op(full_vmo(0), ZX_PAGER_OP_DIRTY, 0, PAGE, 0), .from = ERA_NEWEST)

CHECK_ERROR(pager_op_range, ZX_ERR_BAD_STATE, dirty_detached, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);

	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_DIRTY, 0, PAGE, 0), ZX_ERR_BAD_STATE);
}

CHECK_ERROR(pager_op_range, ZX_ERR_OUT_OF_RANGE, dirty_and_writeback, .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);

	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_DIRTY, 0, 5 * PAGE, 0), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_WRITEBACK_BEGIN, PAGE, 4 * PAGE, 0),
		      ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_WRITEBACK_END, 5 * PAGE, 0, 0), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(pager_op_range, ZX_ERR_INVALID_ARGS, data_of_others, .line = "data is not one of",
	    .from = ERA_NEWEST)
{
	zx_handle_t vmo = full_vmo(ZX_VMO_TRAP_DIRTY);

	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_DIRTY, 0, PAGE, 1), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_WRITEBACK_BEGIN, 0, PAGE, 2), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(op(vmo, ZX_PAGER_OP_WRITEBACK_END, 0, PAGE, 1), ZX_ERR_INVALID_ARGS);
}
