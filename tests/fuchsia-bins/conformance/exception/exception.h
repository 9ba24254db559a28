/*
 * Handlers of exceptions as each date has them: ports until 2019, channels from 2020 on; and
 * programs that take exceptions.
 */
#ifndef CONFORMANCE_EXCEPTION_H
#define CONFORMANCE_EXCEPTION_H

#include "memory.h"
#include "tasks.h"

#include <zircon/eras.h>
#include <zircon/syscalls/debug.h>

/* --- Handlers --- */

enum { PLAIN = 0, DEBUGGER = 1 };

/* A port or channel that gets the exceptions of a task. */
struct handler {
	zx_handle_t handle;
	uint64_t key;
};

/* What came to a handler. */
struct exception {
	struct handler *handler;
	zx_excp_type_t type;
	zx_koid_t pid, tid;
	uint64_t key;		/* of a port */
	zx_handle_t exception;	/* of a channel */
	zx_handle_t thread;	/* one to answer for */
};

/* Makes one, and gives what the call for it gives. */
zx_status_t try_handle(struct handler *handler, zx_handle_t task, uint32_t options);
/* The same where it must succeed. */
void handle(struct handler *handler, zx_handle_t task, uint32_t options);

/* Waits for an exception of `thread`, which must be of this type. */
struct exception next_exception(struct handler *handler, zx_handle_t thread, zx_excp_type_t type);
/* Whether nothing comes for some time. */
bool nothing_comes(struct handler *handler);

/* The two answers: the thread goes on, or the next handler is asked. */
void resume(struct exception *exception);
void pass_on(struct exception *exception);

/* Waits for an exception and resumes from it. */
void resume_next(struct handler *handler, zx_handle_t thread, zx_excp_type_t type);

/*
 * A check of what handlers do, whichever they are: DEFINE_BOTH(name) { ... } makes a check of both
 * calls, of which a date has one.
 */
#define DEFINE_BOTH(name, ...) \
	static void both_##name(void); \
	CHECK(task_bind_exception_port, name, ##__VA_ARGS__) \
	{ \
		both_##name(); \
	} \
	CHECK(task_create_exception_channel, name, ##__VA_ARGS__) \
	{ \
		both_##name(); \
	} \
	static void both_##name(void)

/* --- Programs --- */

enum crash {
	CRASH_WRITE,		/* a byte 7 to crash_address */
	CRASH_READ,
	CRASH_JUMP,
	CRASH_UNDEFINED,
	CRASH_BREAKPOINT,
	CRASH_STEP,		/* a program that steps itself */
	CRASH_HALT,		/* an instruction that it may not use */
	CRASH_DIVIDE,
	CRASH_TWICE,		/* two undefined instructions */
	NO_CRASH,		/* sleeps */
	NO_CRASH_RETURN,
	NO_CRASH_EVENT,		/* makes an event */
};

#define CRASH_RETURN_CODE 42
#define UD2_SIZE 2
#define WRITE_SIZE 3	/* bytes of the instruction of CRASH_WRITE */

/* Where CRASH_WRITE and its like reach: nothing is mapped there, unless a check does it. */
#define CRASH_ADDRESS ((zx_vaddr_t)0x7000000000)

/* The program: it has crashed if and when its main thread does; then it returns 42. */
extern struct twin program;

/* Makes one in a job of its own, without starting it. Runs it. */
void make_program(enum crash crash);
void run_program(void);
extern zx_handle_t program_job;

/* The same in a job that is given. */
void make_program_in(zx_handle_t job, enum crash crash);

/* Waits until it has ended, and gives the return code. */
int64_t program_code(void);
/* The return code of a process that died of an exception. */
int64_t exception_code(void);

/* A program in an exception of the type that is meant, with a handler of the process. */
struct exception crashed_program(enum crash crash, zx_excp_type_t type);
extern struct handler process_handler;

/* Registers of the program's thread. */
zx_thread_state_general_regs_t registers(void);
void set_registers(const zx_thread_state_general_regs_t *regs);
/* The same, where it need not succeed. */
zx_status_t try_set_registers(const zx_thread_state_general_regs_t *regs);
/* Moves its instruction pointer. */
void skip_bytes(size_t bytes);
uint32_t step_topic(void);
void set_step(uint32_t value);

/* ZX_INFO_THREAD of the program's thread: the handler that it waits for. */
uint32_t thread_waits_for(void);

/* What ZX_INFO_THREAD_EXCEPTION_REPORT tells of it. */
zx_exception_report_v1_t report_of(zx_handle_t thread);

#endif
