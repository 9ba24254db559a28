#include "compat/host/supervisor.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "compat/core/timer.h"
#include "compat/core/vmo.h"
#include "compat/host/host.h"
#include "compat/host/kvm.h"
#include "compat/host/spawn.h"
#include "compat/host/trace.h"

/* How long memory of the arena may lie idle: it may be wanted again soon. */
#define TIDY_DELAY_NS 500000000ll
#define NS_PER_MS 1000000

static bool tidy_wanted;
static zx_time_t tidy_at; /* of the main thread; 0 while nothing is to be tidied up */

static void wake_main_thread(void)
{
	uint64_t one = 1;

	/* A signal is another way to have it look. */
	if (write(host__spawn_event(), &one, sizeof(one)) < 0)
		kill(getpid(), SIGCHLD);
}

static void arena_excess(void)
{
	__atomic_store_n(&tidy_wanted, true, __ATOMIC_SEQ_CST);
	wake_main_thread();
}

const struct core_host_ops core_host = {
	.futex_wait = host__futex_wait,
	.futex_wake = host__futex_wake,
	.spin = host__spin,
	.wake_unlocked = host__wake_unlocked,
	.locking = host__locking,
	.unlocked = host__unlocked,
	.clock_monotonic = host__monotonic,
	.clock_boot = host__boot,
	.clock_utc = host__utc,
	.self_id = host__self_id,
	.lock_stuck = host__lock_stuck,
	.random = host__random,
	.add_entropy = host__add_entropy,
	.log = host__log,
	.report_exception = host__report_exception,
	.exception_raised = host__exception_raised,
	.exception_resumed = host__exception_resumed,
	.arena_trim = host__arena_trim,
	.arena_excess = arena_excess,
	.mem_create = host__mem_create,
	.mem_create_shared = host__mem_create_shared,
	.mem_unmap_shared = host__mem_unmap_shared,
	.mem_destroy = host__mem_destroy,
	.mem_resize = host__mem_resize,
	.mem_read = host__mem_read,
	.mem_write = host__mem_write,
	.mem_copy = host__mem_copy,
	.mem_commit = host__mem_commit,
	.mem_decommit = host__mem_decommit,
	.mem_committed = host__mem_committed,
	.mem_next_data = host__mem_next_data,
	.map = host__map,
	.unmap = host__unmap,
	.protect = host__protect,
	.process_create = host__process_create,
	.process_kill = host__process_kill,
	.process_free = host__process_free,
	.thread_start = host__thread_start,
	.thread_kill = host__thread_kill,
	.thread_stop = host__thread_stop,
	.thread_set_breakpoints = host__set_breakpoints,
	.thread_runtime = host__thread_runtime,
	.process_runtime = host__process_runtime,
	.thread_schedule = host__thread_schedule,
	.set_segment_base = host__set_segment_base,
	.sync_process = host__sync_process,
	.get_segment_base = host__get_segment_base,
	.yield = host__yield,
	.guest_create = host__guest_create,
	.vcpu_create = host__vcpu_create,
	.vcpu_destroy = host__vcpu_destroy,
	.vcpu_run = host__vcpu_run,
	.vcpu_stop = host__vcpu_stop,
	.vcpu_answer = host__vcpu_answer,
	.vcpu_finish = host__vcpu_finish,
	.vcpu_refuse = host__vcpu_refuse,
	.vcpu_interrupt = host__vcpu_interrupt,
	.vcpu_wants_interrupts = host__vcpu_wants_interrupts,
	.vcpu_get_registers = host__vcpu_get_registers,
	.vcpu_set_registers = host__vcpu_set_registers,
	.vcpu_get_mode = host__vcpu_get_mode,
	.vcpu_translate = host__vcpu_translate,
	.vcpu_ticks = host__vcpu_ticks,
	.vcpu_ticks_per_ms = host__vcpu_ticks_per_ms,
	.vcpu_note = host__vcpu_note,
};

static struct thread *main_thread;
static struct vmo *vdso;
static int signals = -1;
static struct process *first_process;
static uint32_t first_known; /* a futex: first_process is set */
static bool first_ended;

/* Every VMO is an open file: as many as the system grants. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int init_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTSTP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals < 0 ? -errno : 0;
}

static int init_vdso(void)
{
	size_t size = (size_t)(host_vdso_image_end - host_vdso_image);

	if (vmo__create(size, false, &vdso) != ZX_OK ||
	    vmo__write(vdso, host_vdso_image, 0, size) != ZX_OK)
		return -ENOMEM;
	vmo__set_name(vdso, "vdso/full");
	/* All processes run this code. */
	vdso->sealed = true;
	return 0;
}

static void *timer_main(void *arg)
{
	timer__thread(arg);
	return NULL;
}

/* Waits for the first process's end, and has the main thread look. */
static void *watch_main(void *arg)
{
	struct thread *self = arg;

	while (!__atomic_load_n(&first_known, __ATOMIC_ACQUIRE))
		host__futex_wait(&first_known, 0, ZX_TIME_INFINITE);
	object__wait_one(self, &first_process->object, NULL, ZX_HANDLE_INVALID,
			 ZX_PROCESS_TERMINATED, ZX_TIME_INFINITE, NULL);
	__atomic_store_n(&first_ended, true, __ATOMIC_SEQ_CST);
	wake_main_thread();
	object__put(&self->object);
	object__put(&first_process->object);
	return NULL;
}

/* Started before there is something to watch: later, failing would be too late. */
static int init_watch(void)
{
	struct thread *thread = thread__create_internal("watch");

	return thread ? host__start_pthread(watch_main, thread) : -ENOMEM;
}

static int init_timers(void)
{
	struct thread *thread = thread__create_internal("timers");

	return thread ? host__start_pthread(timer_main, thread) : -ENOMEM;
}

/*
 * What programs have the core keep (messages above all) must not take the machine along. Their
 * memory proper is theirs: Linux ends a program before it ends zxrun (see the shim's beginning).
 */
static void limit_arena(void)
{
	struct sysinfo info;

	if (!sysinfo(&info))
		arena__limit((uint64_t)info.totalram * info.mem_unit / 2);
}

int supervisor__init(const char **what)
{
	int error;

	raise_file_limit();
	/* A limit on the size of files is an error for the one who meets it, not zxrun's end. */
	signal(SIGXFSZ, SIG_IGN);
	*what = "mapping the core's memory (64 GiB of addresses: see ulimit -v and ulimit -f)";
	error = host__map_arena();
	if (error)
		return error;
	*what = "starting the core";
	if (core__init() != ZX_OK)
		return -ENOMEM;
	limit_arena();
	main_thread = thread__create_internal("main");
	if (!main_thread)
		return -ENOMEM;
	*what = "blocking signals";
	error = init_signals();
	if (error)
		return error;
	*what = "asking the machine (Linux 5.9 or later and a CPU with FSGSBASE are needed)";
	error = host__boot_init();
	if (error)
		return error;
	error = host__spawn_init(what);
	if (error)
		return error;
	*what = "making the vDSO";
	error = init_vdso();
	if (error)
		return error;
	*what = "starting a thread";
	error = init_timers();
	return error ? error : init_watch();
}

void supervisor__set_verbose(bool verbose)
{
	host__verbose = verbose;
}

struct thread *supervisor__self(void)
{
	return main_thread;
}

int supervisor__vdso(struct handle *out)
{
	object__get(&vdso->object);
	*out = handle__make(&vdso->object, ZX_RIGHTS_BASIC | ZX_RIGHT_READ | ZX_RIGHT_MAP |
						   ZX_RIGHT_EXECUTE | ZX_RIGHT_GET_PROPERTY);
	return 0;
}

/*
 * A terminal's ^Z: programs are in process groups of their own, and stand still together with
 * zxrun. Where there is no shell that could have it go on Linux does not stop it.
 */
static void stand_still(void)
{
	sigset_t set;

	host__stop_all();
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	host__continue_all();
}

/* Reads the signals that came; returns the one that asks to end, or 0. */
static int take_signals(void)
{
	struct signalfd_siginfo info;
	int end = 0;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTSTP)
			stand_still();
		else if (info.ssi_signo != SIGCHLD)
			end = (int)info.ssi_signo;
	}
	host__reap();
	return end;
}

/* Serves once; returns the signal that asks to end, or 0. */
static int serve(int timeout)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = host__spawn_event(), .events = POLLIN },
	};

	if (poll(fds, 2, timeout) <= 0)
		return 0;
	if (fds[1].revents)
		host__spawn_serve();
	return fds[0].revents ? take_signals() : 0;
}

/* Milliseconds until memory is to be given back; gives it back when it is time. */
static int tidy_timeout(void)
{
	zx_time_t now;

	if (!tidy_at && !__atomic_load_n(&tidy_wanted, __ATOMIC_SEQ_CST))
		return -1;
	now = host__monotonic();
	if (!tidy_at)
		tidy_at = now + TIDY_DELAY_NS;
	if (now < tidy_at)
		return (int)((tidy_at - now) / NS_PER_MS) + 1;
	tidy_at = 0;
	/* In this order: it may be wanted again from the end of arena__tidy() on. */
	__atomic_store_n(&tidy_wanted, false, __ATOMIC_SEQ_CST);
	arena__tidy();
	malloc_trim(0);
	return -1;
}

int supervisor__run(struct process *first)
{
	int end = 0;

	object__get(&first->object);
	first_process = first;
	__atomic_store_n(&first_known, 1, __ATOMIC_RELEASE);
	host__futex_wake(&first_known, 1);
	while (!end && !__atomic_load_n(&first_ended, __ATOMIC_SEQ_CST))
		end = serve(tidy_timeout());
	return end;
}

void supervisor__shutdown(void)
{
	job__kill(core_root->root_job, 0);
	host__kill_all();
	while (!host__all_gone())
		serve(100);
	/* The main thread serves no more; a thread of the services may still ask. */
	host__spawn_close();
	host__arena_keep();
}
