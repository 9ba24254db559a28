/* Suspending threads in tests. */
#ifndef RT_SUSPEND_H
#define RT_SUSPEND_H

#include "check.h"

static inline zx_status_t rt_wait_for(zx_handle_t handle, zx_signals_t signal)
{
	return zx_object_wait_one(handle, signal, zx_deadline_after(60000000000ll), NULL);
}

static inline zx_handle_t rt_suspend(zx_handle_t handle)
{
	zx_handle_t token = ZX_HANDLE_INVALID;

	CHECK_OK(zx_task_suspend(handle, &token));
	CHECK_OK(rt_wait_for(handle, ZX_THREAD_SUSPENDED));
	return token;
}

static inline zx_signals_t rt_signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

#endif
