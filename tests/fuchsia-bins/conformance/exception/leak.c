/* New handles for which the program has given no place: in the newest system an exception. */
#include "exception.h"

static uint64_t handles_of(zx_handle_t process)
{
	zx_info_process_handle_stats_t stats;
	uint64_t sum = 0;

	EXPECT_OK(zx_object_get_info(process, ZX_INFO_PROCESS_HANDLE_STATS, &stats, sizeof(stats),
				     NULL, NULL));
	for (size_t i = 0; i < RT_ARRAY_SIZE(stats.handle_count); i++)
		sum += stats.handle_count[i];
	return sum;
}

static int64_t lose_event(zx_handle_t channel)
{
	(void)channel;
	return zx_event_create(0, BAD_POINTER);
}

static int64_t lose_channel(zx_handle_t channel)
{
	zx_handle_t out;

	(void)channel;
	return zx_channel_create(0, &out, BAD_POINTER);
}

static int64_t bad_option(zx_handle_t channel)
{
	(void)channel;
	return zx_event_create(1, BAD_POINTER);
}

static void make_loser(twin_fn fn)
{
	program_job = empty_job();
	EXPECT_OK(twin__create(&program, program_job));
	handle(&process_handler, program.process, PLAIN);
	EXPECT_OK(twin__start(&program, fn));
}

/* What happens to a program that goes on: it learns of it, and has one handle, or two, more. */
static void expect_loss(twin_fn fn, uint64_t lost)
{
	zx_thread_state_general_regs_t regs;
	zx_exception_report_v2_t report;
	struct exception exception;

	make_loser(fn);
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_POLICY_ERROR);
	EXPECT_OK(zx_object_get_info(program.thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				     sizeof(report), NULL, NULL));
	EXPECT_EQ(report.context.synth_code, ZX_EXCP_POLICY_CODE_HANDLE_LEAK);
	EXPECT_EQ(report.context.synth_data, 0);
	/* It has its channel besides. */
	EXPECT_EQ(handles_of(program.process), 1 + lost);
	regs = registers();
	EXPECT_STATUS((zx_status_t)regs.rax, ZX_ERR_INVALID_ARGS);
	resume(&exception);
	EXPECT_EQ(program_code(), ZX_ERR_INVALID_ARGS);
}

CHECK(event_create, lost_handle, .from = ERA_NEWEST)
{
	expect_loss(lose_event, 1);
}

CHECK(channel_create, lost_handle, .from = ERA_NEWEST)
{
	expect_loss(lose_channel, 2);
}

CHECK(event_create, lost_handle_without_a_handler, .from = ERA_NEWEST)
{
	make_loser(lose_event);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	EXPECT_EQ(program_code(), exception_code());
}

/* Before that date there is no handle left. */
CHECK(event_create, no_lost_handle, .to = ERA_2021_01)
{
	make_loser(lose_event);
	EXPECT_EQ(program_code(), ZX_ERR_INVALID_ARGS);
	EXPECT(nothing_comes(&process_handler));
}

/* A call that fails for another reason has made none. */
CHECK(event_create, bad_pointer_besides)
{
	make_loser(bad_option);
	EXPECT_EQ(program_code(), ZX_ERR_INVALID_ARGS);
	EXPECT(nothing_comes(&process_handler));
}
