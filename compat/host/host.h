/* What the supervisor's own files share: the Linux side of processes and threads. */
#ifndef COMPAT_HOST_HOST_H
#define COMPAT_HOST_HOST_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <zxabi/layout.h>

#include "compat/core/core.h"
#include "compat/core/thread_context.h"

/* How long a program's shim may take to do what it is told; microseconds are usual. */
#define ACT_PATIENCE_NS 10000000000ll
/*
 * How often who waits for that looks around. Only looks are counted: while zxrun itself is stopped
 * time passes in which nothing could be done.
 */
#define ACT_LOOK_NS 50000000ll
#define ACT_LOOKS (ACT_PATIENCE_NS / ACT_LOOK_NS)

/* The Linux process behind a Zircon process; process.host points here. */
struct host_process {
	struct process *process;
	struct host_process *next; /* list of all, under the list's lock */
	pid_t pid;                 /* under @lock; 0 before the start and after the end */
	bool gone;                 /* no code of it runs any more */
	bool crashed;              /* it ends because of an exception that nobody handled */
	uint32_t reported;         /* and the report about that is done: a futex */
	bool overdue;              /* it was ended by host__overdue(); under @lock */
	bool stopped;              /* for a report of its crash; under @lock */
	struct zxabi_boot *boot;   /* the channel as the supervisor sees it */
	int channel_fd;
	int agent_fd;
	int memory_fd;
	pthread_mutex_t lock;       /* pid, gone, slots in use */
	pthread_mutex_t agent_lock; /* one command at a time */
	pthread_mutex_t memory_lock; /* one descriptor on its way to a thread at a time */
	uint8_t slot_used[ZXABI_THREADS];
};

/* What became of the Linux thread: decided once, by the one who starts it. */
enum worker_launch {
	LAUNCH_PENDING,
	LAUNCH_DONE,
	LAUNCH_FAILED, /* the starter undoes the start in the core */
};

/* The supervisor's side of a program thread; thread.host points here. */
struct worker {
	struct thread *thread;
	struct host_process *host;
	struct zxabi_slot *slot;
	uint32_t slot_index;
	bool in_call;   /* the program thread waits for this worker: it can do actions */
	/* The call that a suspension interrupted, to be made again. */
	uint32_t retried;
	uint64_t retried_args[8];
	/* As perf events, under the thread's lock; descriptors 0: none. */
	struct host_breakpoint breakpoints[HOST_BREAKPOINTS];
	int breakpoint_fds[HOST_BREAKPOINTS];
	bool begun; /* it has come to its first instruction, see host__thread_starting() */
	uint32_t launch; /* enum worker_launch, a futex */
	struct trace_call *trace; /* the call that it runs, where calls are traced */
};

static inline struct zxabi_slot *host__slot(struct host_process *host, uint32_t index)
{
	return (struct zxabi_slot *)((char *)host->boot + ZXABI_BOOT_SIZE +
				     (size_t)index * ZXABI_SLOT_SIZE);
}

/* --- clock.c, sleep.c: table entries of core_host, see compat/core/host.h --- */
bool host__futex_wait(uint32_t *word, uint32_t value, zx_time_t deadline);
void host__futex_wake(uint32_t *word, int count);
void host__spin(const uint32_t *word);
void host__wake_unlocked(uint32_t *word);
uint32_t host__locking(void);
void host__unlocked(void);
zx_time_t host__monotonic(void);
zx_time_t host__boot(void);
zx_time_t host__utc(void);
uint32_t host__self_id(void);
void host__lock_stuck(uint32_t owner);
void host__random(void *buffer, size_t size);
bool host__add_entropy(const void *buffer, size_t size);

/* --- log.c --- */
/* Whether host__note() says something: --verbose. */
extern bool host__verbose;
/* Says on zxrun's standard error what it is good to know where something does not work. */
void host__note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- arena_map.c --- */
/* Maps the arena. Returns 0 or -errno. */
int host__map_arena(void);
void host__arena_trim(void *start, size_t size);
/* At zxrun's end, for builds that look for leaks: what objects of the core refer to is none. */
void host__arena_keep(void);

/* --- memory.c: memory behind VMOs --- */
zx_status_t host__mem_create(uint64_t size, uint32_t others, int *out_id);
zx_status_t host__mem_create_shared(uint64_t size, int *out_id, void **out_addr);
void host__mem_unmap_shared(void *addr, uint64_t size);
void host__mem_destroy(int id);
zx_status_t host__mem_resize(int id, uint64_t size);
zx_status_t host__mem_read(int id, uint64_t offset, void *buffer, size_t size);
zx_status_t host__mem_write(int id, uint64_t offset, const void *buffer, size_t size);
zx_status_t host__mem_copy(int dst, uint64_t dst_offset, int src, uint64_t src_offset,
			   uint64_t size);
zx_status_t host__mem_commit(int id, uint64_t offset, uint64_t size);
zx_status_t host__mem_decommit(int id, uint64_t offset, uint64_t size);
uint64_t host__mem_committed(int id, uint64_t offset, uint64_t size);
bool host__mem_next_data(int id, uint64_t from, uint64_t end, uint64_t *begin, uint64_t *stop);
/* A descriptor to map @id with; *temporary where the caller must close it. -errno on failure. */
int host__mem_fd(int id, bool writable, bool *temporary);

/* --- aspace.c: what has to happen inside a program process --- */
zx_status_t host__map(struct thread *caller, struct process *process, uint64_t addr, uint64_t size,
		      uint32_t prot, int id, uint64_t offset, bool writable);
zx_status_t host__unmap(struct thread *caller, struct process *process, uint64_t addr,
			uint64_t size);
zx_status_t host__protect(struct thread *caller, struct process *process, uint64_t addr,
			  uint64_t size, uint32_t prot);
zx_status_t host__set_segment_base(struct thread *self, uint32_t which, uint64_t base);
zx_status_t host__sync_process(struct thread *self, bool instructions);
zx_status_t host__get_segment_base(struct thread *self, uint32_t which, uint64_t *base);
zx_status_t host__yield(struct thread *self);
/*
 * Has @action done in @process: by @caller's own thread where that is one of the process in a call,
 * else by the agent. @fd: the descriptor that goes along, or -1.
 */
zx_status_t host__act(struct thread *caller, struct process *process, struct zxabi_action *action,
		      int fd);

/* --- process.c --- */
zx_status_t host__process_create(struct process *process);
void host__process_kill(struct process *process);
void host__process_free(struct process *process);
/* The signal of Linux that ended a process with this status of waitpid(), or 0. */
int host__ending_signal(int wait_status);
/* Reaps what has ended; for the main thread after SIGCHLD. */
void host__reap(void);
/*
 * For one who has waited ACT_PATIENCE_NS for the shim of @host: it broke its own shim, and others
 * must not wait for ever. Ends it, unless it is stopped (a debugger, SIGSTOP).
 */
void host__overdue(struct host_process *host);
/* Whether its Linux process is no more, though the main thread may not have seen that yet. */
bool host__has_ended(struct host_process *host);
/* Kills all that are left. */
void host__kill_all(void);
/* Has all stand still, and go on. */
void host__stop_all(void);
void host__continue_all(void);
/* True once none is left. */
bool host__all_gone(void);

/* --- spawn.c --- */
/* Prepares the image and the guard's filter. Returns 0 or -errno, and in @what what failed. */
int host__spawn_init(const char **what);
/* Makes channel and sockets and starts the Linux process. Returns 0 or -errno. */
int host__spawn(struct host_process *host);

/* --- boot.c --- */
/* Fills the part of a boot block that is the same for all processes. Returns 0 or -errno. */
int host__boot_init(void);
void host__boot_fill(struct zxabi_boot *boot, uint32_t era);
/*
 * How long a wait spins, in TSC cycles; the boot block's is for the program, which may change it.
 */
uint64_t host__spin_cycles(void);
/* Whether zxrun may run on more than one processor. */
bool host__several_cpus(void);

/* --- filter.c: the guard's system call filter. Returns 0 or -errno. --- */
int host__filter_build(uint64_t *filter, uint32_t max, uint32_t *count);

/* --- worker.c --- */
zx_status_t host__thread_start(struct thread *caller, struct thread *thread,
			       const struct thread_entry *entry);
void host__thread_kill(struct thread *thread);
/* --- schedule.c --- */
void host__thread_schedule(struct thread *thread);

/* The process is gone: no slot of it will be answered any more. */
void host__release_workers(struct host_process *host);
/* The worker that this thread is, or NULL. */
struct worker *host__worker_self(void);
/* A pthread with a small stack, for threads of the supervisor. Returns 0 or -errno. */
int host__start_pthread(void *(*run)(void *), void *arg);

/* --- slot.c: the supervisor's side of the channel --- */
/*
 * Waits until the program's side has acted; the new state, or ZXABI_DEAD or ZXABI_KILL among its
 * bits. @soon: it may act at once, so a short while without sleep is worth it.
 */
uint32_t slot__wait(struct worker *worker, uint32_t from, bool soon);
/*
 * Waits until the program's thread has done its action, even where it is to be killed: until then
 * the address space is not what the core believes. False where the process ended.
 */
bool slot__wait_action(struct worker *worker);
void slot__set(struct worker *worker, uint32_t state);
/* From another thread: adds ZXABI_DEAD or ZXABI_KILL. */
void slot__flag(struct zxabi_slot *slot, uint32_t flag);

/* --- stop.c: threads that are stopped --- */
/* From any thread: a signal of Linux to the program thread. */
void host__interrupt(struct worker *worker, int signal);
void host__thread_stop(struct thread *thread);
/* The program thread waits with its registers in the slot: it stays while it is suspended. */
void host__stop(struct worker *worker);
/*
 * For an exception: between the two calls the registers can be read and written as @context, and
 * the thread goes on from there.
 */
void host__context_open(struct worker *worker, struct thread_context *context);
void host__context_close(struct worker *worker, struct thread_context *context);

/* --- breakpoint.c --- */
zx_status_t host__set_breakpoints(struct thread *thread, const struct host_breakpoint *wanted);
/* Takes all away again. */
void host__clear_breakpoints(struct worker *worker);

/* --- exception.c --- */
/* Its last call has met one: it is raised now. */
void host__noted_exception(struct worker *worker);
/* It is about to run its first instruction: debuggers are told. */
void host__thread_starting(struct worker *worker);
/* An exception came from the program thread of @worker. False: it only lacked a page, and has it. */
bool host__exception(struct worker *worker);
/* The shim came upon a fault of the program's memory: 1 where it may try again, 0 where not. */
int64_t host__resolve_fault(struct worker *worker);
/* ZX_EXCP_*. */
uint32_t host__exception_type(const struct zxabi_exception *exception);

/* --- crash.c: the report about an exception that nobody handled; once a process --- */
/* The process of @thread is ended next. */
void host__crash_report(struct thread *thread, const struct zxabi_exception *exception,
			const struct thread_context *context);
/* The thread goes on after this one: it only wanted to know where it is. */
void host__backtrace_report(struct thread *thread, const struct zxabi_exception *exception,
			    const struct thread_context *context);
/* One that a call raised: reports it, for the core, which ends the process. */
void host__report_exception(struct thread *thread, const char *what);

/* --- runtime.c --- */
bool host__thread_runtime(struct thread *thread, struct host_runtime *out);
zx_duration_t host__process_runtime(struct process *process);

/* --- log.c --- */
void host__log(const struct log_record *record);
/* Replaces what is no text: it may end up on a terminal, and must not command it. */
void host__clean(char *text);
/* Copies a name that a program chose to @to, of ZX_MAX_NAME_LEN bytes, and returns that, clean. */
const char *host__printable(char *to, const char *name);

/* --- images.S --- */
extern const char host_shim_image[];
extern const char host_shim_image_end[];
extern const char host_vdso_image[];
extern const char host_vdso_image_end[];
extern const char host_crash_image[];
extern const char host_crash_image_end[];

#endif
