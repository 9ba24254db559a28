/* Handling exceptions by a channel, in tests. */
#ifndef RT_EXCEPTION_H
#define RT_EXCEPTION_H

#include <zircon/eras.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>

#include "check.h"

static inline zx_handle_t rt_exception__channel(zx_handle_t task, uint32_t options)
{
	zx_handle_t channel = ZX_HANDLE_INVALID;

	CHECK_OK(zx_task_create_exception_channel(task, options, &channel));
	return channel;
}

/* The next exception: of this type, and of that thread or a thread of that process. */
static inline zx_handle_t rt_exception__next(zx_handle_t channel, uint32_t type, zx_handle_t task)
{
	zx_koid_t koid = rt_koid(task);
	zx_exception_info_t info = { 0 };
	zx_handle_t exception = ZX_HANDLE_INVALID;
	uint32_t bytes = 0;
	uint32_t handles = 0;

	CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, &bytes, &handles));
	CHECK_EQ(bytes, sizeof(info));
	CHECK_EQ(info.type, type);
	CHECK(info.tid == koid || info.pid == koid);
	return exception;
}

static inline void rt_exception__set(zx_handle_t exception, uint32_t property, uint32_t value)
{
	CHECK_OK(zx_object_set_property(exception, property, &value, sizeof(value)));
}

static inline void rt_exception__close(zx_handle_t exception, uint32_t state)
{
	rt_exception__set(exception, ZX_PROP_EXCEPTION_STATE, state);
	CHECK_OK(zx_handle_close(exception));
}

static inline void rt_exception__resume(zx_handle_t exception)
{
	rt_exception__close(exception, ZX_EXCEPTION_STATE_HANDLED);
}

#endif
