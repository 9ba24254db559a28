/* What handlers of exceptions do, be they ports or channels. */
#include "exception.h"

#include <zircon/syscalls/policy.h>

/* --- What the machine raises --- */

static zx_x86_64_exc_data_t machine_report(zx_excp_type_t type)
{
	zx_exception_report_v1_t report = report_of(program.thread);

	EXPECT_EQ(report.header.type, type);
	return report.context.arch.u.x86_64;
}

DEFINE_BOTH(page_fault)
{
	struct exception exception = crashed_program(CRASH_WRITE, ZX_EXCP_FATAL_PAGE_FAULT);
	zx_x86_64_exc_data_t data = machine_report(ZX_EXCP_FATAL_PAGE_FAULT);

	EXPECT_EQ(exception.pid, rt_koid(program.process));
	EXPECT_EQ(data.vector, 14);
	EXPECT_EQ(data.cr2, CRASH_ADDRESS);
	/* A write by a program. */
	EXPECT_EQ(data.err_code & 0x1e, 0x6);
	skip_bytes(WRITE_SIZE);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(page_fault_of_a_read)
{
	struct exception exception = crashed_program(CRASH_READ, ZX_EXCP_FATAL_PAGE_FAULT);
	zx_x86_64_exc_data_t data = machine_report(ZX_EXCP_FATAL_PAGE_FAULT);

	EXPECT_EQ(data.cr2, CRASH_ADDRESS);
	EXPECT_EQ(data.err_code & 0x1e, 0x4);
	pass_on(&exception);
}

DEFINE_BOTH(page_fault_of_a_jump)
{
	struct exception exception = crashed_program(CRASH_JUMP, ZX_EXCP_FATAL_PAGE_FAULT);
	zx_x86_64_exc_data_t data = machine_report(ZX_EXCP_FATAL_PAGE_FAULT);

	EXPECT_EQ(data.cr2, CRASH_ADDRESS);
	EXPECT_EQ(registers().rip, CRASH_ADDRESS);
	pass_on(&exception);
}

DEFINE_BOTH(undefined_instruction)
{
	struct exception exception = crashed_program(CRASH_UNDEFINED,
						     ZX_EXCP_UNDEFINED_INSTRUCTION);

	EXPECT_EQ(machine_report(ZX_EXCP_UNDEFINED_INSTRUCTION).vector, 6);
	skip_bytes(UD2_SIZE);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* The instruction is behind the thread already. */
DEFINE_BOTH(software_breakpoint)
{
	struct exception exception = crashed_program(CRASH_BREAKPOINT, ZX_EXCP_SW_BREAKPOINT);

	EXPECT_EQ(machine_report(ZX_EXCP_SW_BREAKPOINT).vector, 3);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(hardware_breakpoint)
{
	struct exception exception = crashed_program(CRASH_STEP, ZX_EXCP_HW_BREAKPOINT);

	EXPECT_EQ(machine_report(ZX_EXCP_HW_BREAKPOINT).vector, 1);
	set_step(0);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(general)
{
	struct exception exception = crashed_program(CRASH_HALT, ZX_EXCP_GENERAL);

	EXPECT_EQ(machine_report(ZX_EXCP_GENERAL).vector, 13);
	skip_bytes(1);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(division_by_zero)
{
	struct exception exception = crashed_program(CRASH_DIVIDE, ZX_EXCP_GENERAL);

	EXPECT_EQ(machine_report(ZX_EXCP_GENERAL).vector, 0);
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
}

/* --- The thread meanwhile --- */

DEFINE_BOTH(state_of_the_thread)
{
	struct exception exception = crashed_program(CRASH_UNDEFINED,
						     ZX_EXCP_UNDEFINED_INSTRUCTION);

	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_EQ(thread_waits_for(), ZX_EXCEPTION_CHANNEL_TYPE_PROCESS);
	EXPECT_EQ(signals_of(program.thread) & (ZX_THREAD_RUNNING | ZX_THREAD_SUSPENDED),
		  ZX_THREAD_RUNNING);
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
}

/* The instruction is tried again, and works now. */
DEFINE_BOTH(resume_tries_the_instruction_again)
{
	struct exception exception = crashed_program(CRASH_WRITE, ZX_EXCP_FATAL_PAGE_FAULT);
	zx_handle_t vmo = vmo_with(PAGE, 0);
	zx_info_vmar_t root;
	zx_vaddr_t at;

	EXPECT_OK(zx_object_get_info(program.root_vmar, ZX_INFO_VMAR, &root, sizeof(root), NULL,
				     NULL));
	EXPECT_OK(vmar_map(program.root_vmar, READ_WRITE | ZX_VM_SPECIFIC,
			   CRASH_ADDRESS - root.base, vmo, 0, PAGE, &at));
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT_EQ(byte_at(vmo, 0), 7);
}

DEFINE_BOTH(not_handled_in_truth)
{
	struct exception exception = crashed_program(CRASH_UNDEFINED,
						     ZX_EXCP_UNDEFINED_INSTRUCTION);

	for (int i = 0; i < 10; i++) {
		resume(&exception);
		exception = next_exception(&process_handler, program.thread,
					   ZX_EXCP_UNDEFINED_INSTRUCTION);
	}
	pass_on(&exception);
	EXPECT_EQ(program_code(), exception_code());
}

DEFINE_BOTH(changed_registers)
{
	struct exception exception = crashed_program(CRASH_WRITE, ZX_EXCP_FATAL_PAGE_FAULT);
	zx_thread_state_general_regs_t regs = registers();
	zx_handle_t vmo = vmo_with(PAGE, 0);

	EXPECT_EQ(regs.rax, CRASH_ADDRESS);
	EXPECT_OK(vmar_map(program.root_vmar, READ_WRITE, 0, vmo, 0, PAGE, &regs.rax));
	set_registers(&regs);
	EXPECT_EQ(registers().rax, regs.rax);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT_EQ(byte_at(vmo, 0), 7);
}

DEFINE_BOTH(two_in_a_row)
{
	struct exception exception = crashed_program(CRASH_TWICE, ZX_EXCP_UNDEFINED_INSTRUCTION);
	uint64_t rip = registers().rip;

	skip_bytes(UD2_SIZE);
	resume(&exception);
	exception = next_exception(&process_handler, program.thread,
				   ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT_EQ(registers().rip, rip + UD2_SIZE);
	skip_bytes(UD2_SIZE);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(single_step)
{
	struct exception exception = crashed_program(CRASH_TWICE, ZX_EXCP_UNDEFINED_INSTRUCTION);
	uint64_t rip;

	skip_bytes(2 * UD2_SIZE);
	rip = registers().rip;
	set_step(1);
	for (int i = 0; i < 3; i++) {
		resume(&exception);
		exception = next_exception(&process_handler, program.thread,
					   ZX_EXCP_HW_BREAKPOINT);
		EXPECT(registers().rip != rip);
		rip = registers().rip;
	}
	set_step(0);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- Several handlers --- */

/* The handlers that follow the one who handles it do not hear of it. */
DEFINE_BOTH(later_handlers_are_not_asked)
{
	struct handler job_handler;
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	resume(&exception);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
	EXPECT(nothing_comes(&job_handler));
}

DEFINE_BOTH(without_a_handler)
{
	make_program(CRASH_UNDEFINED);
	run_program();
	EXPECT_EQ(program_code(), exception_code());
}

/* A handler that ends without an answer is as one that passes the exception on. */
DEFINE_BOTH(handler_goes_before_it_is_told)
{
	struct handler job_handler;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	/* The report is on its way, and is not taken. */
	until_blocked(program.thread, ZX_THREAD_STATE_BLOCKED_EXCEPTION);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(handler_goes_while_it_handles)
{
	struct handler job_handler;
	struct exception exception;

	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	handle(&job_handler, program_job, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	if (exception.exception)
		EXPECT_OK(zx_handle_close(exception.exception));
	resume_next(&job_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

DEFINE_BOTH(after_the_last_handler_went)
{
	make_program(CRASH_BREAKPOINT);
	handle(&process_handler, program.process, PLAIN);
	EXPECT_OK(zx_handle_close(process_handler.handle));
	/* There is room for another one. */
	handle(&process_handler, program.process, PLAIN);
	run_program();
	resume_next(&process_handler, program.thread, ZX_EXCP_SW_BREAKPOINT);
	EXPECT_EQ(program_code(), CRASH_RETURN_CODE);
}

/* --- The end of the task --- */

DEFINE_BOTH(process_is_killed)
{
	struct exception exception = crashed_program(CRASH_UNDEFINED,
						     ZX_EXCP_UNDEFINED_INSTRUCTION);

	kill_and_wait(program.process);
	until_signal(program.thread, ZX_THREAD_TERMINATED);
	EXPECT_EQ(program_code(), era() < ERA_2020_07 ? -1 : ZX_TASK_RETCODE_SYSCALL_KILL);
	if (exception.exception)
		EXPECT_OK(zx_handle_close(exception.exception));
}

DEFINE_BOTH(job_is_killed)
{
	crashed_program(CRASH_UNDEFINED, ZX_EXCP_UNDEFINED_INSTRUCTION);
	EXPECT_OK(zx_task_kill(program_job));
	until_signal(program.process, ZX_PROCESS_TERMINATED);
}

DEFINE_BOTH(thread_is_killed, .to = ERA_2021_01)
{
	crashed_program(CRASH_UNDEFINED, ZX_EXCP_UNDEFINED_INSTRUCTION);
	kill_and_wait(program.thread);
	EXPECT_EQ(program_code(), 0);
}

/* --- Policies --- */

#define DENY_WITH_EXCEPTION 3
#define ALLOW_WITH_EXCEPTION 2

static int64_t event_under_policy(uint32_t action)
{
	struct exception exception;

	make_program_in(make_job(ZX_POL_NEW_EVENT, action), NO_CRASH_EVENT);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_POLICY_ERROR);
	EXPECT_EQ(report_of(program.thread).header.type, ZX_EXCP_POLICY_ERROR);
	resume(&exception);
	return program_code();
}

DEFINE_BOTH(policy_that_denies)
{
	EXPECT_EQ(event_under_policy(DENY_WITH_EXCEPTION), ZX_ERR_ACCESS_DENIED);
}

DEFINE_BOTH(policy_that_allows)
{
	EXPECT_EQ(event_under_policy(ALLOW_WITH_EXCEPTION), ZX_OK);
}

DEFINE_BOTH(policy_without_a_handler)
{
	make_program_in(make_job(ZX_POL_NEW_EVENT, DENY_WITH_EXCEPTION), NO_CRASH_EVENT);
	run_program();
	EXPECT_EQ(program_code(), exception_code());
}

/* The thread is at the end of a call, and must be able to return from it. */
CHECK_ERROR(thread_write_state, ZX_ERR_INVALID_ARGS, rip_of_a_policy_exception,
	    .line = "is not possible")
{
	zx_thread_state_general_regs_t regs;
	struct exception exception;

	make_program_in(make_job(ZX_POL_NEW_EVENT, ALLOW_WITH_EXCEPTION), NO_CRASH_EVENT);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	exception = next_exception(&process_handler, program.thread, ZX_EXCP_POLICY_ERROR);
	regs = registers();
	regs.rip = UINT64_C(1) << 63;
	EXPECT_STATUS(try_set_registers(&regs), ZX_ERR_INVALID_ARGS);
	resume(&exception);
	EXPECT_EQ(program_code(), ZX_OK);
}
