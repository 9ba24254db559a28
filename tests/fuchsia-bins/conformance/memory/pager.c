/* Pagers, and memory objects whose pages they supply. */
#include "pager.h"

REFUSES(pager_create, ZX_ERR_INVALID_ARGS, options, zx_pager_create(1, &the_pager))
REFUSES(pager_create, ZX_ERR_INVALID_ARGS, out, zx_pager_create(0, BAD_OUT))
REFUSES(pager_create_vmo, ZX_ERR_BAD_HANDLE, pager,
	create_vmo(closed_handle(), 0, make_port(), PAGE), .from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_BAD_HANDLE, port,
	create_vmo(make_pager(), 0, closed_handle(), PAGE), .from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_WRONG_TYPE, pager,
	create_vmo(make_event(), 0, make_port(), PAGE), .from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_WRONG_TYPE, port,
	create_vmo(make_pager(), 0, make_event(), PAGE), .from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_ACCESS_DENIED, port,
	create_vmo(make_pager(), 0, without_rights(make_port(), ZX_RIGHT_WRITE), PAGE),
	.line = "port lacks ZX_RIGHT_WRITE", .from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_INVALID_ARGS, options,
	create_vmo(make_pager(), 1, make_port(), PAGE), .from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_INVALID_ARGS, out,
	zx_pager_create_vmo(make_pager(), 0, make_port(), KEY, PAGE, BAD_OUT),
	.from = ERA_2019_01)
REFUSES(pager_create_vmo, ZX_ERR_OUT_OF_RANGE, size,
	create_vmo(make_pager(), 0, make_port(), UINT64_MAX), .from = ERA_2019_01)

CHECK(pager_create_vmo, size_is_rounded, .from = ERA_2019_01)
{
	EXPECT_EQ(size_of(paged_vmo(PAGE + 1)), 2 * PAGE);
}

CHECK(pager_create_vmo, complete_when_it_goes, .from = ERA_2019_01)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;

	the_pager = make_pager();
	the_port = make_port();
	EXPECT_OK(zx_pager_create_vmo(the_pager, 0, the_port, KEY, PAGE, &vmo));
	EXPECT_OK(zx_handle_close(vmo));
	expect_request(ZX_PAGER_VMO_COMPLETE, 0, 0);
}

REFUSES(pager_detach_vmo, ZX_ERR_BAD_HANDLE, pager,
	zx_pager_detach_vmo(closed_handle(), paged_vmo(PAGE)))
REFUSES(pager_detach_vmo, ZX_ERR_BAD_HANDLE, vmo,
	zx_pager_detach_vmo(make_pager(), closed_handle()))
REFUSES(pager_detach_vmo, ZX_ERR_WRONG_TYPE, pager,
	zx_pager_detach_vmo(make_event(), paged_vmo(PAGE)))
REFUSES(pager_detach_vmo, ZX_ERR_WRONG_TYPE, vmo,
	zx_pager_detach_vmo(make_pager(), make_event()))
REFUSES(pager_detach_vmo, ZX_ERR_INVALID_ARGS, other_pager,
	zx_pager_detach_vmo(make_pager(), paged_vmo(PAGE)))
REFUSES(pager_detach_vmo, ZX_ERR_INVALID_ARGS, no_pager,
	zx_pager_detach_vmo(make_pager(), fixed_vmo(PAGE)))

CHECK_ERROR(pager_detach_vmo, ZX_ERR_ACCESS_DENIED, vmo_2019, .to = ERA_2019_01)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_detach_vmo(the_pager, without_rights(vmo, ZX_RIGHT_WRITE)),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(pager_detach_vmo, ZX_ERR_ACCESS_DENIED, vmo_lacks_write, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_detach_vmo(the_pager, without_rights(vmo, ZX_RIGHT_WRITE)),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK(pager_detach_vmo, sends_complete)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	expect_request(ZX_PAGER_VMO_COMPLETE, 0, 0);
}

REFUSES(pager_supply_pages, ZX_ERR_BAD_HANDLE, pager,
	zx_pager_supply_pages(closed_handle(), paged_vmo(PAGE), 0, PAGE, committed_vmo(PAGE), 0))
REFUSES(pager_supply_pages, ZX_ERR_WRONG_TYPE, pager,
	zx_pager_supply_pages(make_event(), paged_vmo(PAGE), 0, PAGE, committed_vmo(PAGE), 0))
REFUSES(pager_supply_pages, ZX_ERR_INVALID_ARGS, other_pager,
	zx_pager_supply_pages(make_pager(), paged_vmo(PAGE), 0, PAGE, committed_vmo(PAGE), 0),
	.line = "pager_vmo was not made with pager")

CHECK_ERROR(pager_supply_pages, ZX_ERR_BAD_HANDLE, aux_vmo)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE, closed_handle(), 0),
		      ZX_ERR_BAD_HANDLE);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_WRONG_TYPE, aux_vmo)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE, make_event(), 0),
		      ZX_ERR_WRONG_TYPE);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_ACCESS_DENIED, aux_vmo)
{
	zx_handle_t vmo = paged_vmo(PAGE);
	zx_handle_t aux = committed_vmo(PAGE);

	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE,
					    without_rights(aux, ZX_RIGHT_WRITE), 0),
		      ZX_ERR_ACCESS_DENIED);
	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE,
					    without_rights(aux, ZX_RIGHT_READ), 0),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_INVALID_ARGS, unaligned, .line = "is not page-aligned")
{
	zx_handle_t vmo = paged_vmo(2 * PAGE);
	zx_handle_t aux = committed_vmo(2 * PAGE);

	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 1, PAGE, aux, 0),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, 1, aux, 0), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE, aux, 1),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_OUT_OF_RANGE, either)
{
	zx_handle_t vmo = paged_vmo(2 * PAGE);
	zx_handle_t aux = committed_vmo(PAGE);

	EXPECT_STATUS(supply(vmo, 2 * PAGE, PAGE), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(supply(vmo, PAGE, 2 * PAGE), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, 2 * PAGE, aux, 0),
		      ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_BAD_STATE, aux_is_a_pagers, .to = ERA_2021_01)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE, vmo, 0), ZX_ERR_BAD_STATE);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_NOT_SUPPORTED, aux_is_a_pagers, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_supply_pages(the_pager, vmo, 0, PAGE, vmo, 0),
		      ZX_ERR_NOT_SUPPORTED);
}

CHECK_ERROR(pager_supply_pages, ZX_ERR_BAD_STATE, detached, .from = ERA_2020_07)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	expect_request(ZX_PAGER_VMO_COMPLETE, 0, 0);
	EXPECT_STATUS(supply(vmo, 0, PAGE), ZX_ERR_BAD_STATE);
}

CHECK(pager_supply_pages, keeps_what_is_there, .from = ERA_2020_07)
{
	zx_handle_t vmo = paged_vmo(2 * PAGE);

	EXPECT_OK(supply(vmo, 0, PAGE));
	put_byte(vmo, 0, 9);
	EXPECT_OK(supply(vmo, 0, 2 * PAGE));
	EXPECT_EQ(byte_at(vmo, 0), 9);
	EXPECT_EQ(byte_at(vmo, PAGE), 7);
}

REFUSES(pager_op_range, ZX_ERR_BAD_HANDLE, pager,
	zx_pager_op_range(closed_handle(), ZX_PAGER_OP_FAIL, paged_vmo(PAGE), 0, PAGE, 0))
REFUSES(pager_op_range, ZX_ERR_WRONG_TYPE, pager,
	zx_pager_op_range(make_event(), ZX_PAGER_OP_FAIL, paged_vmo(PAGE), 0, PAGE, 0))
REFUSES(pager_op_range, ZX_ERR_BAD_HANDLE, pager_vmo,
	zx_pager_op_range(make_pager(), ZX_PAGER_OP_FAIL, closed_handle(), 0, PAGE, 0))
REFUSES(pager_op_range, ZX_ERR_WRONG_TYPE, pager_vmo,
	zx_pager_op_range(make_pager(), ZX_PAGER_OP_FAIL, make_event(), 0, PAGE, 0))
REFUSES(pager_op_range, ZX_ERR_INVALID_ARGS, other_pager,
	zx_pager_op_range(make_pager(), ZX_PAGER_OP_FAIL, paged_vmo(PAGE), 0, PAGE,
			  (uint64_t)ZX_ERR_IO),
	.line = "pager_vmo was not made with pager")

CHECK_ERROR(pager_op_range, ZX_ERR_INVALID_ARGS, unaligned, .line = "is not page-aligned")
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(fail_range(vmo, 1, PAGE, ZX_ERR_IO), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(fail_range(vmo, 0, 1, ZX_ERR_IO), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(pager_op_range, ZX_ERR_INVALID_ARGS, data, .line = "data is not one of")
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(fail_range(vmo, 0, PAGE, ZX_OK), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(fail_range(vmo, 0, PAGE, ZX_ERR_NO_MEMORY), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(pager_op_range, ZX_ERR_OUT_OF_RANGE, beyond)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(fail_range(vmo, 0, 2 * PAGE, ZX_ERR_IO), ZX_ERR_OUT_OF_RANGE);
}

CHECK_ERROR(pager_op_range, ZX_ERR_NOT_SUPPORTED, unknown)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(zx_pager_op_range(the_pager, 99, vmo, 0, PAGE, 0), ZX_ERR_NOT_SUPPORTED);
}

/* --- what others see of it --- */

static zx_status_t byte_of(zx_handle_t vmo, uint64_t offset)
{
	char byte;

	return zx_vmo_read(vmo, &byte, offset, 1);
}

static void supply_first(void *arg)
{
	expect_request(ZX_PAGER_VMO_READ, 0, PAGE);
	EXPECT_OK(supply(*(zx_handle_t *)arg, 0, PAGE));
}

static void fail_first(void *arg)
{
	expect_request(ZX_PAGER_VMO_READ, 0, PAGE);
	EXPECT_OK(fail_range(*(zx_handle_t *)arg, 0, PAGE, ZX_ERR_IO_DATA_INTEGRITY));
}

CHECK(pager_supply_pages, reader_goes_on, .from = ERA_2020_07)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	start_thread(supply_first, &vmo);
	EXPECT_EQ(byte_at(vmo, 0), 7);
	join_threads();
}

CHECK(pager_supply_pages, mapping_goes_on)
{
	zx_handle_t vmo = paged_vmo(PAGE);
	zx_vaddr_t at;

	EXPECT_OK(map_vmo(vmo, READ_WRITE, PAGE, &at));
	start_thread(supply_first, &vmo);
	EXPECT_EQ(*(volatile char *)at, 7);
	join_threads();
}

CHECK(pager_op_range, reader_fails)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	start_thread(fail_first, &vmo);
	EXPECT_STATUS(byte_of(vmo, 0), ZX_ERR_IO_DATA_INTEGRITY);
	join_threads();
}

CHECK(pager_detach_vmo, missing_pages_are_an_error, .from = ERA_2020_07)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	EXPECT_STATUS(byte_of(vmo, 0), ZX_ERR_BAD_STATE);
}

/* --- rights of the newest date --- */

REFUSES(pager_create_vmo, ZX_ERR_ACCESS_DENIED, pager,
	create_vmo(without_rights(make_pager(), ZX_RIGHT_ATTACH_VMO), 0, make_port(), PAGE),
	.line = "port lacks ZX_RIGHT_WRITE", .from = ERA_NEWEST)

CHECK_ERROR(pager_op_range, ZX_ERR_ACCESS_DENIED, either, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_STATUS(fail_range(without_rights(vmo, ZX_RIGHT_WRITE), 0, PAGE, ZX_ERR_IO),
		      ZX_ERR_ACCESS_DENIED);
	the_pager = without_rights(the_pager, ZX_RIGHT_MANAGE_VMO);
	EXPECT_STATUS(fail_range(vmo, 0, PAGE, ZX_ERR_IO), ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(pager_op_range, ZX_ERR_BAD_STATE, detached)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	EXPECT_STATUS(fail_range(vmo, 0, PAGE, ZX_ERR_IO), ZX_ERR_BAD_STATE);
}

/* --- what other calls document about it --- */

static zx_status_t write_byte(zx_handle_t vmo)
{
	return zx_vmo_write(vmo, "a", 0, 1);
}

static zx_status_t commit(zx_handle_t vmo)
{
	return zx_vmo_op_range(vmo, ZX_VMO_OP_COMMIT, 0, PAGE, NULL, 0);
}

static zx_status_t error;

static void answer_error(void *arg)
{
	expect_request(ZX_PAGER_VMO_READ, 0, PAGE);
	EXPECT_OK(fail_range(*(zx_handle_t *)arg, 0, PAGE, error));
}

static void expect_failure(zx_status_t (*access)(zx_handle_t vmo), zx_status_t status)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	error = status;
	start_thread(answer_error, &vmo);
	EXPECT_STATUS(access(vmo), status);
	join_threads();
}

static zx_status_t read_byte(zx_handle_t vmo)
{
	return byte_of(vmo, 0);
}

static zx_handle_t detached_vmo(void)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	EXPECT_OK(zx_pager_detach_vmo(the_pager, vmo));
	return vmo;
}

#define PAGER_FAILS(call, access) \
	CHECK_ERROR(call, ZX_ERR_IO, pager, .line = "?the pager could not", \
		    .from = ERA_2020_07) \
	{ \
		expect_failure(access, ZX_ERR_IO); \
	} \
	CHECK_ERROR(call, ZX_ERR_IO_DATA_INTEGRITY, pager, .line = "?the pager found", \
		    .from = ERA_2020_07) \
	{ \
		expect_failure(access, ZX_ERR_IO_DATA_INTEGRITY); \
	} \
	CHECK_ERROR(call, ZX_ERR_BAD_STATE, detached, .line = "pager", .from = ERA_2020_07) \
	{ \
		EXPECT_STATUS(access(detached_vmo()), ZX_ERR_BAD_STATE); \
	}

REFUSES(vmo_op_range, ZX_ERR_NOT_FOUND, detached, commit(detached_vmo()), .from = ERA_2019_01,
	.to = ERA_2019_01)

PAGER_FAILS(vmo_read, read_byte)
PAGER_FAILS(vmo_write, write_byte)
PAGER_FAILS(vmo_op_range, commit)

REFUSES(vmo_read, ZX_ERR_INVALID_ARGS, pager, read_byte(paged_vmo(PAGE)),
	.line = "the VMO has a pager", .from = ERA_2019_01, .to = ERA_2019_01)
REFUSES(vmo_write, ZX_ERR_INVALID_ARGS, pager, write_byte(paged_vmo(PAGE)),
	.line = "the VMO has a pager", .from = ERA_2019_01, .to = ERA_2019_01)

CHECK_ERROR(vmo_create_child, ZX_ERR_NOT_SUPPORTED, pager, .line = "cannot have a snapshot",
	    .from = ERA_2020_07)
{
	zx_handle_t child;

	EXPECT_STATUS(zx_vmo_create_child(paged_vmo(PAGE), ZX_VMO_CHILD_SNAPSHOT, 0, PAGE, &child),
		      ZX_ERR_NOT_SUPPORTED);
}

CHECK_ERROR(vmo_write, ZX_ERR_NO_SPACE, pager, .line = "pager", .from = ERA_NEWEST)
{
	expect_failure(write_byte, ZX_ERR_NO_SPACE);
}

/* The end of the content lies in a page that is missing. */
REFUSES(vmo_set_stream_size, ZX_ERR_BAD_STATE, detached, zx_vmo_set_stream_size(detached_vmo(), 5))

CHECK(vmo_op_range, prefetch_supplies, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo(PAGE);

	start_thread(supply_first, &vmo);
	EXPECT_OK(zx_vmo_op_range(vmo, ZX_VMO_OP_PREFETCH, 5, 1, NULL, 0));
	join_threads();
	EXPECT_EQ(byte_at(vmo, 0), 7);
}

CHECK(vmar_op_range, prefetch_supplies, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo(PAGE);
	zx_vaddr_t at;

	EXPECT_OK(map_vmo(vmo, READ_WRITE, PAGE, &at));
	start_thread(supply_first, &vmo);
	EXPECT_OK(zx_vmar_op_range(rt_boot.root_vmar, ZX_VMAR_OP_PREFETCH, at, PAGE, NULL, 0));
	join_threads();
	EXPECT_EQ(byte_at(vmo, 0), 7);
}

CHECK(vmo_create_child, modified_of_a_pagers_child, .from = ERA_NEWEST)
{
	zx_handle_t vmo = paged_vmo(2 * PAGE);
	zx_handle_t child;
	zx_handle_t other;

	EXPECT_OK(supply(vmo, 0, 2 * PAGE));
	EXPECT_OK(zx_vmo_create_child(vmo, ZX_VMO_CHILD_SNAPSHOT_MODIFIED, 0, 2 * PAGE, &child));
	own(child);
	put_byte(child, 0, 1);
	EXPECT_OK(zx_vmo_create_child(child, ZX_VMO_CHILD_SNAPSHOT_MODIFIED, 0, 2 * PAGE, &other));
	own(other);
	put_byte(child, 0, 2);
	EXPECT_EQ(byte_at(other, 0), 1);
	EXPECT_EQ(byte_at(other, PAGE), 7);
	EXPECT_EQ(byte_at(vmo, 0), 7);
}

static void wait_in_first(void *arg)
{
	EXPECT_STATUS(zx_futex_wait((const zx_futex_t *)arg, 1, ZX_HANDLE_INVALID, AT_ONCE),
		      ZX_ERR_BAD_STATE);
}

CHECK(futex_wait, word_of_a_pager, .from = ERA_2020_07)
{
	zx_handle_t vmo = paged_vmo(PAGE);
	zx_vaddr_t at;

	EXPECT_OK(map_vmo(vmo, READ_WRITE, PAGE, &at));
	start_thread(wait_in_first, (void *)at);
	supply_first(&vmo);
	join_threads();
}

/* --- policies --- */

REFUSES(pager_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_PAGER_NEWEST, zx_pager_create, 0, CHILD_OUT),
	.from = ERA_NEWEST)
REFUSES(pager_create_vmo, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_VMO, zx_pager_create_vmo, 0, 0, 0, 0, 0, CHILD_OUT),
	.line = "policy forbids", .from = ERA_2020_07)

/* --- the form of December 2018 --- */

extern zx_status_t create_vmo_2018_12(zx_handle_t pager, zx_handle_t port, uint64_t key,
				      uint64_t size, uint32_t options,
				      zx_handle_t *out) __asm__("zx_pager_create_vmo")
	__attribute__((weak));

#define ONLY_2018 .from = ERA_2018_12, .to = ERA_2018_12

static zx_status_t create_old(zx_handle_t pager, zx_handle_t port, uint64_t size, uint32_t options)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;
	zx_status_t status = create_vmo_2018_12(pager, port, KEY, size, options, &vmo);

	if (status == ZX_OK)
		own(vmo);
	return status;
}

REFUSES(pager_create_vmo, ZX_ERR_BAD_HANDLE, either_2018,
	create_old(closed_handle(), make_port(), PAGE, 0),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_BAD_HANDLE, port_2018,
	create_old(make_pager(), closed_handle(), PAGE, 0),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_WRONG_TYPE, pager_2018,
	create_old(make_event(), make_port(), PAGE, 0),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_WRONG_TYPE, port_2018,
	create_old(make_pager(), make_event(), PAGE, 0),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_ACCESS_DENIED, port_2018,
	create_old(make_pager(), without_rights(make_port(), ZX_RIGHT_WRITE), PAGE, 0),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_INVALID_ARGS, options_2018,
	create_old(make_pager(), make_port(), PAGE, 1),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_INVALID_ARGS, out_2018,
	create_vmo_2018_12(make_pager(), make_port(), KEY, PAGE, 0, BAD_POINTER),
	ONLY_2018)
REFUSES(pager_create_vmo, ZX_ERR_OUT_OF_RANGE, size_2018,
	create_old(make_pager(), make_port(), UINT64_MAX, 0),
	ONLY_2018)

CHECK(pager_create_vmo, makes_one_2018, ONLY_2018)
{
	EXPECT_OK(create_old(make_pager(), make_port(), PAGE, 0));
}
