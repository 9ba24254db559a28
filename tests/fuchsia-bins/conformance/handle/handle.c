/* zx_handle_close, _close_many, _duplicate, _replace, _check_valid. */
#include "conformance.h"

static zx_status_t duplicate_of(zx_handle_t handle, zx_rights_t rights)
{
	zx_handle_t out;
	zx_status_t status = zx_handle_duplicate(handle, rights, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

static zx_status_t replacement_of(zx_handle_t handle, zx_rights_t rights)
{
	zx_handle_t out;
	zx_status_t status = zx_handle_replace(handle, rights, &out);

	if (status == ZX_OK)
		own(out);
	return status;
}

/* --- handle_close --- */

REFUSES(handle_close, ZX_ERR_BAD_HANDLE, closed, zx_handle_close(closed_handle()))

/* The two lowest bits of a valid handle are set. */
CHECK_ERROR(handle_close, ZX_ERR_BAD_HANDLE, fixed_bits)
{
	zx_handle_t event = make_event();

	EXPECT_EQ(event & ZX_HANDLE_FIXED_BITS_MASK, ZX_HANDLE_FIXED_BITS_MASK);
	EXPECT_STATUS(zx_handle_close(event & ~1u), ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(zx_handle_close(event & ~2u), ZX_ERR_BAD_HANDLE);
	EXPECT(is_valid(event));
}

CHECK(handle_close, invalid_is_nothing)
{
	EXPECT_OK(zx_handle_close(ZX_HANDLE_INVALID));
}

CHECK(handle_close, needs_no_right)
{
	EXPECT_OK(zx_handle_close(with_rights(make_event(), 0)));
}

CHECK(handle_close, object_stays_while_there_are_others)
{
	zx_handle_t a, b, second;

	make_eventpair(&a, &b);
	second = duplicate(a);
	EXPECT_OK(zx_handle_close(a));
	EXPECT_SIGNALS(b, 0);
	EXPECT_OK(zx_handle_close(second));
	EXPECT_SIGNALS(b, ZX_EVENTPAIR_PEER_CLOSED);
}

CHECK(handle_close, values_are_not_used_again_soon)
{
	zx_handle_t first = make_event();
	zx_handle_t second;

	EXPECT_OK(zx_handle_close(first));
	second = make_event();
	EXPECT(second != first);
}

/* --- handle_close_many --- */

CHECK_ERROR(handle_close_many, ZX_ERR_BAD_HANDLE, entry)
{
	zx_handle_t handles[3] = { make_event(), closed_handle(), make_event() };

	EXPECT_STATUS(zx_handle_close_many(handles, 3), ZX_ERR_BAD_HANDLE);
	/* The others were closed. */
	EXPECT(!is_valid(handles[0]));
	EXPECT(!is_valid(handles[2]));
}

CHECK_ERROR(handle_close_many, ZX_ERR_BAD_HANDLE, twice)
{
	zx_handle_t event = make_event();
	zx_handle_t handles[2] = { event, event };

	EXPECT_STATUS(zx_handle_close_many(handles, 2), ZX_ERR_BAD_HANDLE);
	EXPECT(!is_valid(event));
}

REFUSES(handle_close_many, ZX_ERR_INVALID_ARGS, bad_pointer,
	zx_handle_close_many(BAD_POINTER, 1), .from = ERA_2020_07)

/* What cannot be read was passed over without a word. */
CHECK(handle_close_many, bad_pointer, .to = ERA_2019_01)
{
	EXPECT_OK(zx_handle_close_many(BAD_POINTER, 1));
}

CHECK(handle_close_many, invalid_is_passed_over)
{
	zx_handle_t handles[3] = { ZX_HANDLE_INVALID, make_event(), ZX_HANDLE_INVALID };

	EXPECT_OK(zx_handle_close_many(handles, 3));
	EXPECT(!is_valid(handles[1]));
}

CHECK(handle_close_many, none)
{
	EXPECT_OK(zx_handle_close_many(NULL, 0));
}

CHECK(handle_close_many, more_than_a_message_holds)
{
	zx_handle_t handles[200];
	size_t i;

	for (i = 0; i < RT_ARRAY_SIZE(handles); i++)
		handles[i] = make_event();
	EXPECT_OK(zx_handle_close_many(handles, RT_ARRAY_SIZE(handles)));
	for (i = 0; i < RT_ARRAY_SIZE(handles); i++)
		EXPECT(!is_valid(handles[i]));
}

/* --- handle_duplicate --- */

CHECK_HANDLE_VALID(handle_duplicate, handle, duplicate_of(h, ZX_RIGHT_SAME_RIGHTS))
CHECK_HANDLE_RIGHT(handle_duplicate, handle, DUPLICATE, make_event(),
		   duplicate_of(h, ZX_RIGHT_SAME_RIGHTS))

CHECK_ERROR(handle_duplicate, ZX_ERR_INVALID_ARGS, more_rights, .line = "asks for more")
{
	EXPECT_STATUS(duplicate_of(make_event(), ZX_RIGHT_EXECUTE), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(duplicate_of(with_rights(make_event(), ZX_RIGHT_DUPLICATE),
				   ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT),
		      ZX_ERR_INVALID_ARGS);
}

REFUSES(handle_duplicate, ZX_ERR_INVALID_ARGS, bad_out,
	zx_handle_duplicate(make_event(), ZX_RIGHT_SAME_RIGHTS, BAD_OUT), .line = "bad pointer")

CHECK(handle_duplicate, right_before_rights)
{
	EXPECT_STATUS(duplicate_of(without_rights(make_event(), ZX_RIGHT_DUPLICATE),
				   ZX_RIGHT_EXECUTE),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK(handle_duplicate, same_object)
{
	zx_handle_t event = make_event();
	zx_handle_t second = duplicate(event);

	EXPECT(second != event);
	EXPECT_EQ(rt_koid(second), rt_koid(event));
	EXPECT_EQ(rights_of(second), rights_of(event));
	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_3));
	EXPECT_SIGNALS(second, ZX_USER_SIGNAL_3);
}

CHECK(handle_duplicate, fewer_rights)
{
	zx_handle_t event = make_event();
	zx_rights_t rights = rights_of(event);

	EXPECT_EQ(rights_of(with_rights(event, ZX_RIGHT_WAIT | ZX_RIGHT_SIGNAL)),
		  ZX_RIGHT_WAIT | ZX_RIGHT_SIGNAL);
	EXPECT_EQ(rights_of(with_rights(event, 0)), 0);
	EXPECT_EQ(rights_of(event), rights);
}

/* --- handle_replace --- */

CHECK_HANDLE_VALID(handle_replace, handle, replacement_of(h, ZX_RIGHT_SAME_RIGHTS))

CHECK_ERROR(handle_replace, ZX_ERR_INVALID_ARGS, more_rights, .line = "asks for more")
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(replacement_of(event, ZX_RIGHT_EXECUTE), ZX_ERR_INVALID_ARGS);
	EXPECT(!is_valid(event));
}

CHECK_ERROR(handle_replace, ZX_ERR_INVALID_ARGS, bad_out, .line = "bad pointer")
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_handle_replace(event, ZX_RIGHT_SAME_RIGHTS, BAD_OUT),
		      ZX_ERR_INVALID_ARGS);
	EXPECT(!is_valid(event));
}

CHECK(handle_replace, takes_its_place)
{
	zx_handle_t event = make_event();
	zx_koid_t koid = rt_koid(event);
	zx_handle_t out;

	EXPECT_OK(zx_handle_replace(event, ZX_RIGHT_WAIT, &out));
	own(out);
	EXPECT(!is_valid(event));
	EXPECT_EQ(rt_koid(out), koid);
	EXPECT_EQ(rights_of(out), ZX_RIGHT_WAIT);
}

CHECK(handle_replace, needs_no_right)
{
	zx_handle_t out;

	EXPECT_OK(zx_handle_replace(with_rights(make_event(), 0), ZX_RIGHT_SAME_RIGHTS, &out));
	EXPECT_EQ(rights_of(own(out)), 0);
}

/* --- handle_check_valid --- */

REFUSES(handle_check_valid, ZX_ERR_INVALID_ARGS, invalid, zx_handle_check_valid(ZX_HANDLE_INVALID))

CHECK_ERROR(handle_check_valid, ZX_ERR_OUT_OF_RANGE, fixed_bits)
{
	zx_handle_t event = make_event();

	EXPECT_STATUS(zx_handle_check_valid(event & ~1u), ZX_ERR_OUT_OF_RANGE);
	EXPECT_STATUS(zx_handle_check_valid(event & ~2u), ZX_ERR_OUT_OF_RANGE);
}

REFUSES(handle_check_valid, ZX_ERR_NOT_FOUND, closed, zx_handle_check_valid(closed_handle()))

CHECK(handle_check_valid, valid)
{
	EXPECT_OK(zx_handle_check_valid(make_event()));
	EXPECT_OK(zx_handle_check_valid(with_rights(make_event(), 0)));
}
