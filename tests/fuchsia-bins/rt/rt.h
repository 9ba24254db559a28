/*
 * A tiny runtime for Fuchsia programs that need no SDK: the bootstrap message, output, checks and
 * threads. A program defines main(); its return value is the process's return code.
 */
#ifndef RT_RT_H
#define RT_RT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zircon/processargs.h>
#include <zircon/syscalls.h>
#include <zircon/types.h>

/* Return codes of the runtime itself. */
#define RT_EXIT_UNRESOLVED	120	/* the vDSO lacks a call that the program uses */
#define RT_EXIT_BOOTSTRAP	121	/* no bootstrap message, or a bad one */

#define RT_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define RT_PAGE_SIZE 4096u

/* What the bootstrap message brought. Strings live as long as the program. */
struct rt_boot {
	const void *vdso;		/* base of the vDSO, NULL when not passed on */
	zx_handle_t process;
	zx_handle_t thread;
	zx_handle_t job;
	zx_handle_t root_vmar;
	int argc;
	char **argv;			/* NULL-terminated */
	int envc;
	char **envp;			/* NULL-terminated */
	int namec;
	char **names;
	uint32_t handle_count;
	zx_handle_t handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint32_t infos[ZX_CHANNEL_MAX_MSG_HANDLES];
};

extern struct rt_boot rt_boot;

/* Runs main() and ends the process with what it returns. */
_Noreturn void rt_start(zx_handle_t bootstrap, const void *vdso);

/* Reads the message on `bootstrap` into rt_boot. */
zx_status_t rt_boot__read(zx_handle_t bootstrap);

/* The handle received with this type and argument, or ZX_HANDLE_INVALID. It stays rt_boot's. */
zx_handle_t rt_boot__handle(uint32_t type, uint32_t arg);

/* The handle that is file descriptor `fd`, in any era's way of passing it. */
zx_handle_t rt_boot__fd(uint32_t fd);

/* The directory in the namespace at exactly `path`. */
zx_handle_t rt_boot__directory(const char *path);

/* The value of an environment variable, or NULL. */
const char *rt_getenv(const char *name);

/* --- Output --- */

/*
 * Write to standard output, or standard error. When the descriptor is absent, what is written goes
 * to the debug log.
 */
void rt_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void rt_print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes all bytes to a socket, waiting while it is full. */
zx_status_t rt_socket_write_all(zx_handle_t socket, const void *data, size_t size);

/* --- Threads --- */

#define RT_STACK_SIZE (64 * 1024)

struct rt_thread {
	zx_handle_t handle;
	void (*run)(void *arg);
	void *arg;
	uint8_t stack[RT_STACK_SIZE] __attribute__((aligned(16)));
};

/*
 * Creates a thread and starts it with run(arg); it exits when run returns. `thread` must stay in
 * place until the thread has ended.
 */
zx_status_t rt_thread__start(struct rt_thread *thread, const char *name, void (*run)(void *arg),
			     void *arg);

/* Creates the thread without starting it. */
zx_status_t rt_thread__create(struct rt_thread *thread, const char *name, void (*run)(void *arg),
			      void *arg);

/* Starts a thread that rt_thread__create() made. */
zx_status_t rt_thread__resume(struct rt_thread *thread);

/* Waits for the thread's end and closes its handle. */
zx_status_t rt_thread__join(struct rt_thread *thread);

/*
 * Waits until a thread is blocked in the way that a ZX_THREAD_STATE_BLOCKED_* says; nothing but its
 * state tells. False when it ended or can't be asked.
 */
bool rt_until_blocked(zx_handle_t thread, uint32_t state);

/* The koid of the object behind a handle, or ZX_KOID_INVALID. */
zx_koid_t rt_koid(zx_handle_t handle);

#endif
