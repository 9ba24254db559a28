/* Handlers that are processes of their own, and end in the middle of it. */
#include "exception.h"

static struct twin other;

/* In the other process: takes a handler over, then one exception, says so, and sleeps on it. */
static int64_t hold_one(zx_handle_t channel)
{
	zx_exception_info_t info;
	zx_handle_t handler, exception;
	zx_port_packet_t packet;
	zx_status_t status;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	status = zx_channel_read(channel, 0, NULL, &handler, 0, 1, NULL, NULL);
	if (status == ZX_OK && era() < ERA_2020_07) {
		status = zx_port_wait(handler, ZX_TIME_INFINITE, &packet);
	} else if (status == ZX_OK) {
		zx_object_wait_one(handler, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
		status = zx_channel_read(handler, 0, &info, &exception, sizeof(info), 1, NULL,
					 NULL);
	}
	zx_channel_write(channel, 0, &status, sizeof(status), NULL, 0);
	zx_nanosleep(ZX_TIME_INFINITE);
	return 0;
}

/* Its thread faults, while it is the handler. */
static int64_t hold_and_crash(zx_handle_t channel)
{
	zx_handle_t handler;
	zx_port_packet_t packet;

	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	if (zx_channel_read(channel, 0, NULL, &handler, 0, 1, NULL, NULL) == ZX_OK &&
	    era() < ERA_2020_07)
		zx_port_wait(handler, ZX_TIME_INFINITE, &packet);
	else
		zx_object_wait_one(handler, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL);
	__builtin_trap();
}

/* From here on only the other process has the handler. */
static void give_to_other(zx_handle_t handler, twin_fn run)
{
	EXPECT_OK(twin__create(&other, empty_job()));
	EXPECT_OK(twin__start(&other, run));
	EXPECT_OK(zx_channel_write(other.channel, 0, NULL, 0, &handler, 1));
}

static void until_other_holds_one(void)
{
	zx_status_t status;

	EXPECT_OK(zx_object_wait_one(other.channel, ZX_CHANNEL_READABLE, LATE, NULL));
	EXPECT_OK(zx_channel_read(other.channel, 0, &status, NULL, sizeof(status), 0, NULL, NULL));
	EXPECT_OK(status);
}

DEFINE_BOTH(handler_is_killed)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	give_to_other(process_handler.handle, hold_one);
	run_program();
	until_other_holds_one();
	EXPECT(nothing_comes(&job_handler));
	kill_and_wait(other.process);
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(only_handler_is_killed)
{
	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	give_to_other(process_handler.handle, hold_one);
	run_program();
	until_other_holds_one();
	kill_and_wait(other.process);
	EXPECT_EQ(program_code(), exception_code());
}

DEFINE_BOTH(handler_crashes)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	give_to_other(process_handler.handle, hold_and_crash);
	run_program();
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT_EQ(twin__wait(&other), exception_code());
}

/* It holds a thread that starts. */
DEFINE_BOTH(debugger_is_killed)
{
	make_program(NO_CRASH_RETURN);
	handle(&process_handler, program.process, DEBUGGER);
	give_to_other(process_handler.handle, hold_one);
	run_program();
	until_other_holds_one();
	kill_and_wait(other.process);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}
