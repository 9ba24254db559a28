/* zx_object_get_cookie and zx_object_set_cookie: to 2019-01. */
#include "conformance.h"

static zx_status_t get(zx_handle_t handle, zx_handle_t scope)
{
	uint64_t cookie;

	return zx_object_get_cookie(handle, scope, &cookie);
}

static zx_status_t set(zx_handle_t handle, zx_handle_t scope)
{
	return zx_object_set_cookie(handle, scope, 5);
}

/* An end of a pair with a cookie, whose other end is gone. */
static zx_handle_t lonely_end(zx_handle_t scope)
{
	zx_handle_t a, b;

	make_eventpair(&a, &b);
	EXPECT_OK(set(b, scope));
	EXPECT_OK(zx_handle_close(a));
	return b;
}

REFUSES(object_get_cookie, ZX_ERR_BAD_HANDLE, handle,
	get(ZX_HANDLE_INVALID, make_event()), .to = ERA_2019_01)
REFUSES(object_get_cookie, ZX_ERR_BAD_HANDLE, scope,
	get(make_event(), closed_handle()), .to = ERA_2019_01)
REFUSES(object_get_cookie, ZX_ERR_NOT_SUPPORTED, type,
	get(make_port(), make_event()), .to = ERA_2019_01)
REFUSES(object_get_cookie, ZX_ERR_ACCESS_DENIED, none,
	get(make_event(), make_event()), .line = "no cookie", .to = ERA_2019_01)

CHECK_ERROR(object_get_cookie, ZX_ERR_ACCESS_DENIED, other_end_gone, .line = "event pair",
	    .to = ERA_2019_01)
{
	zx_handle_t scope = make_event();

	EXPECT_STATUS(get(lonely_end(scope), scope), ZX_ERR_ACCESS_DENIED);
}

REFUSES(object_set_cookie, ZX_ERR_BAD_HANDLE, handle,
	set(closed_handle(), make_event()), .to = ERA_2019_01)
REFUSES(object_set_cookie, ZX_ERR_BAD_HANDLE, scope,
	set(make_event(), ZX_HANDLE_INVALID), .to = ERA_2019_01)

CHECK_ERROR(object_set_cookie, ZX_ERR_NOT_SUPPORTED, type, .to = ERA_2019_01)
{
	EXPECT_STATUS(set(make_port(), make_event()), ZX_ERR_NOT_SUPPORTED);
	EXPECT_STATUS(set(make_timer(), make_event()), ZX_ERR_NOT_SUPPORTED);
}

CHECK_ERROR(object_set_cookie, ZX_ERR_ACCESS_DENIED, other_end_gone, .line = "event pair",
	    .to = ERA_2019_01)
{
	zx_handle_t scope = make_event();

	EXPECT_STATUS(set(lonely_end(scope), scope), ZX_ERR_ACCESS_DENIED);
}

CHECK(object_set_cookie, same_scope, .to = ERA_2019_01)
{
	zx_handle_t event = make_event(), scope = make_event();
	uint64_t cookie = 0;

	EXPECT_OK(zx_object_set_cookie(event, scope, 0x123456789abcu));
	EXPECT_OK(zx_object_get_cookie(duplicate(event), duplicate(scope), &cookie));
	EXPECT_EQ(cookie, 0x123456789abcu);
	EXPECT_OK(zx_object_set_cookie(event, scope, 7));
	EXPECT_OK(zx_object_get_cookie(event, scope, &cookie));
	EXPECT_EQ(cookie, 7);
}

CHECK(object_set_cookie, vmo, .to = ERA_2019_01)
{
	zx_handle_t vmo = make_vmo(1), scope = make_event();

	EXPECT_OK(set(vmo, scope));
	EXPECT_OK(get(vmo, scope));
}
