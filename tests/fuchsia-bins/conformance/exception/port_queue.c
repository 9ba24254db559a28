/* Exception ports as ports: on their way, among other packets, and full. */
#include "exception.h"

/* A port that is in a message is still a handler; it goes with the message. */
CHECK(task_bind_exception_port, port_in_a_message)
{
	struct handler job_handler;
	zx_handle_t a, b;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	make_channel(&a, &b);
	EXPECT_OK(zx_channel_write(a, 0, NULL, 0, &process_handler.handle, 1));
	run_program();
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	EXPECT(nothing_comes(&job_handler));
	EXPECT_OK(zx_handle_close(b));
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* It goes with the last handle, and not before. */
CHECK(task_bind_exception_port, one_handle_of_two)
{
	zx_handle_t second;

	crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);
	second = duplicate(process_handler.handle);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	EXPECT_OK(zx_task_resume_from_exception(program.thread, second, 0));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The report is not that of a wait, which could be taken back. */
CHECK(task_bind_exception_port, report_is_not_cancelled)
{
	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_STATUS(zx_port_cancel(process_handler.handle, program.process,
				     process_handler.key),
		      ZX_ERR_NOT_FOUND);
	resume_next(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* One port for all that a debugger wants to know of a thread. */
CHECK(task_bind_exception_port, signals_of_the_thread_beside)
{
	zx_port_packet_t packet;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	EXPECT_OK(zx_object_wait_async(program.thread, process_handler.handle, 77,
				       ZX_THREAD_TERMINATED, ZX_WAIT_ASYNC_ONCE));
	resume_next(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_port_wait(process_handler.handle, LATE, &packet));
	EXPECT_EQ(packet.type, ZX_PKT_TYPE_SIGNAL_ONE);
	EXPECT_EQ(packet.key, 77);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* An answer needs no report that was read. */
CHECK(task_bind_exception_port, answered_unread)
{
	zx_port_packet_t packet;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(zx_task_resume_from_exception(program.thread, process_handler.handle, 0));
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	/* It is still there, of a thread that is no more. */
	EXPECT_OK(zx_port_wait(process_handler.handle, AT_ONCE, &packet));
	EXPECT_EQ(packet.type, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_STATUS(zx_task_resume_from_exception(program.thread, process_handler.handle, 0),
		      ZX_ERR_BAD_STATE);
}

#define MORE_THAN_FIT 4096

static void fill(zx_handle_t port)
{
	zx_port_packet_t packet = { 0 };
	int queued = 0;

	while (queued < MORE_THAN_FIT && zx_port_queue(port, &packet) == ZX_OK)
		queued++;
	EXPECT(queued < MORE_THAN_FIT);
}

/* Nobody is told, nor asked instead. (An earlier kernel would have stopped altogether.) */
CHECK(task_bind_exception_port, full_port, .from = ERA_2019_01)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	fill(process_handler.handle);
	run_program();
	EXPECT_EQ(program_code(), exception_code());
	EXPECT(nothing_comes(&job_handler));
}

/* What fills it need not be a program's packets. */
CHECK(task_bind_exception_port, port_full_of_signals, .from = ERA_2019_01)
{
	zx_port_packet_t packet = { 0 };
	zx_handle_t event = make_event();
	int queued = 0;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	EXPECT_OK(zx_object_signal(event, 0, ZX_USER_SIGNAL_0));
	while (zx_port_queue(process_handler.handle, &packet) == ZX_OK)
		queued++;
	for (int i = 0; i < queued; i++) {
		EXPECT_OK(zx_port_wait(process_handler.handle, AT_ONCE, &packet));
		EXPECT_OK(zx_object_wait_async(event, process_handler.handle, 0, ZX_USER_SIGNAL_0,
					       ZX_WAIT_ASYNC_ONCE));
	}
	EXPECT_STATUS(zx_port_queue(process_handler.handle, &packet), ZX_ERR_SHOULD_WAIT);
	run_program();
	EXPECT_EQ(program_code(), exception_code());
}

/* Nor is it told to the next debugger of a job; but the process goes on. */
CHECK(task_bind_exception_port, full_port_of_a_job_debugger, .from = ERA_2019_01)
{
	struct handler inner, outer;
	zx_handle_t parent = empty_job();
	zx_handle_t job;

	EXPECT_OK(zx_job_create(parent, 0, &job));
	make_program_in(own(job), NO_CRASH_RETURN);
	handle(&inner, job, DEBUGGER);
	handle(&outer, parent, DEBUGGER);
	fill(inner.handle);
	run_program();
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT(nothing_comes(&outer));
}

CHECK(task_bind_exception_port, full_port_of_a_debugger, .from = ERA_2019_01)
{
	struct handler debugger;

	make_program(NO_CRASH_RETURN);
	handle(&debugger, program.process, DEBUGGER);
	fill(debugger.handle);
	run_program();
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}
