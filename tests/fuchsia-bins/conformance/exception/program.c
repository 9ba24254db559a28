#include "exception.h"

struct twin program;
zx_handle_t program_job;
struct handler process_handler;

/* The program has a copy of it, as of when it was made. */
static enum crash crash_kind;

#define FLAG_TRAP 0x100

static void step_oneself(void)
{
	__asm__ volatile("pushf\n\t"
			 "orl %0, (%%rsp)\n\t"
			 "popf\n\t"
			 "nop\n\t"
			 "pushf\n\t"
			 "andl %1, (%%rsp)\n\t"
			 "popf"
			 :
			 : "i"(FLAG_TRAP), "i"(~FLAG_TRAP)
			 : "memory", "cc");
}

static int64_t make_an_event(void)
{
	zx_handle_t event;
	zx_status_t status = zx_event_create(0, &event);

	if (status == ZX_OK)
		zx_handle_close(event);
	return status;
}

static int64_t crash(zx_handle_t channel)
{
	(void)channel;
	switch (crash_kind) {
	case CRASH_WRITE:
		__asm__ volatile("movb $7, (%0)" : : "a"(CRASH_ADDRESS) : "memory");
		break;
	case CRASH_READ:
		__asm__ volatile("movb (%0), %%cl" : : "a"(CRASH_ADDRESS) : "rcx", "memory");
		break;
	case CRASH_JUMP:
		((void (*)(void))CRASH_ADDRESS)();
		break;
	case CRASH_UNDEFINED:
		__asm__ volatile("ud2");
		break;
	case CRASH_BREAKPOINT:
		__asm__ volatile("int3");
		break;
	case CRASH_STEP:
		step_oneself();
		break;
	case CRASH_HALT:
		__asm__ volatile("hlt");
		break;
	case CRASH_DIVIDE:
		__asm__ volatile("divl %0" : : "r"(0), "a"(1), "d"(0) : "cc");
		break;
	case CRASH_TWICE:
		__asm__ volatile("ud2; ud2");
		break;
	case NO_CRASH:
		return zx_nanosleep(ZX_TIME_INFINITE);
	case NO_CRASH_RETURN:
		break;
	case NO_CRASH_EVENT:
		return make_an_event();
	}
	return CRASH_RETURN_CODE;
}

void make_program_in(zx_handle_t job, enum crash kind)
{
	crash_kind = kind;
	program_job = job;
	EXPECT_OK(twin__create(&program, job));
}

void make_program(enum crash kind)
{
	make_program_in(empty_job(), kind);
}

void run_program(void)
{
	EXPECT_OK(twin__start(&program, crash));
}

int64_t program_code(void)
{
	EXPECT_OK(zx_object_wait_one(program.process, ZX_PROCESS_TERMINATED, LATE, NULL));
	return twin__wait(&program);
}

int64_t exception_code(void)
{
	return era() < ERA_2020_07 ? -1 : ZX_TASK_RETCODE_EXCEPTION_KILL;
}

struct exception crashed_program(enum crash kind, zx_excp_type_t type)
{
	make_program(kind);
	handle(&process_handler, program.process, PLAIN);
	run_program();
	return next_exception(&process_handler, program.thread, type);
}

static size_t general_size(void)
{
	return era() < ERA_2020_07 ? sizeof(zx_thread_state_general_regs_2018_t) :
				     sizeof(zx_thread_state_general_regs_t);
}

zx_thread_state_general_regs_t registers(void)
{
	zx_thread_state_general_regs_t regs = { 0 };

	EXPECT_OK(zx_thread_read_state(program.thread, ZX_THREAD_STATE_GENERAL_REGS, &regs,
				       general_size()));
	return regs;
}

zx_status_t try_set_registers(const zx_thread_state_general_regs_t *regs)
{
	return zx_thread_write_state(program.thread, ZX_THREAD_STATE_GENERAL_REGS, regs,
				     general_size());
}

void set_registers(const zx_thread_state_general_regs_t *regs)
{
	EXPECT_OK(try_set_registers(regs));
}

void skip_bytes(size_t bytes)
{
	zx_thread_state_general_regs_t regs = registers();

	regs.rip += bytes;
	set_registers(&regs);
}

uint32_t step_topic(void)
{
	return era() == ERA_2018_07 ? ZX_THREAD_STATE_SINGLE_STEP_201807 :
				      ZX_THREAD_STATE_SINGLE_STEP;
}

void set_step(uint32_t value)
{
	EXPECT_OK(zx_thread_write_state(program.thread, step_topic(), &value, sizeof(value)));
}

uint32_t thread_waits_for(void)
{
	zx_info_thread_t info = { 0 };

	EXPECT_OK(zx_object_get_info(program.thread, ZX_INFO_THREAD, &info, sizeof(info), NULL,
				     NULL));
	return info.wait_exception_channel_type;
}

zx_exception_report_v1_t report_of(zx_handle_t thread)
{
	zx_exception_report_v1_t report = { 0 };

	EXPECT_OK(zx_object_get_info(thread, ZX_INFO_THREAD_EXCEPTION_REPORT_V1, &report,
				     sizeof(report), NULL, NULL));
	return report;
}
