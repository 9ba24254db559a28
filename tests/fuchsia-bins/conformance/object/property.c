/* zx_object_get_property and zx_object_set_property. */
#include "conformance.h"

#include "tasks.h"

#include "string.h"

static char name[ZX_MAX_NAME_LEN];

static zx_status_t get_name(zx_handle_t handle)
{
	return zx_object_get_property(handle, ZX_PROP_NAME, name, sizeof(name));
}

static zx_status_t set_name(zx_handle_t handle, const char *text)
{
	return zx_object_set_property(handle, ZX_PROP_NAME, text, strlen(text));
}

static zx_handle_t vmo(void)
{
	return make_vmo(1);
}

static zx_handle_t socket_end(void)
{
	zx_handle_t a, b;

	make_socket(0, &a, &b);
	return a;
}

static zx_status_t set_rx(zx_handle_t socket, size_t value)
{
	return zx_object_set_property(socket, ZX_PROP_SOCKET_RX_THRESHOLD, &value, sizeof(value));
}

CHECK_HANDLE_VALID(object_get_property, handle, get_name(h))
CHECK_HANDLE_RIGHT(object_get_property, handle, GET_PROPERTY, vmo(), get_name(h))
CHECK_HANDLE_VALID(object_set_property, handle, set_name(h, "x"))
CHECK_HANDLE_RIGHT(object_set_property, handle, SET_PROPERTY, vmo(), set_name(h, "x"))

CHECK_ERROR(object_get_property, ZX_ERR_INVALID_ARGS, unknown, .line = "no such property",
	    .to = ERA_2021_01)
{
	uint64_t value;

	EXPECT_STATUS(zx_object_get_property(vmo(), 999, &value, sizeof(value)),
		      ZX_ERR_INVALID_ARGS);
	EXPECT_STATUS(zx_object_get_property(vmo(), 0, &value, sizeof(value)), ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(object_set_property, ZX_ERR_INVALID_ARGS, unknown, .line = "no such property",
	    .to = ERA_2021_01)
{
	uint64_t value = 0;

	EXPECT_STATUS(zx_object_set_property(vmo(), 999, &value, sizeof(value)),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(object_set_property, ZX_ERR_INVALID_ARGS, only_read, .line = "no such property",
	    .to = ERA_2021_01)
{
	uintptr_t value = 0;

	EXPECT_STATUS(zx_object_set_property(rt_boot.process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS,
					     &value, sizeof(value)),
		      ZX_ERR_INVALID_ARGS);
}

CHECK_ERROR(object_get_property, ZX_ERR_BUFFER_TOO_SMALL, address)
{
	uintptr_t value;

	EXPECT_STATUS(zx_object_get_property(rt_boot.process, ZX_PROP_PROCESS_VDSO_BASE_ADDRESS,
					     &value, sizeof(value) - 1),
		      ZX_ERR_BUFFER_TOO_SMALL);
}

CHECK_ERROR(object_set_property, ZX_ERR_BUFFER_TOO_SMALL, threshold, .from = ERA_2018_10)
{
	size_t value = 1;

	EXPECT_STATUS(zx_object_set_property(socket_end(), ZX_PROP_SOCKET_RX_THRESHOLD, &value,
					     sizeof(value) - 1),
		      ZX_ERR_BUFFER_TOO_SMALL);
}

CHECK_ERROR(object_get_property, ZX_ERR_WRONG_TYPE, of_another_type)
{
	uintptr_t value;

	EXPECT_STATUS(zx_object_get_property(vmo(), ZX_PROP_PROCESS_VDSO_BASE_ADDRESS, &value,
					     sizeof(value)),
		      ZX_ERR_WRONG_TYPE);
}

REFUSES(object_get_property, ZX_ERR_WRONG_TYPE, nameless,
	get_name(socket_end()), .from = ERA_NEWEST)

CHECK(object_get_property, nameless, .to = ERA_2021_01)
{
	name[0] = 'x';
	EXPECT_OK(get_name(socket_end()));
	EXPECT_EQ(name[0], 0);
}

REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, of_another_type,
	set_rx(vmo(), 1), .from = ERA_2018_10)
REFUSES(object_set_property, ZX_ERR_NOT_SUPPORTED, nameless,
	set_name(socket_end(), "x"), .line = "have no name", .from = ERA_2018_10,
	.to = ERA_2021_01)
REFUSES(object_set_property, ZX_ERR_WRONG_TYPE, nameless,
	set_name(socket_end(), "x"), .from = ERA_NEWEST)
REFUSES(object_set_property, ZX_ERR_INVALID_ARGS, threshold,
	set_rx(socket_end(), (size_t)1 << 40), .line = "what the property", .from = ERA_2018_10)

/* Only the thread itself can set its registers. */
CHECK_ERROR(object_set_property, ZX_ERR_ACCESS_DENIED, other_thread, .line = "another thread")
{
	uintptr_t value = 0;
	zx_handle_t thread = idle_thread();

	EXPECT_STATUS(zx_object_set_property(thread, ZX_PROP_REGISTER_FS, &value, sizeof(value)),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(object_set_property, ZX_ERR_PEER_CLOSED, write_threshold, .from = ERA_2018_10)
{
	zx_handle_t a, b;
	size_t value = 1;

	make_socket(0, &a, &b);
	EXPECT_OK(zx_handle_close(a));
	EXPECT_STATUS(zx_object_set_property(b, ZX_PROP_SOCKET_TX_THRESHOLD, &value, sizeof(value)),
		      ZX_ERR_PEER_CLOSED);
}

CHECK_ERROR(object_set_property, ZX_ERR_OUT_OF_RANGE, content_size, .from = ERA_2020_07)
{
	uint64_t size = 2 * RT_PAGE_SIZE;

	EXPECT_STATUS(zx_object_set_property(vmo(), ZX_PROP_VMO_CONTENT_SIZE, &size, sizeof(size)),
		      ZX_ERR_OUT_OF_RANGE);
}

/* What is too long is cut off. */
CHECK(object_set_property, long_name)
{
	static const char text[] = "0123456789012345678901234567890123456789";
	zx_handle_t object = vmo();

	EXPECT_OK(set_name(object, text));
	EXPECT_OK(get_name(object));
	EXPECT_BYTES(name, text, ZX_MAX_NAME_LEN - 1);
	EXPECT_EQ(name[ZX_MAX_NAME_LEN - 1], 0);
}

CHECK(object_get_property, more_room_than_needed)
{
	char room[ZX_MAX_NAME_LEN + 4];
	zx_handle_t object = vmo();

	memset(room, 'x', sizeof(room));
	EXPECT_OK(set_name(object, "n"));
	EXPECT_OK(zx_object_get_property(object, ZX_PROP_NAME, room, sizeof(room)));
	EXPECT_BYTES(room + ZX_MAX_NAME_LEN, "xxxx", 4);
}

CHECK(object_get_property, thresholds, .from = ERA_2018_10)
{
	zx_handle_t socket = socket_end();
	size_t value = 99;

	EXPECT_OK(zx_object_get_property(socket, ZX_PROP_SOCKET_RX_THRESHOLD, &value,
					 sizeof(value)));
	EXPECT_EQ(value, 0);
	EXPECT_OK(set_rx(socket, 17));
	EXPECT_OK(zx_object_get_property(socket, ZX_PROP_SOCKET_RX_THRESHOLD, &value,
					 sizeof(value)));
	EXPECT_EQ(value, 17);
	EXPECT_OK(zx_object_get_property(socket, ZX_PROP_SOCKET_TX_THRESHOLD, &value,
					 sizeof(value)));
	EXPECT_EQ(value, 0);
}

/* A system that lets processes be traced tells it. */
CHECK_ERROR(object_get_property, ZX_ERR_NOT_SUPPORTED, trace_context, .line = "does not tell",
	    .from = ERA_2020_07)
{
	uintptr_t value;
	zx_status_t status = zx_object_get_property(rt_boot.process,
						    ZX_PROP_PROCESS_HW_TRACE_CONTEXT_ID, &value,
						    sizeof(value));

	if (status == ZX_OK)
		skip("the system tells it");
	EXPECT_STATUS(status, ZX_ERR_NOT_SUPPORTED);
}
