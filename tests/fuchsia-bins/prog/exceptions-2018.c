/*
 * Exceptions by port, as they were to 2019-01. The argument is the date whose rules are expected:
 * 2018-07, 2018-10, or none for what came after.
 */
#include "check.h"
#include "child.h"
#include "string.h"
#include "vmar.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#define KEY 5u
#define DEBUGGER ZX_EXCEPTION_PORT_DEBUGGER_202002
#define TRY_NEXT ZX_RESUME_TRY_NEXT_202002
#define QUIETLY ZX_EXCEPTION_PORT_UNBIND_QUIETLY_201810

static const char *date = "";
static struct rt_child child;
static struct rt_thread thread;
static zx_handle_t job;

static bool at(const char *name)
{
	return !strcmp(date, name);
}

static zx_handle_t bound_port(zx_handle_t task, uint32_t options)
{
	zx_handle_t port = ZX_HANDLE_INVALID;

	CHECK_OK(zx_port_create(0, &port));
	CHECK_OK(zx_task_bind_exception_port(task, port, KEY, options));
	return port;
}

static zx_packet_exception_202002_t next(zx_handle_t port, uint32_t type)
{
	zx_port_packet_t packet = { 0 };
	zx_packet_exception_202002_t body;

	CHECK_OK(zx_port_wait(port, ZX_TIME_INFINITE, &packet));
	CHECK_EQ(packet.key, KEY);
	CHECK_EQ(packet.type, type);
	CHECK(ZX_PKT_IS_EXCEPTION_202002(packet.type));
	memcpy(&body, &packet.user, sizeof(body));
	return body;
}

static uint32_t waits_for(zx_handle_t of)
{
	zx_info_thread_2018_t info = { 0 };

	CHECK_OK(zx_object_get_info(of, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.state, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	return info.wait_exception_port_type;
}

static void breakpoint(void *arg)
{
	__asm__ volatile("int3");
	*(uint32_t *)arg = 1;
}

static void load(void *arg)
{
	__asm__ volatile("movb (%0), %%al" : : "r"(arg) : "eax");
}

/* One port for the process and its thread: the report tells which of them it came for. */
static void answers(void)
{
	zx_exception_report_t report = { 0 };
	zx_packet_exception_202002_t packet;
	uint32_t passed = 0;
	zx_handle_t other;
	zx_handle_t port;

	port = bound_port(rt_boot.process, 0);
	CHECK_OK(zx_port_create(0, &other));
	REQUIRE_OK(rt_thread__start(&thread, "breaker", breakpoint, &passed));
	packet = next(port, ZX_EXCP_SW_BREAKPOINT);
	CHECK_EQ(packet.pid, rt_koid(rt_boot.process));
	CHECK_EQ(packet.tid, rt_koid(thread.handle));
	CHECK_EQ(waits_for(thread.handle), ZX_EXCEPTION_PORT_TYPE_PROCESS_202002);
	CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD_EXCEPTION_REPORT, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.header.size, sizeof(report));
	CHECK_EQ(report.header.type, ZX_EXCP_SW_BREAKPOINT);
	CHECK_EQ(report.context.arch.u.x86_64.vector, 3);
	CHECK_STATUS(zx_task_resume_from_exception(thread.handle, other, 0),
		     ZX_ERR_ACCESS_DENIED);
	CHECK_STATUS(zx_task_resume_from_exception(thread.handle, port, 4), ZX_ERR_INVALID_ARGS);
	CHECK_OK(zx_task_resume_from_exception(thread.handle, port, 0));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_STATUS(zx_task_resume_from_exception(thread.handle, port, 0), ZX_ERR_BAD_STATE);
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(passed, 1);
	CHECK_OK(zx_task_bind_exception_port(rt_boot.process, ZX_HANDLE_INVALID, 0, 0));
	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.process, ZX_HANDLE_INVALID, 0, 0),
		     ZX_ERR_BAD_STATE);
	zx_handle_close(port);
	zx_handle_close(other);
}

static void binding(void)
{
	zx_handle_t port = bound_port(rt_boot.process, 0);

	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.process, port, 0, 0),
		     at("2018-07") ? ZX_ERR_BAD_STATE : ZX_ERR_ALREADY_BOUND);
	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.thread, port, 0, DEBUGGER),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.thread, port, 0, QUIETLY),
		     ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.process, ZX_HANDLE_INVALID, 0, QUIETLY),
		     at("2018-07") || at("2018-10") ? ZX_OK : ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.job, port, 0, DEBUGGER),
		     at("2018-07") ? ZX_ERR_INVALID_ARGS : ZX_OK);
	/* What is bound goes with the port. */
	zx_handle_close(port);
	CHECK_STATUS(zx_task_bind_exception_port(rt_boot.process, ZX_HANDLE_INVALID, 0, 0),
		     ZX_ERR_BAD_STATE);
}

static bool begin(const char *name)
{
	return CHECK_OK(zx_job_create(rt_boot.job, 0, &job)) &&
	       CHECK_OK(rt_child__create(&child, job, name)) && CHECK_OK(rt_child__start(&child));
}

static void end(void)
{
	int64_t code = 0;

	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, -1);
	rt_child__close(&child);
	zx_handle_close(job);
}

static void order(void)
{
	zx_handle_t tasks[5];
	zx_handle_t ports[5];
	static const uint32_t types[] = {
		ZX_EXCEPTION_PORT_TYPE_DEBUGGER_202002, ZX_EXCEPTION_PORT_TYPE_THREAD_202002,
		ZX_EXCEPTION_PORT_TYPE_PROCESS_202002,	ZX_EXCEPTION_PORT_TYPE_JOB_202002,
		ZX_EXCEPTION_PORT_TYPE_JOB_202002,
	};

	if (!begin("asked"))
		return;
	tasks[0] = child.process;
	tasks[1] = child.thread;
	tasks[2] = child.process;
	tasks[3] = job;
	tasks[4] = rt_boot.job;
	for (size_t i = 0; i < RT_ARRAY_SIZE(ports); i++)
		ports[i] = bound_port(tasks[i], i ? 0 : DEBUGGER);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	for (size_t i = 0; i < RT_ARRAY_SIZE(ports); i++) {
		zx_packet_exception_202002_t packet = next(ports[i], ZX_EXCP_UNDEFINED_INSTRUCTION);
		zx_handle_t found;

		CHECK_EQ(waits_for(child.thread), types[i]);
		CHECK_EQ(packet.pid, rt_koid(child.process));
		REQUIRE_OK(zx_object_get_child(child.process, packet.tid, ZX_RIGHT_SAME_RIGHTS,
					       &found));
		CHECK_OK(zx_task_resume_from_exception(found, ports[i], TRY_NEXT));
		zx_handle_close(found);
	}
	end();
	for (size_t i = 0; i < RT_ARRAY_SIZE(ports); i++)
		zx_handle_close(ports[i]);
}

/* A port that goes counts as a handler that does not want it. */
static void handlers_that_go(void)
{
	zx_handle_t ports[3];

	if (!begin("orphan"))
		return;
	ports[0] = bound_port(child.process, DEBUGGER);
	ports[1] = bound_port(child.process, 0);
	ports[2] = bound_port(job, 0);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	next(ports[0], ZX_EXCP_UNDEFINED_INSTRUCTION);
	CHECK_OK(zx_task_bind_exception_port(child.process, ZX_HANDLE_INVALID, 0, DEBUGGER));
	next(ports[1], ZX_EXCP_UNDEFINED_INSTRUCTION);
	zx_handle_close(ports[1]);
	next(ports[2], ZX_EXCP_UNDEFINED_INSTRUCTION);
	zx_handle_close(ports[2]);
	end();
	zx_handle_close(ports[0]);
}

/* The form of the answer that needed no port. */
static void resume_without_port(void)
{
	uint32_t passed = 0;
	zx_handle_t port = bound_port(rt_boot.process, 0);

	REQUIRE_OK(rt_thread__start(&thread, "breaker", breakpoint, &passed));
	next(port, ZX_EXCP_SW_BREAKPOINT);
	CHECK_STATUS(zx_task_resume(thread.handle, TRY_NEXT), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_resume(thread.handle, 4), ZX_ERR_INVALID_ARGS);
	CHECK_STATUS(zx_task_resume(rt_boot.process, ZX_RESUME_EXCEPTION_201810),
		     ZX_ERR_WRONG_TYPE);
	CHECK_STATUS(zx_task_resume(rt_boot.thread, ZX_RESUME_EXCEPTION_201810), ZX_ERR_BAD_STATE);
	/* Its handler goes, and leaves it where it is. */
	CHECK_OK(zx_task_bind_exception_port(rt_boot.process, ZX_HANDLE_INVALID, 0, QUIETLY));
	zx_handle_close(port);
	CHECK_EQ(waits_for(thread.handle), ZX_EXCEPTION_PORT_TYPE_PROCESS_202002);
	CHECK_OK(zx_task_resume(thread.handle, ZX_RESUME_EXCEPTION_201810));
	CHECK_OK(rt_thread__join(&thread));
	CHECK_EQ(passed, 1);
}

/* Of a page fault the report tells where it was, and how. */
static void page_fault(void)
{
	zx_exception_report_t report = { 0 };
	zx_handle_t port = bound_port(rt_boot.process, 0);

	REQUIRE_OK(rt_thread__start(&thread, "loader", load, (void *)0x123));
	next(port, ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD_EXCEPTION_REPORT, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.context.arch.u.x86_64.vector, 14);
	CHECK_EQ(report.context.arch.u.x86_64.err_code, 4);
	CHECK_EQ(report.context.arch.u.x86_64.cr2, 0x123);
	CHECK_OK(zx_task_kill(thread.handle));
	CHECK_OK(rt_thread__join(&thread));
	zx_handle_close(port);
}

/* The job's debugger hears of the process; in July 2018 there was none. */
static void start_in_job(void)
{
	zx_handle_t of_job = at("2018-07") ? ZX_HANDLE_INVALID : bound_port(job, DEBUGGER);

	CHECK_OK(rt_child__start(&child));
	if (!of_job)
		return;
	next(of_job, ZX_EXCP_PROCESS_STARTING);
	CHECK_EQ(waits_for(child.thread), ZX_EXCEPTION_PORT_TYPE_JOB_DEBUGGER_202002);
	CHECK_OK(zx_task_resume_from_exception(child.thread, of_job, 0));
	zx_handle_close(of_job);
}

/* Threads and processes that start, and threads that end. */
static void starts_and_ends(void)
{
	zx_thread_state_general_regs_2018_t regs;
	zx_handle_t debugger;
	static const uint32_t stop = 1;
	zx_handle_t leaver;
	size_t actual;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(rt_child__create(&child, job, "started"));
	debugger = bound_port(child.process, DEBUGGER);
	start_in_job();
	next(debugger, ZX_EXCP_THREAD_STARTING);
	/* There were no registers yet. */
	CHECK_STATUS(zx_thread_read_state(child.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					  sizeof(regs)),
		     ZX_ERR_NOT_SUPPORTED);
	CHECK_OK(zx_task_resume_from_exception(child.thread, debugger, 0));
	CHECK_OK(zx_process_write_memory(
		child.process, RT_CHILD_SHARED(&child) + offsetof(struct rt_child_shared, stop),
		&stop, sizeof(stop), &actual));
	REQUIRE_OK(rt_child__add_thread(&child, "leaver", &leaver));
	next(debugger, ZX_EXCP_THREAD_STARTING);
	CHECK_OK(zx_task_resume_from_exception(leaver, debugger, 0));
	next(debugger, ZX_EXCP_THREAD_EXITING);
	CHECK_OK(zx_task_resume_from_exception(leaver, debugger, 0));
	CHECK_OK(zx_object_wait_one(leaver, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, (uint64_t)-1));
	/* The last one of a process that ends waits for nobody. */
	next(debugger, ZX_EXCP_THREAD_EXITING);
	end();
	zx_handle_close(leaver);
	zx_handle_close(debugger);
}

int main(void)
{
	if (rt_boot.argc > 1)
		date = rt_boot.argv[1];
	rt_vmar_201807 = at("2018-07");
	RUN(answers);
	RUN(binding);
	RUN(page_fault);
	if (at("2018-07") || at("2018-10"))
		RUN(resume_without_port);
	RUN(order);
	RUN(handlers_that_go);
	RUN(starts_and_ends);
	return rt_check_result();
}
