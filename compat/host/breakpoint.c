/*
 * Hardware breakpoints, as Linux's perf events: a signal to the program thread that comes upon one.
 * The supervisor opens them, so programs need no more of Linux for it.
 */
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat/host/fd_reserve.h"
#include "compat/host/host.h"

static const uint32_t types[] = {
	[HOST_BREAK_EXECUTE] = HW_BREAKPOINT_X,
	[HOST_BREAK_WRITE] = HW_BREAKPOINT_W,
	[HOST_BREAK_ACCESS] = HW_BREAKPOINT_RW,
};

/* Whether @tid is a thread of @pid: the program could name any other in its slot. */
static bool belongs(pid_t pid, uint32_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%u", pid, tid);
	return !access(path, F_OK);
}

static int open_event(struct worker *worker, uint32_t index,
		      const struct host_breakpoint *breakpoint)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attributes),
		.sample_period = 1,
		.bp_type = types[breakpoint->on],
		.bp_addr = breakpoint->addr,
		.bp_len = breakpoint->on == HOST_BREAK_EXECUTE ? sizeof(long) : breakpoint->size,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.sigtrap = 1,
		.remove_on_exec = 1,
		.sig_data = index,
	};
	uint32_t tid = __atomic_load_n(&worker->slot->tid, __ATOMIC_ACQUIRE);
	struct host_process *host = worker->host;
	int fd = -ESRCH;

	pthread_mutex_lock(&host->lock);
	if (host->pid > 0 && belongs(host->pid, tid)) {
		fd = host__keep_reserve((int)syscall(SYS_perf_event_open, &attributes, tid, -1, -1,
						     PERF_FLAG_FD_CLOEXEC));
		if (fd < 0)
			fd = -errno;
	}
	pthread_mutex_unlock(&host->lock);
	return fd;
}

void host__clear_breakpoints(struct worker *worker)
{
	for (uint32_t i = 0; i < HOST_BREAKPOINTS; i++) {
		if (worker->breakpoint_fds[i] > 0)
			close(worker->breakpoint_fds[i]);
		worker->breakpoint_fds[i] = 0;
	}
}

static int arm(struct worker *worker, const struct host_breakpoint *wanted)
{
	host__clear_breakpoints(worker);
	for (uint32_t i = 0; i < HOST_BREAKPOINTS; i++) {
		int fd = wanted[i].size ? open_event(worker, i, &wanted[i]) : 0;

		if (fd < 0) {
			host__clear_breakpoints(worker);
			return fd;
		}
		worker->breakpoint_fds[i] = fd;
	}
	return 0;
}

zx_status_t host__set_breakpoints(struct thread *thread, const struct host_breakpoint *wanted)
{
	struct worker *worker = thread->host;
	int error;

	if (!worker)
		return ZX_ERR_BAD_STATE;
	error = arm(worker, wanted);
	if (error) {
		/* The machine has a few for all: the old ones had to make room. */
		(void)arm(worker, worker->breakpoints);
		return error == -EMFILE || error == -ENFILE || error == -ENOMEM ?
			       ZX_ERR_NO_MEMORY : ZX_ERR_NOT_SUPPORTED;
	}
	memcpy(worker->breakpoints, wanted, sizeof(worker->breakpoints));
	return ZX_OK;
}
