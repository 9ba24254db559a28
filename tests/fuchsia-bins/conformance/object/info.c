/* zx_object_get_info: what does not depend on the type, and the errors. */
#include "conformance.h"

static zx_info_handle_basic_t basic;

static zx_status_t get_basic(zx_handle_t handle)
{
	return zx_object_get_info(handle, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), NULL, NULL);
}

static zx_status_t get(zx_handle_t handle, uint32_t topic)
{
	static uint8_t room[4096] __attribute__((aligned(8)));

	return zx_object_get_info(handle, topic, room, sizeof(room), NULL, NULL);
}

CHECK_HANDLE_VALID(object_get_info, handle, get_basic(h))

CHECK_ERROR(object_get_info, ZX_ERR_BAD_HANDLE, topic_valid)
{
	EXPECT_STATUS(zx_object_get_info(closed_handle(), ZX_INFO_HANDLE_VALID, NULL, 0, NULL,
					 NULL),
		      ZX_ERR_BAD_HANDLE);
	EXPECT_STATUS(zx_object_get_info(0, ZX_INFO_HANDLE_VALID, NULL, 0, NULL,
					 NULL),
		      ZX_ERR_BAD_HANDLE);
}

CHECK_ERROR(object_get_info, ZX_ERR_WRONG_TYPE, process_topic)
{
	EXPECT_STATUS(get(make_event(), ZX_INFO_PROCESS_THREADS), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(get(make_event(), ZX_INFO_PROCESS), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(get(make_event(), ZX_INFO_VMAR), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(get(make_event(), ZX_INFO_THREAD), ZX_ERR_WRONG_TYPE);
	EXPECT_STATUS(get(make_event(), ZX_INFO_JOB_CHILDREN), ZX_ERR_WRONG_TYPE);
}

REFUSES(object_get_info, ZX_ERR_ACCESS_DENIED, inspect,
	get(without_rights(rt_boot.process, ZX_RIGHT_INSPECT), ZX_INFO_PROCESS),
	.line = "lacks the right", .from = ERA_2018_10)

CHECK_ERROR(object_get_info, ZX_ERR_ACCESS_DENIED, enumerate, .line = "lacks the right")
{
	EXPECT_STATUS(get(without_rights(rt_boot.process, ZX_RIGHT_ENUMERATE),
			  ZX_INFO_PROCESS_THREADS),
		      ZX_ERR_ACCESS_DENIED);
	EXPECT_STATUS(get(without_rights(rt_boot.job, ZX_RIGHT_ENUMERATE), ZX_INFO_JOB_PROCESSES),
		      ZX_ERR_ACCESS_DENIED);
}

CHECK_ERROR(object_get_info, ZX_ERR_ACCESS_DENIED, own_maps, .line = "caller's own",
	    .to = ERA_2019_01)
{
	EXPECT_STATUS(get(rt_boot.process, ZX_INFO_PROCESS_MAPS), ZX_ERR_ACCESS_DENIED);
	EXPECT_STATUS(get(rt_boot.process, ZX_INFO_PROCESS_VMOS), ZX_ERR_ACCESS_DENIED);
}

/* No thread is in an exception here. */
REFUSES(object_get_info, ZX_ERR_BAD_STATE, exception_report,
	get(rt_boot.thread, ZX_INFO_THREAD_EXCEPTION_REPORT))

CHECK_ERROR(object_get_info, ZX_ERR_BUFFER_TOO_SMALL, one_record)
{
	size_t actual = 9, avail = 9;

	EXPECT_STATUS(zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, &basic,
					 sizeof(basic) - 1, &actual, &avail),
		      ZX_ERR_BUFFER_TOO_SMALL);
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(avail, 1);
	EXPECT_STATUS(zx_object_get_info(make_event(), ZX_INFO_HANDLE_BASIC, NULL, 0, NULL, NULL),
		      ZX_ERR_BUFFER_TOO_SMALL);
}

CHECK(object_get_info, valid)
{
	EXPECT_OK(zx_object_get_info(with_rights(make_event(), 0), ZX_INFO_HANDLE_VALID, NULL, 0,
				     NULL, NULL));
}

CHECK(object_get_info, basic)
{
	zx_handle_t event = with_rights(make_event(), ZX_RIGHT_WAIT);
	size_t actual = 0, avail = 0;

	EXPECT_OK(zx_object_get_info(event, ZX_INFO_HANDLE_BASIC, &basic, sizeof(basic), &actual,
				     &avail));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(avail, 1);
	EXPECT_EQ(basic.type, ZX_OBJ_TYPE_EVENT);
	EXPECT_EQ(basic.rights, ZX_RIGHT_WAIT);
	EXPECT_EQ(basic.related_koid, 0);
	EXPECT(basic.koid >= ZX_KOID_FIRST);
}

CHECK(object_get_info, related_koids)
{
	zx_koid_t process = rt_koid(rt_boot.process);

	EXPECT_OK(get_basic(rt_boot.process));
	EXPECT_EQ(basic.related_koid, rt_koid(rt_boot.job));
	EXPECT_OK(get_basic(rt_boot.thread));
	EXPECT_EQ(basic.related_koid, process);
}

/* Of an array as many records are written as fit. */
CHECK(object_get_info, part_of_an_array)
{
	zx_koid_t threads[4];
	size_t actual = 9, avail = 0;

	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, NULL, 0, &actual,
				     &avail));
	EXPECT_EQ(actual, 0);
	EXPECT_EQ(avail, 1);
	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_THREADS, threads,
				     sizeof(threads), &actual, &avail));
	EXPECT_EQ(actual, 1);
	EXPECT_EQ(threads[0], rt_koid(rt_boot.thread));
}

CHECK(object_get_info, handle_stats)
{
	zx_info_process_handle_stats_t before, after;

	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_HANDLE_STATS, &before,
				     sizeof(before), NULL, NULL));
	make_event();
	make_event();
	make_timer();
	EXPECT_OK(zx_object_get_info(rt_boot.process, ZX_INFO_PROCESS_HANDLE_STATS, &after,
				     sizeof(after), NULL, NULL));
	EXPECT_EQ(after.handle_count[ZX_OBJ_TYPE_EVENT],
		  before.handle_count[ZX_OBJ_TYPE_EVENT] + 2);
	EXPECT_EQ(after.handle_count[ZX_OBJ_TYPE_TIMER],
		  before.handle_count[ZX_OBJ_TYPE_TIMER] + 1);
	EXPECT_EQ(after.handle_count[ZX_OBJ_TYPE_PORT], before.handle_count[ZX_OBJ_TYPE_PORT]);
}
