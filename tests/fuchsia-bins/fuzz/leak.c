/*
 * Random pointers are no place for new handles, which in the newest system is an exception. That
 * would end most of what tries random calls, so all of these threads are let go on.
 */
#include "fuzz.h"

#include "check.h"

#include <zircon/eras.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>

static struct rt_thread forgiver;

bool leak__met(zx_handle_t thread)
{
	zx_exception_report_v2_t report;

	return zx_object_get_info(thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				  sizeof(report), NULL, NULL) == ZX_OK &&
	       report.header.type == ZX_EXCP_POLICY_ERROR &&
	       report.context.synth_code == ZX_EXCP_POLICY_CODE_HANDLE_LEAK;
}

static void forgive_one(zx_handle_t channel)
{
	static const uint32_t handled = ZX_EXCEPTION_STATE_HANDLED;
	zx_handle_t thread = ZX_HANDLE_INVALID;
	zx_exception_info_t info;
	zx_handle_t exception;

	if (zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL, NULL) != ZX_OK)
		return;
	if (zx_exception_get_thread(exception, &thread) == ZX_OK && leak__met(thread))
		CHECK_OK(zx_object_set_property(exception, ZX_PROP_EXCEPTION_STATE, &handled,
						sizeof(handled)));
	zx_handle_close(thread);
	zx_handle_close(exception);
}

static void forgive(void *arg)
{
	zx_handle_t channel = (zx_handle_t)(uintptr_t)arg;

	while (zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL) == ZX_OK)
		forgive_one(channel);
}

void leak__forgive_all(zx_handle_t job)
{
	zx_handle_t channel;

	/* Older systems do not have it, and no such exception. */
	if (zx_task_create_exception_channel(job, 0, &channel) == ZX_OK)
		CHECK_OK(rt_thread__start(&forgiver, "forgiver", forgive,
					  (void *)(uintptr_t)channel));
}
