/*
 * Faults at a high rate: of threads of this process, and of another one. What handles them is a
 * port, or with the argument "channel" a channel. At each "at ..." a byte on standard input lets
 * the program go on, so that somebody can look at what this costs whoever runs it.
 *
 *   faults [port|channel]
 */
#include "check.h"
#include "child.h"
#include "string.h"

#include <zircon/eras.h>
#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/exception.h>
#include <zircon/syscalls/port.h>

#define THREADS 8
#define FAULTS 10000
/* The address that is stored to: nothing is there. */
#define NOWHERE 0x100ul

static bool by_channel;
static zx_handle_t handler;
static struct rt_child child;
static struct rt_thread threads[THREADS];
static uint64_t faults = FAULTS;

static void pause_at(const char *what)
{
	zx_handle_t input = rt_boot__fd(0);
	size_t actual;
	char byte;

	rt_print("at %s\n", what);
	zx_object_wait_one(input, ZX_SOCKET_READABLE | ZX_SOCKET_PEER_CLOSED, ZX_TIME_INFINITE,
			   NULL);
	zx_socket_read(input, 0, &byte, 1, &actual);
}

/* --- The handler --- */

static void watch(zx_handle_t task)
{
	if (by_channel) {
		CHECK_OK(zx_task_create_exception_channel(task, 0, &handler));
		return;
	}
	CHECK_OK(zx_port_create(0, &handler));
	CHECK_OK(zx_task_bind_exception_port(task, handler, 0, 0));
}

/* The thread of an exception, and for channels the exception. */
struct report {
	zx_handle_t thread;
	zx_handle_t exception;
	uint32_t type;
};

static struct report next_of_channel(void)
{
	struct report report = { 0 };
	zx_exception_info_t info = { 0 };

	CHECK_OK(zx_object_wait_one(handler, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_channel_read(handler, 0, &info, &report.exception, sizeof(info), 1, NULL,
				 NULL));
	CHECK_OK(zx_exception_get_thread(report.exception, &report.thread));
	report.type = info.type;
	return report;
}

static struct report next_of_port(zx_handle_t process)
{
	zx_packet_exception_202002_t body;
	zx_port_packet_t packet = { 0 };
	struct report report = { 0 };

	CHECK_OK(zx_port_wait(handler, ZX_TIME_INFINITE, &packet));
	memcpy(&body, &packet.user, sizeof(body));
	CHECK_OK(zx_object_get_child(process, body.tid, ZX_RIGHT_SAME_RIGHTS, &report.thread));
	report.type = packet.type;
	return report;
}

static void answer(struct report *report)
{
	static const uint32_t handled = ZX_EXCEPTION_STATE_HANDLED;

	if (by_channel) {
		CHECK_OK(zx_object_set_property(report->exception, ZX_PROP_EXCEPTION_STATE,
						&handled, sizeof(handled)));
		CHECK_OK(zx_handle_close(report->exception));
	} else {
		CHECK_OK(zx_task_resume_from_exception(report->thread, handler, 0));
	}
	CHECK_OK(zx_handle_close(report->thread));
}

/* The instruction that stores is passed over: its length is in rax. */
static void pass_over(zx_handle_t thread)
{
	zx_thread_state_general_regs_2018_t old;
	zx_thread_state_general_regs_t regs;
	void *buffer = by_channel ? (void *)&regs : &old;
	size_t size = by_channel ? sizeof(regs) : sizeof(old);

	CHECK_OK(zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, buffer, size));
	regs.rip += regs.rax;
	old.rip += old.rax;
	CHECK_OK(zx_thread_write_state(thread, ZX_THREAD_STATE_GENERAL_REGS, buffer, size));
}

/* So many exceptions of the process; says how fast that was. */
static void handle(zx_handle_t process, uint64_t number, const char *what)
{
	zx_time_t begin = zx_clock_get_monotonic();
	zx_duration_t took;

	for (uint64_t i = 0; i < number; i++) {
		struct report report = by_channel ? next_of_channel() : next_of_port(process);

		if (report.type == ZX_EXCP_FATAL_PAGE_FAULT)
			pass_over(report.thread);
		else if (!CHECK_EQ(report.type, ZX_EXCP_SW_BREAKPOINT))
			zx_process_exit(1);
		answer(&report);
	}
	took = zx_clock_get_monotonic() - begin;
	rt_print("%s: %llu faults, %llu a second\n", what, (unsigned long long)number,
		 (unsigned long long)(number * 1000000000 / (uint64_t)took));
}

/* --- What faults --- */

static void break_often(void *arg)
{
	for (uint64_t i = (uintptr_t)arg; i; i--)
		__asm__ volatile("int3");
}

static void store_often(void *arg)
{
	for (uint64_t i = (uintptr_t)arg; i; i--)
		__asm__ volatile("movb $1, (%1)" : : "a"(3), "c"(NOWHERE) : "memory");
}

static void one_thread(void (*run)(void *), const char *what)
{
	watch(rt_boot.process);
	REQUIRE_OK(rt_thread__start(&threads[0], "faults", run, (void *)faults));
	handle(rt_boot.process, faults, what);
	CHECK_OK(rt_thread__join(&threads[0]));
	zx_handle_close(handler);
}

static void breakpoints(void)
{
	one_thread(break_often, "breakpoints");
}

static void page_faults(void)
{
	one_thread(store_often, "page faults");
}

static void many_threads(void)
{
	uint64_t each = faults / THREADS;

	watch(rt_boot.process);
	for (int i = 0; i < THREADS; i++)
		REQUIRE_OK(rt_thread__start(&threads[i], "faults",
					    i % 2 ? break_often : store_often, (void *)each));
	handle(rt_boot.process, each * THREADS, "many threads");
	for (int i = 0; i < THREADS; i++)
		CHECK_OK(rt_thread__join(&threads[i]));
	zx_handle_close(handler);
}

static void another_process(void)
{
	int64_t code;

	REQUIRE_OK(rt_child__create(&child, rt_boot.job, "breaks"));
	REQUIRE_OK(rt_child__start(&child));
	watch(child.process);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_BREAK, 0));
	handle(child.process, faults, "another process");
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(rt_child__wait(&child, &code));
	rt_child__close(&child);
	zx_handle_close(handler);
}

static void all(void)
{
	breakpoints();
	page_faults();
	many_threads();
	another_process();
}

int main(void)
{
	uint64_t number = faults;

	by_channel = rt_boot.argc > 1 && !strcmp(rt_boot.argv[1], "channel");
	/* The first time, code and tables are touched that stay. */
	faults = number / 10;
	all();
	faults = number;
	pause_at("begin");
	RUN(breakpoints);
	RUN(page_faults);
	RUN(many_threads);
	RUN(another_process);
	pause_at("end");
	return rt_check_result();
}
