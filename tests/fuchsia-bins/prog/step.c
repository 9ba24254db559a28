/* Single-stepping, as debuggers do it: over instructions, and over calls of the system. */
#include "check.h"
#include "exception.h"
#include "string.h"
#include "suspend.h"

#include <zircon/errors.h>
#include <zircon/syscalls/debug.h>

#define SECOND 1000000000ll
#define MAX_STEPS 4000
/* The end of what a program can have mapped. */
#define ADDRESSES 0x7fe000000000ull

static struct rt_thread thread;
static zx_handle_t channel;
static uint64_t trail[MAX_STEPS];
static uint32_t steps;

static void set_step(zx_thread_state_single_step_t step)
{
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_SINGLE_STEP, &step,
				       sizeof(step)));
}

static zx_thread_state_general_regs_t registers(void)
{
	zx_thread_state_general_regs_t regs = { 0 };

	CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				      sizeof(regs)));
	return regs;
}

/* Begins a thread that is to be stepped from its first instruction on. */
static bool begin(void (*run)(void *arg), void *arg)
{
	zx_handle_t token;

	steps = 0;
	if (!CHECK_OK(rt_thread__create(&thread, "stepped", run, arg)) ||
	    !CHECK_OK(zx_task_create_exception_channel(thread.handle, 0, &channel)) ||
	    !CHECK_OK(zx_task_suspend(thread.handle, &token)))
		return false;
	CHECK_OK(zx_thread_start(thread.handle, (uint64_t)run,
				 (uint64_t)thread.stack + sizeof(thread.stack) - 8, (uint64_t)arg,
				 0));
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_SUSPENDED,
				    zx_deadline_after(60 * SECOND), NULL));
	set_step(1);
	zx_handle_close(token);
	return true;
}

/* Takes the next step's exception; false where the thread has ended. */
static bool next(zx_handle_t *exception, uint64_t *rip)
{
	zx_wait_item_t items[] = { { channel, ZX_CHANNEL_READABLE, 0 },
				   { thread.handle, ZX_THREAD_TERMINATED, 0 } };
	zx_exception_info_t info;
	zx_signals_t seen = 0;

	CHECK_OK(zx_object_wait_many(items, 2, zx_deadline_after(60 * SECOND)));
	zx_object_wait_one(channel, ZX_CHANNEL_READABLE, 0, &seen);
	if (!(seen & ZX_CHANNEL_READABLE))
		return false;
	CHECK_OK(zx_channel_read(channel, 0, &info, exception, sizeof(info), 1, NULL, NULL));
	CHECK_EQ(info.type, ZX_EXCP_HW_BREAKPOINT);
	*rip = registers().rip;
	return true;
}

/* Steps until @last is reached, or the thread has ended; then it runs. */
static void step_to(const void *last)
{
	zx_handle_t exception;
	uint64_t rip;

	while (steps < MAX_STEPS && next(&exception, &rip)) {
		bool done = rip == (uint64_t)last;

		trail[steps++] = rip;
		/* Nothing of what stands behind the calls is ever seen. */
		CHECK(rip < ADDRESSES);
		if (done)
			set_step(0);
		rt_exception__resume(exception);
		if (done)
			return;
	}
	CHECK(false);
}

static void join(void)
{
	CHECK_OK(zx_object_wait_one(thread.handle, ZX_THREAD_TERMINATED,
				    zx_deadline_after(60 * SECOND), NULL));
	zx_handle_close(channel);
	zx_handle_close(thread.handle);
}

static bool passed(const void *address)
{
	for (uint32_t i = 0; i < steps; i++) {
		if (trail[i] == (uint64_t)address)
			return true;
	}
	return false;
}

/* --- instructions --- */

void plain(void *arg);
extern const char plain_1[], plain_2[], plain_3[], plain_end[];
__asm__(".text\n"
	".type plain, @function\n"
	"plain:\n"
	"nop\n"
	"plain_1: movl $3, %ecx\n"
	"plain_2: loop plain_2\n"
	"plain_3: nop\n"
	"plain_end: call zx_thread_exit\n"
	"ud2\n");

static void instructions(void)
{
	const void *expected[] = { plain_1, plain_2, plain_2, plain_2, plain_3, plain_end };

	REQUIRE(begin(plain, NULL));
	step_to(plain_end);
	CHECK_EQ(steps, RT_ARRAY_SIZE(expected));
	for (uint32_t i = 0; i < RT_ARRAY_SIZE(expected); i++)
		CHECK_EQ(trail[i], (uint64_t)expected[i]);
	join();
}

/* --- where stepping meets something else --- */

static const uint8_t repeated_from[3] __attribute__((used));
static uint8_t repeated_to[3] __attribute__((used));

void mixed(void *arg);
extern const char mixed_2[], mixed_3[], mixed_4[], mixed_5[], mixed_6[], mixed_7[], mixed_end[];
__asm__(".text\n"
	".type mixed, @function\n"
	"mixed: leaq repeated_from(%rip), %rsi\n"
	"mixed_2: leaq repeated_to(%rip), %rdi\n"
	"mixed_3: movl $3, %ecx\n"
	"mixed_4: rep movsb\n"
	"mixed_5: pushfq\n"
	"mixed_6: popq %rbx\n"
	"mixed_7: nop\n"
	"mixed_end: call zx_thread_exit\n"
	"ud2\n");

/* Each round of a repeated instruction is a step; and the program sees the flag. */
static void repetitions_and_flags(void)
{
	const void *expected[] = { mixed_2, mixed_3, mixed_4, mixed_4, mixed_4,
				   mixed_5, mixed_6, mixed_7, mixed_end };
	zx_handle_t exception;
	uint64_t rip;

	REQUIRE(begin(mixed, NULL));
	for (uint32_t i = 0; i < RT_ARRAY_SIZE(expected); i++) {
		zx_thread_state_debug_regs_t debug = { 0 };

		REQUIRE(next(&exception, &rip));
		CHECK_EQ(rip, (uint64_t)expected[i]);
		CHECK_OK(zx_thread_read_state(thread.handle, ZX_THREAD_STATE_DEBUG_REGS, &debug,
					      sizeof(debug)));
		CHECK_EQ(debug.dr6, 0xffff4ff0);
		if (rip == (uint64_t)mixed_7)
			CHECK_EQ(registers().rbx & 0x100, 0x100);
		if (rip == (uint64_t)mixed_end)
			set_step(0);
		rt_exception__resume(exception);
	}
	join();
}

void trapped(void *arg);
extern const char trapped_2[], trapped_bad[], trapped_after[], trapped_end[];
__asm__(".text\n"
	".type trapped, @function\n"
	"trapped: nop\n"
	"trapped_2: int3\n"
	"trapped_bad: ud2\n"
	"trapped_after: nop\n"
	"trapped_end: call zx_thread_exit\n"
	"ud2\n");

/* The step into an instruction that raises something is that exception, and stepping goes on. */
static void steps_into_exceptions(void)
{
	static const struct {
		uint32_t type;
		const char *rip;
	} expected[] = {
		{ ZX_EXCP_HW_BREAKPOINT, trapped_2 },
		{ ZX_EXCP_SW_BREAKPOINT, trapped_bad },
		{ ZX_EXCP_UNDEFINED_INSTRUCTION, trapped_bad },
		{ ZX_EXCP_HW_BREAKPOINT, trapped_end },
	};
	zx_handle_t exception;

	REQUIRE(begin(trapped, NULL));
	for (uint32_t i = 0; i < RT_ARRAY_SIZE(expected); i++) {
		zx_thread_state_general_regs_t regs;

		exception = rt_exception__next(channel, expected[i].type, thread.handle);
		regs = registers();
		CHECK_EQ(regs.rip, (uint64_t)expected[i].rip);
		CHECK_EQ(regs.rflags & 0x100, 0x100);
		if (expected[i].type == ZX_EXCP_UNDEFINED_INSTRUCTION) {
			regs.rip = (uint64_t)trapped_after;
			CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS,
						       &regs, sizeof(regs)));
		}
		if (regs.rip == (uint64_t)trapped_end)
			set_step(0);
		rt_exception__resume(exception);
	}
	join();
}

/* --- calls --- */

static volatile uint64_t call_result;
static volatile uint64_t call_args[2] __attribute__((used));

/* call_it(function): with call_args, into call_result. */
void call_it(void *function);
extern const char call_returned[];
__asm__(".text\n"
	".type call_it, @function\n"
	"call_it:\n"
	"movq %rdi, %rax\n"
	"movq call_args(%rip), %rdi\n"
	"movq 8+call_args(%rip), %rsi\n"
	"xorl %edx, %edx\n"
	"xorl %ecx, %ecx\n"
	"subq $8, %rsp\n"
	"call *%rax\n"
	"call_returned: movq %rax, call_result(%rip)\n"
	"call zx_thread_exit\n"
	"ud2\n");

static void step_over(const void *function, uint64_t arg0, uint64_t arg1)
{
	call_args[0] = arg0;
	call_args[1] = arg1;
	call_result = 99;
	REQUIRE(begin(call_it, (void *)function));
	step_to(call_returned);
	CHECK(passed(function));
	join();
}

/* A call is a handful of instructions in the vDSO, of which the one that makes it is one. */
static void a_call(void)
{
	zx_handle_t event = ZX_HANDLE_INVALID;

	step_over((const void *)zx_event_create, 0, (uint64_t)&event);
	CHECK_EQ(call_result, ZX_OK);
	CHECK(event != ZX_HANDLE_INVALID);
	CHECK(steps < 30);
	zx_handle_close(event);
}

static void clocks(void)
{
	zx_time_t before = zx_clock_get_monotonic();

	step_over((const void *)zx_clock_get_monotonic, 0, 0);
	CHECK((zx_time_t)call_result > before);
	CHECK((zx_time_t)call_result < zx_clock_get_monotonic());
}

static void random_bytes(void)
{
	uint8_t bytes[300] = { 0 };
	uint32_t zeros = 0;

	step_over((const void *)zx_cprng_draw, (uint64_t)bytes, 16);
	for (uint32_t i = 0; i < 16; i++)
		zeros += !bytes[i];
	CHECK(zeros < 16);
	CHECK(!bytes[16]);
}

/* A call that blocks, is suspended, and goes on: still one instruction. */
static void a_call_that_is_suspended(void)
{
	zx_handle_t exception, token;
	uint64_t rip;
	uint32_t after = 0;

	call_args[0] = (uint64_t)zx_deadline_after(2 * SECOND);
	call_result = 99;
	REQUIRE(begin(call_it, (void *)zx_nanosleep));
	do {
		REQUIRE(next(&exception, &rip));
		rt_exception__resume(exception);
		zx_info_thread_t info = { 0 };
		/* Until it sleeps: then there is no next step for a while. */
		for (int i = 0; i < 100; i++) {
			zx_signals_t seen = 0;

			if (zx_object_wait_one(channel, ZX_CHANNEL_READABLE, 0, &seen) == ZX_OK)
				break;
			CHECK_OK(zx_object_get_info(thread.handle, ZX_INFO_THREAD, &info,
						    sizeof(info), NULL, NULL));
			if (info.state == ZX_THREAD_STATE_BLOCKED_SLEEPING)
				break;
			zx_nanosleep(zx_deadline_after(SECOND / 1000));
		}
		if (info.state == ZX_THREAD_STATE_BLOCKED_SLEEPING)
			break;
	} while (true);
	token = rt_suspend(thread.handle);
	CHECK_EQ((zx_status_t)registers().rax, ZX_ERR_INTERNAL_INTR_RETRY);
	zx_handle_close(token);
	do {
		REQUIRE(next(&exception, &rip));
		CHECK(rip < ADDRESSES);
		if (rip == (uint64_t)call_returned)
			set_step(0);
		rt_exception__resume(exception);
		after++;
	} while (rip != (uint64_t)call_returned);
	/* The return from the gate, and that from the vDSO. */
	CHECK_EQ(after, 2);
	join();
	CHECK_EQ(call_result, ZX_OK);
	CHECK(zx_clock_get_monotonic() >= (zx_time_t)call_args[0]);
}

/* The way back from a call is an instruction by itself: its step ends where the call does. */
static void a_step_out_of_a_call(void)
{
	zx_thread_state_general_regs_t regs;
	zx_handle_t exception, token;
	uint64_t rip = 0;

	call_args[0] = ZX_TIME_INFINITE;
	call_result = 99;
	REQUIRE_OK(rt_thread__create(&thread, "sleeps", call_it, (void *)zx_nanosleep));
	channel = rt_exception__channel(thread.handle, 0);
	REQUIRE_OK(rt_thread__resume(&thread));
	CHECK(rt_until_blocked(thread.handle, ZX_THREAD_STATE_BLOCKED_SLEEPING));
	token = rt_suspend(thread.handle);
	regs = registers();
	regs.rax = (uint64_t)ZX_ERR_IO;
	CHECK_OK(zx_thread_write_state(thread.handle, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       sizeof(regs)));
	set_step(1);
	zx_handle_close(token);
	REQUIRE(next(&exception, &rip));
	CHECK_EQ(rip, regs.rip);
	CHECK_EQ((zx_status_t)registers().rax, ZX_ERR_IO);
	set_step(0);
	rt_exception__resume(exception);
	join();
	CHECK_EQ((zx_status_t)call_result, ZX_ERR_IO);
}

int main(void)
{
	RUN(instructions);
	RUN(repetitions_and_flags);
	RUN(steps_into_exceptions);
	RUN(a_call);
	RUN(clocks);
	RUN(random_bytes);
	RUN(a_call_that_is_suspended);
	RUN(a_step_out_of_a_call);
	return rt_check_result();
}
