/* zx_event_create and zx_eventpair_create. */
#include "conformance.h"

#define PAIR_RIGHTS \
	(ZX_RIGHT_TRANSFER | ZX_RIGHT_DUPLICATE | ZX_RIGHT_WAIT | ZX_RIGHT_INSPECT | \
	 ZX_RIGHT_SIGNAL | ZX_RIGHT_SIGNAL_PEER)
#define EVENT_RIGHTS (PAIR_RIGHTS & ~ZX_RIGHT_SIGNAL_PEER)

CHECK_ERROR(event_create, ZX_ERR_INVALID_ARGS, options, .line = "options")
{
	zx_handle_t event;

	EXPECT_STATUS(zx_event_create(1, &event), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(event_create, ZX_ERR_INVALID_ARGS, bad_out, .line = "bad pointer")
{
	EXPECT_STATUS(zx_event_create(0, BAD_OUT), ZX_ERR_INVALID_ARGS);
	/* No pointer at all is as bad. */
	(void)BAD_OUT;
	EXPECT_STATUS(zx_event_create(0, NULL), ZX_ERR_INVALID_ARGS);
}

REFUSES(event_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_EVENT, zx_event_create, 0, CHILD_OUT), .from = ERA_2020_07)

CHECK(event_create, options_before_policy, .from = ERA_2020_07)
{
	EXPECT_STATUS(call_denied_by_policy(ZX_POL_NEW_EVENT, zx_event_create, 1, CHILD_OUT),
		      ZX_ERR_INVALID_ARGS);
}

CHECK(event_create, rights, .from = ERA_2018_12)
{
	EXPECT_EQ(rights_of(make_event()), EVENT_RIGHTS);
}

CHECK(event_create, rights_with_io, .to = ERA_2018_10)
{
	EXPECT_EQ(rights_of(make_event()), EVENT_RIGHTS | ZX_RIGHT_READ | ZX_RIGHT_WRITE);
}

CHECK(event_create, nothing_is_signaled)
{
	zx_handle_t event = make_event();

	EXPECT_EQ(type_of(event), ZX_OBJ_TYPE_EVENT);
	EXPECT_SIGNALS(event, 0);
}

CHECK(event_create, koids_grow)
{
	zx_koid_t first = rt_koid(make_event());

	EXPECT(first >= ZX_KOID_FIRST);
	EXPECT(rt_koid(make_event()) > first);
}

CHECK_ERROR(eventpair_create, ZX_ERR_NOT_SUPPORTED, options)
{
	zx_handle_t a, b;

	EXPECT_STATUS(zx_eventpair_create(1, &a, &b), ZX_ERR_NOT_SUPPORTED);
}

CHECK_ERROR(eventpair_create, ZX_ERR_INVALID_ARGS, bad_out)
{
	zx_handle_t other;

	EXPECT_STATUS(zx_eventpair_create(0, BAD_OUT, &other), ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_eventpair_create(0, &other, BAD_OUT), ZX_ERR_INVALID_ARGS);
}

REFUSES(eventpair_create, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_EVENTPAIR, zx_eventpair_create, 0, CHILD_OUT, CHILD_OUT),
	.from = ERA_2020_07)

CHECK(eventpair_create, rights, .from = ERA_2018_12)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_EQ(rights_of(a), PAIR_RIGHTS);
	EXPECT_EQ(rights_of(b), PAIR_RIGHTS);
}

CHECK(eventpair_create, rights_with_io, .to = ERA_2018_10)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_EQ(rights_of(a), PAIR_RIGHTS | ZX_RIGHT_READ | ZX_RIGHT_WRITE);
}

CHECK(eventpair_create, ends_know_each_other)
{
	zx_info_handle_basic_t info;
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_SIGNALS(a, 0);
	EXPECT_OK(zx_object_get_info(a, ZX_INFO_HANDLE_BASIC, &info, sizeof(info), NULL, NULL));
	EXPECT_EQ(info.type, ZX_OBJ_TYPE_EVENTPAIR);
	EXPECT_EQ(info.related_koid, rt_koid(b));
	EXPECT_OK(zx_handle_close(b));
	EXPECT_SIGNALS(a, ZX_EVENTPAIR_PEER_CLOSED);
}
