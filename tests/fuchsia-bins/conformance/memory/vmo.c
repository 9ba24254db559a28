/* Memory objects: making, reading, writing, sizing. */
#include "conformance.h"

#include <zircon/eras.h>
#include <zircon/syscalls/policy.h>

#include "memory.h"
#include "string.h"
#include "twin.h"

static uint8_t buffer[4 * RT_PAGE_SIZE];

static bool all_zero(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

/* --- vmo_create --- */

static int64_t try_vmo_create(zx_handle_t channel)
{
	zx_handle_t vmo;

	(void)channel;
	return zx_vmo_create(PAGE, 0, &vmo);
}

static zx_status_t create(uint64_t size, uint32_t options)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID;
	zx_status_t status = zx_vmo_create(size, options, &vmo);

	own(vmo);
	return status;
}

REFUSES(vmo_create, ZX_ERR_ACCESS_DENIED, policy,
	(zx_status_t)twin__run(job_without(ZX_POL_NEW_VMO), try_vmo_create))
REFUSES(vmo_create, ZX_ERR_INVALID_ARGS, unknown_option, create(PAGE, 1u << 31),
	.line = "options has unknown bits")
REFUSES(vmo_create, ZX_ERR_INVALID_ARGS, unbounded_and_resizable,
	create(PAGE, ZX_VMO_UNBOUNDED | ZX_VMO_RESIZABLE), .line = "options has unknown bits",
	.from = ERA_NEWEST)
REFUSES(vmo_create, ZX_ERR_INVALID_ARGS, bad_out, zx_vmo_create(PAGE, 0, BAD_OUT),
	.line = "out is a bad")
REFUSES(vmo_create, ZX_ERR_OUT_OF_RANGE, too_large, create(UINT64_MAX, 0))
REFUSES(vmo_create, ZX_ERR_OUT_OF_RANGE, above_the_limit, create(UINT64_MAX - 0x1fffff + 1, 0))

CHECK(vmo_create, rounds_up_and_is_zero)
{
	zx_handle_t vmo = fixed_vmo(PAGE + 1);

	EXPECT_EQ(size_of(vmo), 2 * PAGE);
	memset(buffer, 1, sizeof(buffer));
	EXPECT_OK(zx_vmo_read(vmo, buffer, 0, 2 * PAGE));
	EXPECT(all_zero(buffer, 2 * PAGE));
}

CHECK(vmo_create, empty)
{
	EXPECT_EQ(size_of(fixed_vmo(0)), 0);
}

CHECK(vmo_create, rights, .from = ERA_NEWEST)
{
	EXPECT_EQ(rights_of(fixed_vmo(PAGE)), ZX_DEFAULT_VMO_RIGHTS);
	EXPECT_EQ(rights_of(resizable_vmo(PAGE)), ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_RESIZE);
}

CHECK(vmo_create, rights_to_2021, .from = ERA_2020_07, .to = ERA_2021_01)
{
	EXPECT_EQ(rights_of(fixed_vmo(PAGE)), ZX_DEFAULT_VMO_RIGHTS);
}

CHECK(vmo_create, rights_to_2019, .to = ERA_2019_01)
{
	EXPECT_EQ(rights_of(fixed_vmo(PAGE)), ZX_DEFAULT_VMO_RIGHTS | ZX_RIGHT_EXECUTE);
}

CHECK(vmo_create, signals)
{
	EXPECT_EQ(signals_of(fixed_vmo(PAGE)) & ZX_VMO_ZERO_CHILDREN, ZX_VMO_ZERO_CHILDREN);
}

/* --- vmo_read and vmo_write --- */

#define READ(vmo, offset, size) zx_vmo_read(vmo, buffer, offset, size)
#define WRITE(vmo, offset, size) zx_vmo_write(vmo, buffer, offset, size)

REFUSES(vmo_read, ZX_ERR_BAD_HANDLE, none, READ(ZX_HANDLE_INVALID, 0, 1))
REFUSES(vmo_read, ZX_ERR_BAD_HANDLE, closed, READ(closed_handle(), 0, 1))
REFUSES(vmo_read, ZX_ERR_WRONG_TYPE, event, READ(make_event(), 0, 1))
REFUSES(vmo_read, ZX_ERR_ACCESS_DENIED, no_read_right,
	READ(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), 0, 1))
REFUSES(vmo_read, ZX_ERR_OUT_OF_RANGE, behind_the_end, READ(fixed_vmo(PAGE), PAGE, 1))
REFUSES(vmo_read, ZX_ERR_OUT_OF_RANGE, across_the_end, READ(fixed_vmo(PAGE), PAGE - 1, 2))
REFUSES(vmo_read, ZX_ERR_OUT_OF_RANGE, overflow, READ(fixed_vmo(PAGE), UINT64_MAX, 2))
REFUSES(vmo_read, ZX_ERR_NOT_FOUND, unmapped, zx_vmo_read(fixed_vmo(PAGE), unmapped(), 0, 1),
	.from = ERA_2020_07)
REFUSES(vmo_read, ZX_ERR_INVALID_ARGS, unmapped, zx_vmo_read(fixed_vmo(PAGE), unmapped(), 0, 1),
	.line = "buffer is a bad", .to = ERA_2019_01)
REFUSES(vmo_read, ZX_ERR_INVALID_ARGS, kernel_address,
	zx_vmo_read(fixed_vmo(PAGE), KERNEL_ADDRESS, 0, 1), .line = "buffer is a bad",
	.from = ERA_NEWEST)
REFUSES(vmo_write, ZX_ERR_BAD_HANDLE, none, WRITE(ZX_HANDLE_INVALID, 0, 1))
REFUSES(vmo_write, ZX_ERR_BAD_HANDLE, closed, WRITE(closed_handle(), 0, 1))
REFUSES(vmo_write, ZX_ERR_WRONG_TYPE, event, WRITE(make_event(), 0, 1))
REFUSES(vmo_write, ZX_ERR_ACCESS_DENIED, no_write_right,
	WRITE(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), 0, 1))
REFUSES(vmo_write, ZX_ERR_OUT_OF_RANGE, behind_the_end, WRITE(fixed_vmo(PAGE), PAGE, 1))
REFUSES(vmo_write, ZX_ERR_OUT_OF_RANGE, across_the_end, WRITE(fixed_vmo(PAGE), PAGE - 1, 2))
REFUSES(vmo_write, ZX_ERR_OUT_OF_RANGE, overflow, WRITE(fixed_vmo(PAGE), UINT64_MAX, 2))
REFUSES(vmo_write, ZX_ERR_NOT_FOUND, unmapped, zx_vmo_write(fixed_vmo(PAGE), unmapped(), 0, 1),
	.from = ERA_2020_07)
REFUSES(vmo_write, ZX_ERR_INVALID_ARGS, unmapped, zx_vmo_write(fixed_vmo(PAGE), unmapped(), 0, 1),
	.line = "buffer is a bad", .to = ERA_2019_01)
REFUSES(vmo_write, ZX_ERR_INVALID_ARGS, kernel_address,
	zx_vmo_write(fixed_vmo(PAGE), KERNEL_ADDRESS, 0, 1), .line = "buffer is a bad",
	.from = ERA_NEWEST)
REFUSES(vmo_read, ZX_ERR_BAD_STATE, not_cached, READ(uncached_vmo(), 0, 1))
REFUSES(vmo_write, ZX_ERR_BAD_STATE, not_cached, WRITE(uncached_vmo(), 0, 1))
/* The handle is looked at before the range; this before the buffer, or after it until 2019-01. */
REFUSES(vmo_read, ZX_ERR_OUT_OF_RANGE, before_bad_buffer,
	zx_vmo_read(fixed_vmo(PAGE), BAD_POINTER, PAGE, 1), .from = ERA_2020_07)
REFUSES(vmo_read, ZX_ERR_INVALID_ARGS, bad_buffer_first,
	zx_vmo_read(fixed_vmo(PAGE), BAD_POINTER, PAGE, 1), .line = "buffer is a bad",
	.to = ERA_2019_01)
REFUSES(vmo_write, ZX_ERR_INVALID_ARGS, bad_buffer_first,
	zx_vmo_write(fixed_vmo(PAGE), BAD_POINTER, PAGE, 1), .line = "buffer is a bad",
	.to = ERA_2019_01)
REFUSES(vmo_read, ZX_ERR_ACCESS_DENIED, before_out_of_range,
	READ(without_rights(fixed_vmo(PAGE), ZX_RIGHT_READ), PAGE, 1))
REFUSES(vmo_write, ZX_ERR_ACCESS_DENIED, before_out_of_range,
	WRITE(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), PAGE, 1))

CHECK(vmo_write, what_is_written_is_read)
{
	zx_handle_t vmo = fixed_vmo(3 * PAGE);

	for (size_t i = 0; i < 2 * PAGE; i++)
		buffer[i] = (uint8_t)(i * 7 + i / 256);
	EXPECT_OK(zx_vmo_write(vmo, buffer, 100, 2 * PAGE));
	memset(buffer, 0, sizeof(buffer));
	EXPECT_OK(zx_vmo_read(vmo, buffer, 100, 2 * PAGE));
	for (size_t i = 0; i < 2 * PAGE; i++)
		EXPECT_EQ(buffer[i], (uint8_t)(i * 7 + i / 256));
	EXPECT_EQ(byte_at(vmo, 99), 0);
	EXPECT_EQ(byte_at(vmo, 100 + 2 * PAGE), 0);
}

CHECK(vmo_read, nothing_at_the_end)
{
	EXPECT_OK(READ(fixed_vmo(PAGE), PAGE, 0));
	EXPECT_OK(WRITE(fixed_vmo(PAGE), PAGE, 0));
}

CHECK(vmo_write, buffer_inside_the_same_vmo)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);
	zx_vaddr_t at = 0;
	zx_handle_t vmar = make_vmar(2, &at);

	EXPECT_OK(vmar_map(vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_SPECIFIC, 0, vmo, 0,
			       2 * PAGE, &at));
	*(volatile uint8_t *)at = 9;
	EXPECT_OK(zx_vmo_write(vmo, (const void *)at, PAGE, 1));
	EXPECT_EQ(((volatile uint8_t *)at)[PAGE], 9);
	EXPECT_OK(zx_vmo_read(vmo, (void *)(at + 1), PAGE, 1));
	EXPECT_EQ(((volatile uint8_t *)at)[1], 9);
}

/* --- sizes --- */

static uint64_t size;

REFUSES(vmo_get_size, ZX_ERR_BAD_HANDLE, closed, zx_vmo_get_size(closed_handle(), &size))
REFUSES(vmo_get_size, ZX_ERR_BAD_HANDLE, none, zx_vmo_get_size(ZX_HANDLE_INVALID, &size))
REFUSES(vmo_get_size, ZX_ERR_WRONG_TYPE, event, zx_vmo_get_size(make_event(), &size))
REFUSES(vmo_get_size, ZX_ERR_INVALID_ARGS, bad_size, zx_vmo_get_size(fixed_vmo(PAGE), BAD_POINTER))

CHECK(vmo_get_size, needs_no_right)
{
	EXPECT_OK(zx_vmo_get_size(with_rights(fixed_vmo(PAGE), 0), &size));
	EXPECT_EQ(size, PAGE);
}

REFUSES(vmo_set_size, ZX_ERR_BAD_HANDLE, closed, zx_vmo_set_size(closed_handle(), PAGE))
REFUSES(vmo_set_size, ZX_ERR_WRONG_TYPE, event, zx_vmo_set_size(make_event(), PAGE))
REFUSES(vmo_set_size, ZX_ERR_ACCESS_DENIED, no_write_right,
	zx_vmo_set_size(without_rights(resizable_vmo(PAGE), ZX_RIGHT_WRITE), PAGE))
REFUSES(vmo_set_size, ZX_ERR_ACCESS_DENIED, no_resize_right,
	zx_vmo_set_size(without_rights(resizable_vmo(PAGE), ZX_RIGHT_RESIZE), PAGE),
	.from = ERA_NEWEST)
REFUSES(vmo_set_size, ZX_ERR_UNAVAILABLE, not_resizable,
	zx_vmo_set_size(fixed_vmo(PAGE), 2 * PAGE))
REFUSES(vmo_set_size, ZX_ERR_OUT_OF_RANGE, too_large,
	zx_vmo_set_size(resizable_vmo(PAGE), UINT64_MAX))
REFUSES(vmo_set_size, ZX_ERR_OUT_OF_RANGE, above_the_limit,
	zx_vmo_set_size(resizable_vmo(PAGE), UINT64_MAX - 0x1fffff + 1))

CHECK(vmo_set_size, grows_with_zeroes)
{
	zx_handle_t vmo = resizable_vmo(PAGE);

	put_byte(vmo, PAGE - 1, 1);
	EXPECT_OK(zx_vmo_set_size(vmo, 2 * PAGE + 1));
	EXPECT_EQ(size_of(vmo), 3 * PAGE);
	EXPECT_EQ(byte_at(vmo, PAGE - 1), 1);
	EXPECT_OK(zx_vmo_read(vmo, buffer, PAGE, 2 * PAGE));
	EXPECT(all_zero(buffer, 2 * PAGE));
}

CHECK(vmo_set_size, what_was_cut_comes_back_as_zero)
{
	zx_handle_t vmo = resizable_vmo(2 * PAGE);

	put_byte(vmo, 0, 1);
	put_byte(vmo, PAGE, 2);
	EXPECT_OK(zx_vmo_set_size(vmo, PAGE));
	EXPECT_EQ(size_of(vmo), PAGE);
	EXPECT_STATUS(READ(vmo, PAGE, 1), ZX_ERR_OUT_OF_RANGE);
	EXPECT_OK(zx_vmo_set_size(vmo, 2 * PAGE));
	EXPECT_EQ(byte_at(vmo, 0), 1);
	EXPECT_EQ(byte_at(vmo, PAGE), 0);
}

CHECK(vmo_set_size, to_nothing)
{
	zx_handle_t vmo = resizable_vmo(PAGE);

	EXPECT_OK(zx_vmo_set_size(vmo, 0));
	EXPECT_EQ(size_of(vmo), 0);
	EXPECT_STATUS(READ(vmo, 0, 1), ZX_ERR_OUT_OF_RANGE);
}

REFUSES(vmo_get_stream_size, ZX_ERR_BAD_HANDLE, closed,
	zx_vmo_get_stream_size(closed_handle(), &size), .from = ERA_NEWEST)
REFUSES(vmo_get_stream_size, ZX_ERR_WRONG_TYPE, event, zx_vmo_get_stream_size(make_event(), &size),
	.from = ERA_NEWEST)
REFUSES(vmo_get_stream_size, ZX_ERR_INVALID_ARGS, bad_size,
	zx_vmo_get_stream_size(fixed_vmo(PAGE), BAD_POINTER), .from = ERA_NEWEST)
REFUSES(vmo_set_stream_size, ZX_ERR_BAD_HANDLE, closed, zx_vmo_set_stream_size(closed_handle(), 1),
	.from = ERA_NEWEST)
REFUSES(vmo_set_stream_size, ZX_ERR_WRONG_TYPE, event, zx_vmo_set_stream_size(make_event(), 1),
	.from = ERA_NEWEST)
REFUSES(vmo_set_stream_size, ZX_ERR_ACCESS_DENIED, no_write_right,
	zx_vmo_set_stream_size(without_rights(fixed_vmo(PAGE), ZX_RIGHT_WRITE), 1),
	.from = ERA_NEWEST)
REFUSES(vmo_set_stream_size, ZX_ERR_OUT_OF_RANGE, beyond_the_vmo,
	zx_vmo_set_stream_size(fixed_vmo(PAGE), PAGE + 1), .from = ERA_NEWEST)
REFUSES(vmo_set_stream_size, ZX_ERR_OUT_OF_RANGE, beyond_a_resizable_vmo,
	zx_vmo_set_stream_size(resizable_vmo(PAGE), PAGE + 1), .from = ERA_NEWEST)

CHECK(vmo_get_stream_size, is_the_size_asked_for, .from = ERA_NEWEST)
{
	EXPECT_OK(zx_vmo_get_stream_size(fixed_vmo(100), &size));
	EXPECT_EQ(size, 100);
}

CHECK(vmo_set_stream_size, keeps_the_size_and_zeroes_the_rest, .from = ERA_NEWEST)
{
	zx_handle_t vmo = fixed_vmo(2 * PAGE);

	put_byte(vmo, 10, 1);
	put_byte(vmo, 50, 2);
	put_byte(vmo, PAGE + 1, 3);
	EXPECT_OK(zx_vmo_set_stream_size(vmo, 20));
	EXPECT_OK(zx_vmo_get_stream_size(vmo, &size));
	EXPECT_EQ(size, 20);
	EXPECT_EQ(size_of(vmo), 2 * PAGE);
	EXPECT_EQ(byte_at(vmo, 10), 1);
	EXPECT_OK(zx_vmo_set_stream_size(vmo, 2 * PAGE));
	EXPECT_EQ(byte_at(vmo, 50), 0);
	EXPECT_EQ(byte_at(vmo, PAGE + 1), 0);
}

CHECK(vmo_set_size, sets_the_stream_size, .from = ERA_NEWEST)
{
	zx_handle_t vmo = resizable_vmo(PAGE);

	EXPECT_OK(zx_vmo_set_size(vmo, PAGE + 5));
	EXPECT_OK(zx_vmo_get_stream_size(vmo, &size));
	EXPECT_EQ(size, PAGE + 5);
}

/* --- vmo_replace_as_executable --- */

static zx_handle_t executable;

static zx_handle_t bare_vmo(zx_rights_t less)
{
	zx_handle_t vmo = ZX_HANDLE_INVALID, replaced = ZX_HANDLE_INVALID;

	zx_vmo_create(PAGE, 0, &vmo);
	zx_handle_replace(vmo, rights_of(vmo) & ~(less | ZX_RIGHT_EXECUTE), &replaced);
	return replaced;
}

static int64_t make_executable(zx_handle_t channel)
{
	zx_handle_t vmo;

	(void)channel;
	zx_vmo_create(PAGE, 0, &vmo);
	return zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &vmo);
}

REFUSES(vmo_replace_as_executable, ZX_ERR_BAD_HANDLE, closed,
	zx_vmo_replace_as_executable(closed_handle(), ZX_HANDLE_INVALID, &executable),
	.from = ERA_2018_10)
REFUSES(vmo_replace_as_executable, ZX_ERR_BAD_HANDLE, event,
	zx_vmo_replace_as_executable(make_event(), ZX_HANDLE_INVALID, &executable),
	.from = ERA_2018_10)
REFUSES(vmo_replace_as_executable, ZX_ERR_BAD_HANDLE, closed_vmex,
	zx_vmo_replace_as_executable(bare_vmo(0), closed_handle(), &executable),
	.from = ERA_2018_10)
REFUSES(vmo_replace_as_executable, ZX_ERR_WRONG_TYPE, vmex_is_an_event,
	zx_vmo_replace_as_executable(bare_vmo(0), make_event(), &executable), .from = ERA_2018_10)
/* vmex is judged before the object is. */
REFUSES(vmo_replace_as_executable, ZX_ERR_WRONG_TYPE, vmex_before_type,
	zx_vmo_replace_as_executable(make_event(), make_event(), &executable), .from = ERA_2018_10)
REFUSES(vmo_replace_as_executable, ZX_ERR_INVALID_ARGS, bad_out,
	zx_vmo_replace_as_executable(bare_vmo(0), ZX_HANDLE_INVALID, BAD_OUT),
	.from = ERA_2018_10)
REFUSES(vmo_replace_as_executable, ZX_ERR_ACCESS_DENIED, policy,
	(zx_status_t)twin__run(job_without(ZX_POL_AMBIENT_MARK_VMO_EXEC_NEWEST), make_executable),
	.from = ERA_NEWEST)
REFUSES(vmo_replace_as_executable, ZX_ERR_ACCESS_DENIED, policy_to_2021,
	(zx_status_t)twin__run(job_without(ZX_POL_AMBIENT_MARK_VMO_EXEC), make_executable),
	.from = ERA_2020_07, .to = ERA_2021_01)

CHECK(vmo_replace_as_executable, adds_one_right, .from = ERA_2018_10)
{
	zx_handle_t vmo = bare_vmo(ZX_RIGHT_WRITE);
	zx_rights_t rights = rights_of(vmo);

	EXPECT_OK(zx_vmo_replace_as_executable(vmo, ZX_HANDLE_INVALID, &executable));
	own(executable);
	EXPECT_EQ(rights_of(executable), rights | ZX_RIGHT_EXECUTE);
	EXPECT_STATUS(zx_vmo_get_size(vmo, &size), ZX_ERR_BAD_HANDLE);
}

CHECK(vmo_replace_as_executable, handle_is_gone_after_an_error, .from = ERA_2018_10)
{
	zx_handle_t vmo = bare_vmo(0);

	EXPECT_STATUS(zx_vmo_replace_as_executable(vmo, make_event(), &executable),
		      ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(zx_vmo_get_size(vmo, &size), ZX_ERR_BAD_HANDLE);
}

/* --- What only drivers get --- */

static zx_handle_t made;

static zx_status_t create_contiguous(zx_handle_t bti)
{
	return zx_vmo_create_contiguous(bti, PAGE, 0, &made);
}

static zx_status_t create_physical(zx_handle_t resource)
{
	return zx_vmo_create_physical(resource, 0, PAGE, &made);
}

REFUSES(vmo_create_contiguous, ZX_ERR_BAD_HANDLE, none, create_contiguous(ZX_HANDLE_INVALID))
REFUSES(vmo_create_contiguous, ZX_ERR_BAD_HANDLE, closed, create_contiguous(closed_handle()))
REFUSES(vmo_create_contiguous, ZX_ERR_WRONG_TYPE, event, create_contiguous(make_event()))
REFUSES(vmo_create_physical, ZX_ERR_BAD_HANDLE, none, create_physical(ZX_HANDLE_INVALID))
REFUSES(vmo_create_physical, ZX_ERR_BAD_HANDLE, closed, create_physical(closed_handle()))
REFUSES(vmo_create_physical, ZX_ERR_WRONG_TYPE, event, create_physical(make_event()))
REFUSES(vmo_create_contiguous, ZX_ERR_INVALID_ARGS, size_before_handle,
	zx_vmo_create_contiguous(ZX_HANDLE_INVALID, 0, 0, &made), .line = "size is 0")
REFUSES(vmo_create_contiguous, ZX_ERR_INVALID_ARGS, small_alignment,
	zx_vmo_create_contiguous(ZX_HANDLE_INVALID, PAGE, 11, &made), .line = "alignment_log2")
REFUSES(vmo_create_contiguous, ZX_ERR_INVALID_ARGS, large_alignment,
	zx_vmo_create_contiguous(ZX_HANDLE_INVALID, PAGE, 64, &made), .line = "alignment_log2")
