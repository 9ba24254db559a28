/* Exceptions of other processes: who is asked, in which order, and what becomes of the tasks. */
#include "check.h"
#include "child.h"
#include "exception.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>
#include <zircon/syscalls/debug.h>
#include <zircon/syscalls/policy.h>

static struct rt_child child;
static zx_handle_t job;

/* The next exception on a channel, of whichever thread. */
static zx_handle_t next(zx_handle_t channel, uint32_t type)
{
	return rt_exception__next(channel, type, child.process);
}

static bool readable(zx_handle_t channel)
{
	return zx_object_wait_one(channel, ZX_CHANNEL_READABLE, 0, NULL) == ZX_OK;
}

static bool begin(const char *name)
{
	return CHECK_OK(zx_job_create(rt_boot.job, 0, &job)) &&
	       CHECK_OK(rt_child__create(&child, job, name)) && CHECK_OK(rt_child__start(&child));
}

static void end(int64_t want)
{
	int64_t code = 0;

	CHECK_OK(rt_child__wait(&child, &code));
	CHECK_EQ(code, want);
	rt_child__close(&child);
	CHECK_OK(zx_handle_close(job));
}

static uint32_t waits_for(void)
{
	zx_info_thread_t info = { 0 };

	CHECK_OK(zx_object_get_info(child.thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.state, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	return info.wait_exception_channel_type;
}

/* Nobody has it go on, so the process ends; but everybody was asked. */
static void ask_everybody(bool second_chance)
{
	zx_handle_t debugger;
	zx_handle_t channels[6];
	static const uint32_t types[] = {
		ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER, ZX_EXCEPTION_CHANNEL_TYPE_THREAD,
		ZX_EXCEPTION_CHANNEL_TYPE_PROCESS,  ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER,
		ZX_EXCEPTION_CHANNEL_TYPE_JOB,	    ZX_EXCEPTION_CHANNEL_TYPE_JOB,
	};

	if (!begin("asked"))
		return;
	debugger = rt_exception__channel(child.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	channels[0] = debugger;
	channels[1] = rt_exception__channel(child.thread, 0);
	channels[2] = rt_exception__channel(child.process, 0);
	channels[3] = debugger;
	channels[4] = rt_exception__channel(job, 0);
	channels[5] = rt_exception__channel(rt_boot.job, 0);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	for (size_t i = 0; i < RT_ARRAY_SIZE(channels); i++) {
		zx_handle_t exception;

		if (i == 3 && !second_chance)
			continue;
		exception = next(channels[i], ZX_EXCP_UNDEFINED_INSTRUCTION);
		CHECK_EQ(waits_for(), types[i]);
		if (i == 0 && second_chance)
			rt_exception__set(exception, ZX_PROP_EXCEPTION_STRATEGY,
			    ZX_EXCEPTION_STRATEGY_SECOND_CHANCE);
		for (size_t j = 0; j < RT_ARRAY_SIZE(channels); j++)
			CHECK(!readable(channels[j]));
		CHECK_OK(zx_handle_close(exception));
	}
	/* The debugger hears of the thread's end, which waits for nobody. */
	end(ZX_TASK_RETCODE_EXCEPTION_KILL);
	CHECK(readable(debugger));
	for (size_t i = 0; i < RT_ARRAY_SIZE(channels); i++)
		if (i != 3)
			zx_handle_close(channels[i]);
}

static void order(void)
{
	ask_everybody(false);
}

static void second_chance(void)
{
	ask_everybody(true);
}

/* What a channel has not given out goes on when it is closed, and when its holder dies. */
static void handlers_that_go(void)
{
	static struct rt_child holder;
	zx_handle_t debugger;
	zx_handle_t process;
	zx_handle_t of_job;
	int64_t code;

	if (!begin("orphan"))
		return;
	debugger = rt_exception__channel(child.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	process = rt_exception__channel(child.process, 0);
	of_job = rt_exception__channel(job, 0);
	REQUIRE_OK(rt_child__create(&holder, rt_boot.job, "holder"));
	REQUIRE_OK(rt_child__start(&holder));
	CHECK_OK(rt_child__tell(&holder, RT_CHILD_SLEEP, 0));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	CHECK_OK(zx_object_wait_one(debugger, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_handle_close(debugger));
	CHECK_OK(zx_object_wait_one(process, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
	CHECK_EQ(waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	/* It stays in the holder's channel until that process is gone. */
	CHECK_OK(zx_channel_write(holder.channel, 0, NULL, 0, &process, 1));
	CHECK_EQ(waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	CHECK_OK(zx_task_kill(holder.process));
	CHECK_OK(zx_handle_close(next(of_job, ZX_EXCP_UNDEFINED_INSTRUCTION)));
	CHECK_OK(rt_child__wait(&holder, &code));
	rt_child__close(&holder);
	end(ZX_TASK_RETCODE_EXCEPTION_KILL);
	zx_handle_close(of_job);
}

/* An exception that was read is its handle, wherever that goes. */
static void exception_in_a_dying_process(void)
{
	static struct rt_child holder;
	zx_handle_t exception;
	zx_handle_t process;
	zx_handle_t of_job;
	int64_t code;

	if (!begin("held"))
		return;
	process = rt_exception__channel(child.process, 0);
	of_job = rt_exception__channel(job, 0);
	REQUIRE_OK(rt_child__create(&holder, rt_boot.job, "holder"));
	REQUIRE_OK(rt_child__start(&holder));
	CHECK_OK(rt_child__tell(&holder, RT_CHILD_SLEEP, 0));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	exception = next(process, ZX_EXCP_UNDEFINED_INSTRUCTION);
	CHECK_OK(zx_channel_write(holder.channel, 0, NULL, 0, &exception, 1));
	CHECK_OK(zx_handle_close(process));
	CHECK(!readable(of_job));
	CHECK_OK(zx_task_kill(holder.process));
	CHECK_OK(zx_handle_close(next(of_job, ZX_EXCP_UNDEFINED_INSTRUCTION)));
	CHECK_OK(rt_child__wait(&holder, &code));
	rt_child__close(&holder);
	end(ZX_TASK_RETCODE_EXCEPTION_KILL);
	zx_handle_close(of_job);
}

/* --- policies --- */

static struct rt_thread asker;
static int64_t answer;

static void ask_for_event(void *arg)
{
	uint64_t args[RT_CHILD_ARGS] = { 0, (uint64_t)arg };

	CHECK_OK(rt_child__call(&child, (const void *)zx_event_create, args, &answer));
}

static void violate(uint32_t action, zx_status_t want)
{
	zx_policy_basic_v1_t policy = { ZX_POL_NEW_EVENT, action };
	zx_thread_state_general_regs_t regs = { 0 };
	zx_exception_report_v2_t report = { 0 };
	zx_handle_t value = 0;
	zx_handle_t exception;
	zx_handle_t channel;
	zx_vaddr_t out;
	size_t actual;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	REQUIRE_OK(zx_job_set_policy(job, ZX_JOB_POL_ABSOLUTE, ZX_JOB_POL_BASIC_V1, &policy, 1));
	REQUIRE_OK(rt_child__create(&child, job, "violator"));
	REQUIRE_OK(rt_child__start(&child));
	channel = rt_exception__channel(child.process, 0);
	out = child.data + RT_PAGE_SIZE - RT_CHILD_ROOM;
	REQUIRE_OK(rt_thread__start(&asker, "asker", ask_for_event, (void *)out));
	exception = next(channel, ZX_EXCP_POLICY_ERROR);
	CHECK_OK(zx_object_get_info(child.thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.context.synth_code, ZX_EXCP_POLICY_CODE_NEW_EVENT);
	/* All that the call does is done. */
	CHECK_OK(zx_process_read_memory(child.process, out, &value, sizeof(value), &actual));
	CHECK_EQ(value != 0, want == ZX_OK);
	/* It is about to return, and would return something else if it were told to. */
	CHECK_OK(zx_thread_read_state(child.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	CHECK_STATUS((zx_status_t)regs.rax, want);
	regs.rax = 77;
	CHECK_OK(zx_thread_write_state(child.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	rt_exception__resume(exception);
	CHECK_OK(rt_thread__join(&asker));
	CHECK_EQ(answer, 77);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 5));
	end(5);
	zx_handle_close(channel);
}

static void policies(void)
{
	violate(ZX_POL_ACTION_DENY_EXCEPTION, ZX_ERR_ACCESS_DENIED);
	violate(ZX_POL_ACTION_ALLOW_EXCEPTION, ZX_OK);
}

/* --- ends --- */

static zx_signals_t signals_of(zx_handle_t handle)
{
	zx_signals_t signals = 0;

	zx_object_wait_one(handle, 0, 0, &signals);
	return signals;
}

/* The debugger can look at a thread that ends as long as it likes. */
static void thread_exit(void)
{
	static const uint32_t stop = 1;
	zx_thread_state_general_regs_t regs = { 0 };
	zx_info_thread_t info = { 0 };
	zx_handle_t exception;
	zx_handle_t debugger;
	zx_handle_t thread;
	size_t actual;

	if (!begin("exits"))
		return;
	debugger = rt_exception__channel(child.process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	CHECK_OK(zx_process_write_memory(
		child.process, RT_CHILD_SHARED(&child) + offsetof(struct rt_child_shared, stop),
		&stop, sizeof(stop), &actual));
	REQUIRE_OK(rt_child__add_thread(&child, "leaver", &thread));
	exception = next(debugger, ZX_EXCP_THREAD_STARTING);
	CHECK_EQ(signals_of(thread), ZX_THREAD_RUNNING);
	CHECK_OK(zx_handle_close(exception));
	exception = next(debugger, ZX_EXCP_THREAD_EXITING);
	CHECK_OK(zx_object_get_info(thread, ZX_INFO_THREAD, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.state, ZX_THREAD_STATE_DYING);
	CHECK_EQ(info.wait_exception_channel_type, ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER);
	CHECK_EQ(signals_of(thread), ZX_THREAD_RUNNING);
	CHECK_STATUS(zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
					  sizeof(regs)),
		     ZX_ERR_NOT_SUPPORTED);
	CHECK_OK(zx_handle_close(exception));
	CHECK_OK(zx_object_wait_one(thread, ZX_THREAD_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(rt_child__tell(&child, RT_CHILD_EXIT, 3));
	end(3);
	CHECK_OK(zx_object_wait_one(debugger, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE, NULL));
	zx_handle_close(debugger);
	zx_handle_close(thread);
}

/* A process that is killed waits for no handler, and what that says later changes nothing. */
static void killed(void)
{
	zx_handle_t exception;
	zx_handle_t channel;
	zx_handle_t thread;

	if (!begin("killed"))
		return;
	channel = rt_exception__channel(child.process, 0);
	CHECK_OK(rt_child__tell(&child, RT_CHILD_CRASH, 0));
	exception = next(channel, ZX_EXCP_UNDEFINED_INSTRUCTION);
	CHECK_OK(zx_task_kill(child.process));
	CHECK_OK(zx_object_wait_one(child.process, ZX_PROCESS_TERMINATED, ZX_TIME_INFINITE, NULL));
	CHECK_OK(zx_exception_get_thread(exception, &thread));
	CHECK_EQ(signals_of(thread), ZX_THREAD_TERMINATED);
	zx_handle_close(thread);
	rt_exception__resume(exception);
	end(ZX_TASK_RETCODE_SYSCALL_KILL);
	CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_PEER_CLOSED, ZX_TIME_INFINITE, NULL));
	zx_handle_close(channel);
}

/* --- starts --- */

/* Where the address of zx_process_exit stands among those that the child is given. */
#define PROCESS_EXIT 6

static void starts(void)
{
	zx_handle_t of_job;
	zx_handle_t above;
	zx_handle_t debugger;
	zx_handle_t exception;
	zx_handle_t thread;
	zx_handle_t process;
	zx_thread_state_general_regs_t regs = { 0 };
	uint64_t calls[PROCESS_EXIT + 1];
	size_t actual;

	REQUIRE_OK(zx_job_create(rt_boot.job, 0, &job));
	of_job = rt_exception__channel(job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	above = rt_exception__channel(rt_boot.job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	REQUIRE_OK(rt_child__create(&child, job, "started"));
	REQUIRE_OK(rt_child__start(&child));
	exception = next(of_job, ZX_EXCP_PROCESS_STARTING);
	CHECK_EQ(waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_JOB_DEBUGGER);
	CHECK_OK(zx_exception_get_process(exception, &process));
	CHECK_OK(zx_exception_get_thread(exception, &thread));
	CHECK_EQ(rt_koid(thread), rt_koid(child.thread));
	debugger = rt_exception__channel(process, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	CHECK(!readable(above));
	CHECK_OK(zx_handle_close(exception));
	CHECK_OK(zx_handle_close(next(above, ZX_EXCP_PROCESS_STARTING)));
	exception = next(debugger, ZX_EXCP_THREAD_STARTING);
	CHECK_EQ(waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_DEBUGGER);
	/* It stands before its first instruction, and can begin elsewhere. */
	CHECK_OK(zx_thread_read_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs)));
	CHECK_EQ(regs.rsi, child.data);
	CHECK_EQ(regs.rax, 0);
	CHECK_OK(zx_process_read_memory(child.process, child.data, &calls, sizeof(calls), &actual));
	CHECK_EQ(actual, sizeof(calls));
	regs.rip = calls[PROCESS_EXIT];
	regs.rdi = 9;
	CHECK_OK(zx_thread_write_state(thread, ZX_THREAD_STATE_GENERAL_REGS, &regs, sizeof(regs)));
	CHECK_OK(zx_handle_close(exception));
	end(9);
	zx_handle_close(of_job);
	zx_handle_close(above);
	zx_handle_close(debugger);
	zx_handle_close(thread);
	zx_handle_close(process);
}

/* --- a program's own --- */

static void raise_own(void *arg)
{
	zx_exception_context_v2_t context = {
		.synth_code = ZX_EXCP_USER_CODE_USER0,
		.synth_data = 17,
	};

	(void)arg;
	CHECK_OK(zx_thread_raise_exception(ZX_EXCEPTION_TARGET_JOB_DEBUGGER, ZX_EXCP_USER,
					   (const zx_exception_context_t *)&context));
}

static void own_exceptions(void)
{
	zx_exception_report_v2_t report = { 0 };
	zx_exception_info_t info = { 0 };
	zx_handle_t exception = ZX_HANDLE_INVALID;
	zx_handle_t channel;

	/* Nobody is there to be told. */
	raise_own(NULL);
	channel = rt_exception__channel(rt_boot.job, ZX_EXCEPTION_CHANNEL_DEBUGGER);
	REQUIRE_OK(rt_thread__start(&asker, "raiser", raise_own, NULL));
	for (;;) {
		CHECK_OK(zx_object_wait_one(channel, ZX_CHANNEL_READABLE, ZX_TIME_INFINITE, NULL));
		REQUIRE_OK(zx_channel_read(channel, 0, &info, &exception, sizeof(info), 1, NULL,
					   NULL));
		if (info.type == ZX_EXCP_USER)
			break;
		CHECK_OK(zx_handle_close(exception));
	}
	CHECK_OK(zx_object_get_info(asker.handle, ZX_INFO_THREAD_EXCEPTION_REPORT_V2, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.header.type, ZX_EXCP_USER);
	CHECK_EQ(report.context.synth_code, ZX_EXCP_USER_CODE_USER0);
	CHECK_EQ(report.context.synth_data, 17);
	CHECK_OK(zx_handle_close(exception));
	CHECK_OK(rt_thread__join(&asker));
	zx_handle_close(channel);
}

int main(void)
{
	RUN(order);
	RUN(second_chance);
	RUN(handlers_that_go);
	RUN(exception_in_a_dying_process);
	RUN(policies);
	RUN(killed);
	RUN(own_exceptions);
	RUN(thread_exit);
	RUN(starts);
	return rt_check_result();
}
