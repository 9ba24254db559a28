/* Handles: duplicating, replacing, closing, rights, and what can be asked about any of them. */
#include "check.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

static zx_rights_t rights_of(zx_handle_t handle)
{
	zx_info_handle_basic_t info = { 0 };

	CHECK_OK(zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	return info.rights;
}

static void values(void)
{
	zx_handle_t event;

	REQUIRE_OK(zx_event_create(0, &event));
	CHECK_EQ(event & 3, 3);
	CHECK_EQ(rights_of(event), ZX_DEFAULT_EVENT_RIGHTS);
	CHECK_OK(zx_handle_close(event));
}

static void duplicate(void)
{
	zx_handle_t event, copy, less;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_handle_duplicate(event, ZX_RIGHT_SAME_RIGHTS, &copy));
	CHECK(copy != event);
	CHECK_EQ(rt_koid(copy), rt_koid(event));
	CHECK_EQ(rights_of(copy), rights_of(event));

	REQUIRE_OK(zx_handle_duplicate(event, ZX_RIGHT_WAIT, &less));
	CHECK_EQ(rights_of(less), ZX_RIGHT_WAIT);
	CHECK_STATUS(zx_object_signal(less, 0, ZX_EVENT_SIGNALED), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_handle_duplicate(less, ZX_RIGHT_SAME_RIGHTS, &copy), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_handle_duplicate(event, ZX_DEFAULT_EVENT_RIGHTS | ZX_RIGHT_WRITE, &copy),
		     ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_handle_close(less));
	CHECK_OK(zx_handle_close(copy));
	CHECK_OK(zx_handle_close(event));
}

static void replace(void)
{
	zx_handle_t event, with;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_handle_replace(event, ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT, &with));
	CHECK_EQ(rights_of(with), ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT);
	CHECK_STATUS(zx_handle_close(event), ZX_ERR_BAD_HANDLE);

	/* Asking for more rights fails, and takes the handle all the same. */
	CHECK_STATUS(zx_handle_replace(with, ZX_RIGHT_SIGNAL, &event), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_handle_close(with), ZX_ERR_BAD_HANDLE);
}

static void close(void)
{
	zx_handle_t a, b, many[4];

	REQUIRE_OK(zx_event_create(0, &a));
	CHECK_OK(zx_handle_close(a));
	CHECK_STATUS(zx_handle_close(a), ZX_ERR_BAD_HANDLE);
	CHECK_OK(zx_handle_close(ZX_HANDLE_INVALID));
	CHECK_STATUS(zx_handle_close(0x12345678), ZX_ERR_BAD_HANDLE);

	/* Invalid handles in the list are passed over; bad ones don't save the others. */
	REQUIRE_OK(zx_eventpair_create(0, &a, &b));
	many[0] = a;
	many[1] = ZX_HANDLE_INVALID;
	many[2] = b;
	CHECK_OK(zx_handle_close_many(many, 3));
	CHECK_STATUS(zx_handle_close(b), ZX_ERR_BAD_HANDLE);
	REQUIRE_OK(zx_eventpair_create(0, &many[1], &many[3]));
	many[0] = a;
	many[2] = b;
	CHECK_STATUS(zx_handle_close_many(many, 4), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_handle_close(many[1]), ZX_ERR_BAD_HANDLE);
	CHECK_STATUS(zx_handle_close(many[3]), ZX_ERR_BAD_HANDLE);
	CHECK_OK(zx_handle_close_many(NULL, 0));
}

static void types(void)
{
	zx_handle_t event, port, out;

	REQUIRE_OK(zx_event_create(0, &event));
	REQUIRE_OK(zx_port_create(0, &port));
	CHECK_STATUS(zx_channel_write(event, 0, NULL, 0, NULL, 0), ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_timer_cancel(port), ZX_ERR_WRONG_TYPE);
	/* A port can't be waited for: its handles lack the right. */
	CHECK_STATUS(zx_object_wait_one(port, 1, 0, NULL), ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_handle_duplicate(ZX_HANDLE_INVALID, ZX_RIGHT_SAME_RIGHTS, &out),
		     ZX_ERR_BAD_HANDLE);
	CHECK_OK(zx_handle_close(port));
	CHECK_OK(zx_handle_close(event));
}

static void information(void)
{
	zx_info_handle_basic_t basic = { 0 }, peer = { 0 };
	zx_info_handle_count_t count = { 0 };
	zx_handle_t a, b, copy;
	size_t actual = 9, avail = 9;

	REQUIRE_OK(zx_eventpair_create(0, &a, &b));
	CHECK_OK(zx_object_get_info(a, ZX_INFO_HANDLE_VALID, NULL, 0, NULL, NULL));
	CHECK_OK(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), &actual,
				    &avail));
	CHECK_EQ(actual, 1);
	CHECK_EQ(avail, 1);
	CHECK_EQ(basic.type, ZX_OBJ_TYPE_EVENTPAIR);
	CHECK(basic.koid >= ZX_KOID_FIRST);
	CHECK_OK(zx_object_get_info(b, ZX_INFO_HANDLE_BASIC, &peer, sizeof(peer), NULL, NULL));
	CHECK_EQ(basic.related_koid, peer.koid);
	CHECK_EQ(peer.related_koid, basic.koid);

	CHECK_STATUS(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &basic, 4, &actual, &avail),
		     ZX_ERR_BUFFER_TOO_SMALL);
	CHECK_EQ(actual, 0);
	CHECK_EQ(avail, 1);
	CHECK_STATUS(zx_object_get_info(a, 0xffff, &basic, sizeof(basic), NULL, NULL),
		     ZX_ERR_NOT_SUPPORTED);

	REQUIRE_OK(zx_handle_duplicate(a, ZX_RIGHT_SAME_RIGHTS, &copy));
	CHECK_OK(zx_object_get_info(a, ZX_INFO_HANDLE_COUNT, &count, sizeof(count), NULL, NULL));
	CHECK_EQ(count.handle_count, 2);
	CHECK_OK(zx_handle_close(copy));
	CHECK_OK(zx_object_get_info(a, ZX_INFO_HANDLE_COUNT, &count, sizeof(count), NULL, NULL));
	CHECK_EQ(count.handle_count, 1);

	CHECK_OK(zx_handle_close(a));
	CHECK_STATUS(zx_object_get_info(a, ZX_INFO_HANDLE_VALID, NULL, 0, NULL, NULL),
		     ZX_ERR_BAD_HANDLE);
	CHECK_OK(zx_handle_close(b));
}

/* Enough of them that tables grow, twice, so that values come round. */
static void thousands(void)
{
	static zx_handle_t handles[3000];
	int round;
	size_t i;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < RT_ARRAY_SIZE(handles); i++)
			if (!CHECK_OK(zx_event_create(0, &handles[i])))
				return;
		for (i = 0; i < RT_ARRAY_SIZE(handles); i += 2)
			CHECK_OK(zx_handle_close(handles[i]));
		for (i = 0; i < RT_ARRAY_SIZE(handles); i += 2)
			CHECK_STATUS(zx_handle_close(handles[i]), ZX_ERR_BAD_HANDLE);
		for (i = 1; i < RT_ARRAY_SIZE(handles); i += 2)
			CHECK_OK(zx_handle_close(handles[i]));
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	RUN(values);
	RUN(duplicate);
	RUN(replace);
	RUN(close);
	RUN(types);
	RUN(information);
	RUN(thousands);
	return rt_check_result();
}
