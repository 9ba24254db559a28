/* Handles that cannot be given out. */
#include "conformance.h"

#include <stdatomic.h>
#include <zircon/eras.h>
#include <zircon/syscalls/exception.h>

static zx_handle_t channel;
static atomic_bool lost;

/* The channel goes first: the thread may want the next one as soon as it goes on. */
static void catch_one(void *arg)
{
	static const uint32_t handled = ZX_EXCEPTION_STATE_HANDLED;
	zx_exception_report_v2_t report;
	zx_exception_info_t info;
	zx_handle_t exception;

	(void)arg;
	EXPECT_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, LATE, NULL));
	EXPECT_OK(zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL, NULL));
	EXPECT_OK(zx_handle_close(channel));
	EXPECT_EQ(info.type, ZX_EXCP_POLICY_ERROR);
	EXPECT_OK(zx_object_get_info(rt_boot.thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				     sizeof(report), NULL, NULL));
	EXPECT_EQ(report.context.synth_code, ZX_EXCP_POLICY_CODE_HANDLE_LEAK);
	EXPECT_OK(zx_object_set_property(exception, ZX_PROP_EXCEPTION_STATE, &handled,
					 sizeof(handled)));
	atomic_store(&lost, true);
	EXPECT_OK(zx_handle_close(exception));
}

void *bad_out(void)
{
	if (era() >= ERA_NEWEST) {
		EXPECT_OK(zx_task_create_exception_channel(rt_boot.thread, 0, &channel));
		start_thread(catch_one, NULL);
	}
	return BAD_POINTER;
}

zx_handle_t lost_handle(zx_obj_type_t type)
{
	static zx_info_handle_extended_t table[256];
	size_t actual, avail, i;

	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_HANDLE_TABLE, table, sizeof(table),
				     &actual, &avail));
	EXPECT_EQ(actual, avail);
	for (i = 0; i < actual && table[i].type != type; i++)
		;
	EXPECT(i < actual);
	return table[i].handle_value;
}

bool frame_lost_handles(void)
{
	return atomic_exchange(&lost, false);
}
