/*
 * A debugger: it has programs launched, and follows them from their start to their end, with
 * breakpoints and single steps, registers and memory. One of the programs is this one again, run as
 * `--debuggee`, so that the addresses of what is looked at are known; another one has an interpreter
 * and libraries. /program must show the folder of the test programs.
 */
#include "check.h"
#include "debugger/handler.h"
#include "debugger/inferior.h"
#include "era.h"
#include "fidl_io.h"
#include "fidl_launcher.h"
#include "fidl_loader.h"
#include "string.h"

#include <zircon/errors.h>
#include <zircon/rights.h>

#if RT_ERA == 2018
#define SELF "debugger-2018"
#else
#define SELF "debugger"
#endif

#define LATE (zx_clock_get_monotonic() + UINT64_C(20) * 1000 * 1000 * 1000)

/* --- The program that is debugged --- */

#define ROUNDS 3
#define FIRST_STEP 5
#define THREAD_NAME "second"

static volatile int step = FIRST_STEP;
static struct rt_thread second;
static volatile int second_ran;

/* round + by + 1: in two instructions that a debugger knows. */
extern const char debuggee_sum[] __attribute__((visibility("hidden")));
extern const char debuggee_add[] __attribute__((visibility("hidden")));

static __attribute__((noinline)) int work(int round, int by)
{
	int sum;

	__asm__ volatile(".hidden debuggee_sum, debuggee_add\n"
			 ".globl debuggee_sum, debuggee_add\n"
			 "debuggee_sum:\n\t"
			 "leal (%%rdi, %%rsi), %%eax\n"
			 "debuggee_add:\n\t"
			 "addl $1, %%eax"
			 : "=&a"(sum)
			 : "D"(round), "S"(by)
			 : "cc");
	return sum;
}

static void run_second(void *arg)
{
	(void)arg;
	second_ran = 1;
}

static int debuggee(void)
{
	int total = 0;

	for (int round = 0; round < ROUNDS; round++)
		total += work(round, step);
	if (rt_thread__start(&second, THREAD_NAME, run_second, NULL) != ZX_OK ||
	    rt_thread__join(&second) != ZX_OK || !second_ran)
		return 1;
	return total;
}

/* --- Starting it --- */

static zx_handle_t launcher;
static zx_handle_t job;
static struct debugger job_debugger;
static struct debugger debugger;
static zx_handle_t process;

static zx_handle_t add_loader(void)
{
	zx_handle_t ours = ZX_HANDLE_INVALID, theirs;

	CHECK_OK(zx_channel_create(0, &ours, &theirs));
	CHECK_OK(launcher_add_handle(launcher, PA_LDSVC_LOADER, theirs));
	return ours;
}

/* A program in a job of its own, with a debugger for the job: it stops before it does anything. */
static bool begin(const char *const *args, size_t count, struct stop *start)
{
	if (!CHECK_OK(zx_job_create(rt_boot.job, 0, &job)) ||
	    !CHECK_OK(debugger__attach(&job_debugger, job)) ||
	    !CHECK_OK(launcher_add_args(launcher, args, NULL, count)) ||
	    !CHECK_OK(launcher_send(launcher, loader_open_file(args[0]), job, args[0])) ||
	    !CHECK(debugger__next(&job_debugger, job, LATE, start, &process)))
		return false;
	return CHECK_EQ(start->type, ZX_EXCP_PROCESS_STARTING) &&
	       CHECK_OK(debugger__attach(&debugger, process));
}

/* The next stop, which must be of that type. */
static bool next(struct stop *stop, zx_excp_type_t type)
{
	return CHECK(debugger__next(&debugger, job, LATE, stop, NULL)) &&
	       CHECK_EQ(stop->type, type);
}

/* Threads that end with their process do not wait for an answer. */
static void end(int64_t code)
{
	zx_info_process_t info = { 0 };

	CHECK_OK(zx_object_wait_one(process, ZX_PROCESS_TERMINATED, LATE, NULL));
	CHECK_OK(zx_object_get_info(process, ZX_INFO_PROCESS, &info, sizeof(info), NULL, NULL));
	CHECK_EQ(info.return_code, code);
	debugger__detach(&debugger);
	debugger__detach(&job_debugger);
	zx_handle_close(process);
	zx_handle_close(job);
}

/* --- Breakpoints --- */

static zx_vaddr_t at_sum, at_add, at_step;
static struct breakpoint at_work;

static void find(void)
{
	zx_vaddr_t base = inferior__find_program(process);

	CHECK(base);
	at_sum = inferior__address(base, debuggee_sum);
	at_add = inferior__address(base, debuggee_add);
	at_step = inferior__address(base, &step);
}

/* At the breakpoint: back to the instruction that it covers. */
static void check_place(const struct stop *stop, int round, int by,
			zx_thread_state_general_regs_t *regs)
{
	CHECK(inferior__registers(stop->thread, regs));
	CHECK_EQ(regs->rip, at_sum + 1);
	CHECK_EQ((int)regs->rdi, round);
	CHECK_EQ((int)regs->rsi, by);
	regs->rip = at_sum;
}

/* Changes an argument and the variable, steps over the one instruction, and changes its result. */
static void first_round(struct stop *stop)
{
	zx_thread_state_general_regs_t regs;
	int value = 0;

	check_place(stop, 0, FIRST_STEP, &regs);
	CHECK(inferior__read(process, at_step, &value, sizeof(value)));
	CHECK_EQ(value, FIRST_STEP);
	value = 10;
	CHECK(inferior__write(process, at_step, &value, sizeof(value)));
	regs.rsi = 7;
	CHECK(inferior__set_registers(stop->thread, &regs));
	CHECK(breakpoint__remove(&at_work));
	CHECK(inferior__set_step(stop->thread, true));
	debugger__go(stop);
	REQUIRE(next(stop, ZX_EXCP_HW_BREAKPOINT));
	CHECK(inferior__registers(stop->thread, &regs));
	CHECK_EQ(regs.rip, at_add);
	CHECK_EQ((int)regs.rax, 7);
	regs.rax = 100;
	CHECK(inferior__set_registers(stop->thread, &regs));
	CHECK(inferior__set_step(stop->thread, false));
	CHECK(breakpoint__set(&at_work, process, at_sum));
	debugger__go(stop);
}

static void second_round(struct stop *stop)
{
	zx_thread_state_general_regs_t regs;

	REQUIRE(next(stop, ZX_EXCP_SW_BREAKPOINT));
	check_place(stop, 1, 10, &regs);
	CHECK(breakpoint__remove(&at_work));
	CHECK(inferior__set_registers(stop->thread, &regs));
	debugger__go(stop);
}

/* While a thread is in its exception the others can be stopped and looked at. */
static void second_thread(struct stop *stop)
{
	zx_handle_t first, token;
	zx_koid_t koids[4];
	zx_thread_state_general_regs_t regs;
	char name[ZX_MAX_NAME_LEN];
	size_t count = 0;

	REQUIRE(next(stop, ZX_EXCP_THREAD_STARTING));
	CHECK_OK(zx_object_get_property(stop->thread, ZX_PROP_NAME, name, sizeof(name)));
	CHECK_STR(name, THREAD_NAME);
	CHECK_OK(zx_object_get_info(process, ZX_INFO_PROCESS_THREADS, koids, sizeof(koids), &count,
				    NULL));
	CHECK_EQ(count, 2);
	REQUIRE_OK(zx_object_get_child(process, koids[koids[0] == stop->tid],
				       ZX_RIGHT_SAME_RIGHTS, &first));
	REQUIRE_OK(zx_task_suspend_token(first, &token));
	CHECK_OK(zx_object_wait_one(first, ZX_THREAD_SUSPENDED, LATE, NULL));
	CHECK(inferior__registers(first, &regs));
	CHECK(regs.rip && regs.rsp);
	zx_handle_close(token);
	zx_handle_close(first);
	debugger__go(stop);
	REQUIRE(next(stop, ZX_EXCP_THREAD_EXITING));
	debugger__go(stop);
}

static void stepping(void)
{
	static const char *const args[] = { SELF, "--debuggee" };
	struct stop start, stop;

	zx_handle_close(add_loader());
	REQUIRE(begin(args, 2, &start));
	find();
	CHECK(breakpoint__set(&at_work, process, at_sum));
	debugger__go(&start);
	REQUIRE(next(&stop, ZX_EXCP_THREAD_STARTING));
	CHECK_EQ(stop.tid, start.tid);
	debugger__go(&stop);
	REQUIRE(next(&stop, ZX_EXCP_SW_BREAKPOINT));
	first_round(&stop);
	second_round(&stop);
	second_thread(&stop);
	/* 100 instead of 0 + 7, and then 1 + 10 and 2 + 10; and 1 in each round. */
	end(100 + 1 + 11 + 1 + 12 + 1);
}

/* --- Modules --- */

static struct rt_thread loader_thread;

static struct loaded_file files[8];
static zx_handle_t loader;

static bool has_file(size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t magic = 0;

		if (strcmp(files[i].name, name))
			continue;
		return CHECK(inferior__read(process, files[i].bias, &magic, sizeof(magic))) &&
		       CHECK_EQ(magic, 0x464c457f);
	}
	return false;
}

/*
 * Runs a program with libraries until its linker has loaded them all, where it stops for a debugger
 * that has asked for that. Gives their number.
 */
static size_t run_to_modules(const char *program, struct stop *stop)
{
	const char *const args[] = { program, "debugged" };
	uintptr_t wish = ZX_PROCESS_DEBUG_ADDR_BREAK_ON_SET;
	zx_handle_t out;

	loader = add_loader();
	if (!CHECK_OK(rt_thread__start(&loader_thread, "loader", loader_serve, &loader)))
		return 0;
	CHECK_OK(zx_handle_duplicate(rt_boot__fd(1), ZX_RIGHT_SAME_RIGHTS, &out));
	CHECK_OK(launcher_add_handle(launcher, PA_HND(PA_FD, 1), out));
	if (!begin(args, 2, stop))
		return 0;
	CHECK_OK(zx_object_set_property(process, ZX_PROP_PROCESS_DEBUG_ADDR, &wish, sizeof(wish)));
	debugger__go(stop);
	if (!next(stop, ZX_EXCP_THREAD_STARTING))
		return 0;
	debugger__go(stop);
	if (!next(stop, ZX_EXCP_SW_BREAKPOINT))
		return 0;
	return inferior__loaded_files(process, files, RT_ARRAY_SIZE(files));
}

static void modules(void)
{
	struct stop stop;
	size_t count = run_to_modules("hello-dyn", &stop);

	CHECK_EQ(count, 3);
	CHECK(has_file(count, "hello-dyn"));
	CHECK(has_file(count, "libgreet.so"));
	CHECK(has_file(count, "libcount.so"));
	debugger__go(&stop);
	CHECK_OK(rt_thread__join(&loader_thread));
	end(0);
}

/* From 2020 on the linker also stops when it loads something later. */
static void later_modules(struct stop *stop)
{
	uintptr_t wish = 1;
	size_t count;

	CHECK_OK(zx_object_set_property(process, ZX_PROP_PROCESS_BREAK_ON_LOAD, &wish,
					sizeof(wish)));
	debugger__go(stop);
	REQUIRE(next(stop, ZX_EXCP_SW_BREAKPOINT));
	count = inferior__loaded_files(process, files, RT_ARRAY_SIZE(files));
	CHECK(has_file(count, "libplugin.so"));
	wish = 0;
	CHECK_OK(zx_object_set_property(process, ZX_PROP_PROCESS_BREAK_ON_LOAD, &wish,
					sizeof(wish)));
}

/* A program of an SDK, with the SDK's own linker. */
static void sdk_modules(void)
{
	struct stop stop;
	size_t count;

	loader_folder = "lib/";
	count = run_to_modules("dlopen", &stop);
	CHECK(has_file(count, "libfdio.so"));
	CHECK(has_file(count, "<vDSO>"));
	CHECK(has_file(count, "libc.so"));
	CHECK(!has_file(count, "libplugin.so"));
	if (RT_ERA != 2018)
		later_modules(&stop);
	debugger__go(&stop);
	CHECK_OK(rt_thread__join(&loader_thread));
	end(0);
}

/* --- A crash --- */

/* The debugger looks at it first, and then the process ends as without one. */
static void crash(void)
{
	static const char *const args[] = { "crash-null" };
	zx_exception_report_t report = { .header.type = 0 };
	struct stop stop, fault;

	zx_handle_close(add_loader());
	REQUIRE(begin(args, 1, &stop));
	debugger__go(&stop);
	do {
		REQUIRE(CHECK(debugger__next(&debugger, job, LATE, &fault, NULL)));
		if (fault.type == ZX_EXCP_THREAD_STARTING)
			debugger__go(&fault);
	} while (fault.type == ZX_EXCP_THREAD_STARTING);
	CHECK_EQ(fault.type, ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_OK(zx_object_get_info(fault.thread, ZX_INFO_THREAD_EXCEPTION_REPORT, &report,
				    sizeof(report), NULL, NULL));
	CHECK_EQ(report.header.type, ZX_EXCP_FATAL_PAGE_FAULT);
	CHECK_EQ(report.context.arch.u.x86_64.cr2, 0);
	debugger__pass_on(&fault);
	end(RT_ERA == 2018 ? -1 : ZX_TASK_RETCODE_EXCEPTION_KILL);
}

int main(int argc, char **argv);

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--debuggee"))
		return debuggee();
	if (!CHECK_OK(io_open(rt_boot__directory("/svc"), IO_RIGHT_READABLE | IO_RIGHT_WRITABLE, 0,
			      "fuchsia.process.Launcher", &launcher, NULL)))
		return 1;
	if (argc == 2 && !strcmp(argv[1], "--sdk")) {
		RUN(sdk_modules);
	} else {
		RUN(stepping);
		RUN(modules);
		RUN(crash);
	}
	zx_handle_close(launcher);
	return rt_check_result();
}
