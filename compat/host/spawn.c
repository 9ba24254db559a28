/* Starting the Linux process behind a Zircon process: a fresh execve of the shim. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compat/host/host.h"
#include "compat/host/spawn.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* Above the numbers that the new process gets its descriptors under. */
#define FIRST_FD 16

static int image_fd = -1;

/*
 * A program process dies with the thread that started it (PR_SET_PDEATHSIG): so the main thread,
 * which lives as long as zxrun, starts them all. Others hand it their requests.
 */
struct request {
	struct request *next;
	struct host_process *host;
	int result;
	uint32_t done; /* a futex */
};

static pthread_t main_thread;
static pthread_mutex_t request_lock = PTHREAD_MUTEX_INITIALIZER;
static struct request *requests;
static bool closed; /* under request_lock */
static int request_event = -1;

static int move_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);
	int error = errno;

	close(fd);
	if (moved >= 0)
		return moved;
	return error == EINVAL ? -EMFILE : -error; /* so few are allowed that the number is none */
}

/* What zxrun itself was started with is none of the programs' business: no process inherits it. */
static int keep_inherited(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	closedir(dir);
	return 0;
}

static int make_image(void)
{
	size_t size = (size_t)(host_shim_image_end - host_shim_image);
	int fd = memfd_create("zxrun-shim", MFD_CLOEXEC | MFD_EXEC);

	/* Linux before 6.3 does not know the flag, and lets every memfd be executed. */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("zxrun-shim", MFD_CLOEXEC);
	if (fd < 0 || write(fd, host_shim_image, size) != (ssize_t)size)
		return -errno;
	image_fd = move_up(fd);
	return image_fd < 0 ? image_fd : 0;
}

int host__spawn_init(const char **what)
{
	int error;

	main_thread = pthread_self();
	*what = "reading /proc/self/fd (is /proc mounted?)";
	error = keep_inherited();
	if (error)
		return error;
	error = make_image();
	*what = error == -EACCES ? "keeping the shim in memory (is vm.memfd_noexec 2?)" :
				   "keeping the shim in memory";
	if (error)
		return error;
	*what = "making an event descriptor";
	request_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return request_event < 0 ? -errno : 0;
}

int host__spawn_event(void)
{
	return request_event;
}

static int make_channel(struct host_process *host)
{
	int fd = memfd_create("zxrun-channel", MFD_CLOEXEC);
	void *at;

	if (fd < 0)
		return -errno;
	host->channel_fd = move_up(fd);
	if (host->channel_fd < 0)
		return host->channel_fd;
	if (ftruncate(host->channel_fd, (off_t)ZXABI_CHANNEL_SIZE))
		return -errno;
	at = mmap(NULL, ZXABI_CHANNEL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, host->channel_fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	host->boot = at;
	host__boot_fill(host->boot, host->process->era);
	return 0;
}

static int make_pair(int *ours, int *theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	*ours = pair[0];
	*theirs = move_up(pair[1]);
	return *theirs < 0 ? *theirs : 0;
}

void host__spawn_attributes(posix_spawnattr_t *attributes)
{
	sigset_t signals;

	posix_spawnattr_init(attributes);
	/* A group of its own: what a terminal sends (SIGINT) is for zxrun to act on. */
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						     POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(attributes, 0);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(attributes, &signals);
	sigfillset(&signals);
	posix_spawnattr_setsigdefault(attributes, &signals);
}

/* Starts the shim; 0 or -errno. */
static int exec_shim(struct host_process *host, int agent, int memory)
{
	/* For people who look for it among other processes: the shim takes it for its own. */
	char name[ZX_MAX_NAME_LEN];
	char *const argv[] = { name, NULL };
	char *const envp[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char path[32];
	pid_t pid;
	int error;

	host__printable(name, host->process->name[0] ? host->process->name : "zxrun-process");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image_fd);
	posix_spawn_file_actions_init(&files);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addclose(&files, fd);
	posix_spawn_file_actions_adddup2(&files, host->channel_fd, ZXABI_FD_CHANNEL);
	posix_spawn_file_actions_adddup2(&files, agent, ZXABI_FD_AGENT);
	posix_spawn_file_actions_adddup2(&files, memory, ZXABI_FD_MEMORY);
	host__spawn_attributes(&attributes);
	error = posix_spawn(&pid, path, &files, &attributes, argv, envp);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	if (error)
		return -error;
	pthread_mutex_lock(&host->lock);
	host->pid = pid;
	pthread_mutex_unlock(&host->lock);
	return 0;
}

static int spawn_here(struct host_process *host)
{
	int agent = -1;
	int memory = -1;
	int error = make_channel(host);

	if (!error)
		error = make_pair(&host->agent_fd, &agent);
	if (!error)
		error = make_pair(&host->memory_fd, &memory);
	if (!error)
		error = exec_shim(host, agent, memory);
	if (agent >= 0)
		close(agent);
	if (memory >= 0)
		close(memory);
	if (host->channel_fd >= 0) {
		close(host->channel_fd); /* both sides have it mapped */
		host->channel_fd = -1;
	}
	return error;
}

int host__spawn(struct host_process *host)
{
	struct request request = { .host = host };
	uint64_t one = 1;

	if (pthread_equal(pthread_self(), main_thread))
		return spawn_here(host);
	pthread_mutex_lock(&request_lock);
	if (closed) {
		pthread_mutex_unlock(&request_lock);
		return -ESHUTDOWN;
	}
	request.next = requests;
	requests = &request;
	pthread_mutex_unlock(&request_lock);
	/* The main thread has the request from here on. A full event has told it before. */
	while (write(request_event, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	while (!__atomic_load_n(&request.done, __ATOMIC_ACQUIRE))
		host__futex_wait(&request.done, 0, ZX_TIME_INFINITE);
	return request.result;
}

static struct request *take_request(void)
{
	struct request *request;

	pthread_mutex_lock(&request_lock);
	request = requests;
	if (request)
		requests = request->next;
	pthread_mutex_unlock(&request_lock);
	return request;
}

static void answer(struct request *request, int result)
{
	request->result = result;
	__atomic_store_n(&request->done, 1, __ATOMIC_RELEASE);
	/* The request may be gone now: its address only serves as the futex's name. */
	host__futex_wake(&request->done, 1);
}

void host__spawn_serve(void)
{
	struct request *request;
	uint64_t count;

	if (read(request_event, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return;
	while ((request = take_request()))
		answer(request, spawn_here(request->host));
}

void host__spawn_close(void)
{
	struct request *request;

	pthread_mutex_lock(&request_lock);
	closed = true;
	pthread_mutex_unlock(&request_lock);
	while ((request = take_request()))
		answer(request, -ESHUTDOWN);
}
