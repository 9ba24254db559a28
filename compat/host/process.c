/* The Linux processes behind Zircon processes: their list, their killing, their end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compat/host/host.h"
#include "compat/host/kvm.h"
#include "compat/host/supervisor.h"
#include "compat/host/trace.h"

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct host_process *all;

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void host_free(struct host_process *host)
{
	if (host->boot)
		munmap(host->boot, ZXABI_CHANNEL_SIZE);
	close_if_open(host->channel_fd);
	close_if_open(host->agent_fd);
	close_if_open(host->memory_fd);
	pthread_mutex_destroy(&host->lock);
	pthread_mutex_destroy(&host->agent_lock);
	pthread_mutex_destroy(&host->memory_lock);
	free(host);
}

static void list_add(struct host_process *host)
{
	pthread_mutex_lock(&list_lock);
	host->next = all;
	all = host;
	pthread_mutex_unlock(&list_lock);
}

static void list_remove(struct host_process *host)
{
	struct host_process **link;

	pthread_mutex_lock(&list_lock);
	for (link = &all; *link != host; link = &(*link)->next)
		;
	*link = host->next;
	pthread_mutex_unlock(&list_lock);
}

zx_status_t host__process_create(struct process *process)
{
	struct host_process *host = calloc(1, sizeof(*host));
	int error;

	if (!host)
		return ZX_ERR_NO_MEMORY;
	host->process = process;
	host->channel_fd = -1;
	host->agent_fd = -1;
	host->memory_fd = -1;
	pthread_mutex_init(&host->lock, NULL);
	pthread_mutex_init(&host->agent_lock, NULL);
	pthread_mutex_init(&host->memory_lock, NULL);
	process->host = host;
	/* Listed first: it may end, and be reaped, before the next line is reached. */
	list_add(host);
	error = host__spawn(host);
	if (error) {
		list_remove(host);
		process->host = NULL;
		host_free(host);
		return error == -ENOMEM ? ZX_ERR_NO_MEMORY : ZX_ERR_NO_RESOURCES;
	}
	if (host__tracing)
		trace__process_made(process);
	return ZX_OK;
}

static void signal_linux_process(struct host_process *host, int signal)
{
	pthread_mutex_lock(&host->lock);
	/* Not reaped yet, so the number still means this process. */
	if (host->pid > 0 && (signal != SIGCONT || !host->stopped))
		kill(host->pid, signal);
	pthread_mutex_unlock(&host->lock);
}

void host__process_kill(struct process *process)
{
	signal_linux_process(process->host, SIGKILL);
}

void host__process_free(struct process *process)
{
	if (process->is_guest)
		kvm_guest__free(process->host);
	else
		host_free(process->host);
	process->host = NULL;
}

/*
 * Takes one that has ended off the list, with a reference to its process; NULL where there is
 * none.
 */
static struct host_process *take_ended(int *wait_status)
{
	struct host_process **link;
	struct host_process *host;

	pthread_mutex_lock(&list_lock);
	for (link = &all; (host = *link); link = &host->next) {
		bool ended;

		pthread_mutex_lock(&host->lock);
		ended = host->pid > 0 && waitpid(host->pid, wait_status, WNOHANG) == host->pid;
		if (ended) {
			host->pid = 0;
			__atomic_store_n(&host->gone, true, __ATOMIC_SEQ_CST);
		}
		pthread_mutex_unlock(&host->lock);
		if (ended) {
			*link = host->next;
			object__get(&host->process->object);
			break;
		}
	}
	pthread_mutex_unlock(&list_lock);
	return host;
}

int host__ending_signal(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status) > ZXABI_EXIT_SIGNAL ?
		       WEXITSTATUS(wait_status) - ZXABI_EXIT_SIGNAL :
		       0;
}

/* Why the shim could not begin, which it says by its exit code; NULL: it is none of these. */
static const char *why_not_begun(int wait_status)
{
	switch (WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 0) {
	case ZXABI_EXIT_CHANNEL:
		return "it cannot map what zxrun shares with it";
	case ZXABI_EXIT_STACKS:
		return "it gets no memory for stacks";
	case ZXABI_EXIT_GUARD:
		return "it gets no seccomp filter";
	default:
		return NULL;
	}
}

static void report_unasked(struct process *process, bool overdue, int wait_status)
{
	unsigned long long koid = process->object.koid;
	int signal = host__ending_signal(wait_status);
	const char *why = why_not_begun(wait_status);
	char name[ZX_MAX_NAME_LEN];
	uint32_t state;

	object__lock(&process->object);
	state = process->state;
	host__printable(name, process->name);
	object__unlock(&process->object);
	/* Who wanted it to begin may have given it up already. */
	if (why)
		fprintf(stderr, "zxrun: process %s (%llu) could not run: %s\n", name, koid, why);
	else if (state >= PROCESS_DYING || overdue)
		return;
	else if (signal)
		fprintf(stderr, "zxrun: process %s (%llu) was killed by Linux signal %d\n", name, koid,
			signal);
	else
		fprintf(stderr, "zxrun: process %s (%llu) could not run (code %d)\n", name, koid,
			WEXITSTATUS(wait_status));
}

/* Whether @pid is stopped, by a signal or a debugger. */
static bool is_stopped(pid_t pid)
{
	char text[256];
	char path[32];
	const char *end;
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[size > 0 ? size : 0] = 0;
	/* "PID (NAME) STATE ...": the name is the program's, and may hold anything. */
	end = strrchr(text, ')');
	return end && end[1] == ' ' && (end[2] == 'T' || end[2] == 't');
}

bool host__has_ended(struct host_process *host)
{
	siginfo_t info = { 0 };
	bool ended;

	pthread_mutex_lock(&host->lock);
	/* It stays to be reaped. */
	ended = !host->pid || (!waitid(P_PID, (id_t)host->pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
			       info.si_pid == host->pid);
	pthread_mutex_unlock(&host->lock);
	return ended;
}

void host__overdue(struct host_process *host)
{
	char name[ZX_MAX_NAME_LEN];
	bool first = false;

	pthread_mutex_lock(&host->lock);
	if (host->pid > 0 && !host->overdue && (host->stopped || !is_stopped(host->pid))) {
		first = true;
		host->overdue = true;
		kill(host->pid, SIGKILL);
	}
	pthread_mutex_unlock(&host->lock);
	if (first)
		fprintf(stderr, "zxrun: process %s (%llu) broke its system call layer and was ended\n",
			host__printable(name, host->process->name),
			(unsigned long long)host->process->object.koid);
}

void host__reap(void)
{
	struct host_process *host;
	int wait_status;

	while ((host = take_ended(&wait_status))) {
		struct process *process = host->process;

		if (host__tracing)
			trace__process_ends(process, wait_status);
		report_unasked(process, host->overdue, wait_status);
		host__release_workers(host);
		process__host_gone(process);
		object__put(&process->object);
	}
}

static void signal_all(int signal)
{
	struct host_process *host;

	pthread_mutex_lock(&list_lock);
	for (host = all; host; host = host->next)
		signal_linux_process(host, signal);
	pthread_mutex_unlock(&list_lock);
}

void host__kill_all(void)
{
	signal_all(SIGKILL);
}

void host__stop_all(void)
{
	signal_all(SIGSTOP);
}

void host__continue_all(void)
{
	signal_all(SIGCONT);
}

bool host__all_gone(void)
{
	bool gone;

	pthread_mutex_lock(&list_lock);
	gone = !all;
	pthread_mutex_unlock(&list_lock);
	return gone;
}

bool supervisor__crashed(struct process *process)
{
	struct host_process *host = process->host;

	return host && host->crashed;
}
