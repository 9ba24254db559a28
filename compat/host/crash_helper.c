/*
 * The backtrace of a crash report is made by a program of its own (compat/crash), which lies in
 * zxrun as an image. It reads ELF and DWARF data that the crashed program may have made, and so it
 * gets nothing that it could do harm with: it asks for pages of memory and for copies of files, and
 * says lines of text. When it fails, or takes too long, the report goes without it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zircon/syscalls/exception.h>

#include "compat/core/thread.h"
#include "compat/core/user.h"
#include "compat/core/vmo.h"
#include "compat/host/crash.h"
#include "compat/host/host.h"
#include "compat/host/spawn.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* Above the numbers that the helper gets its descriptors under. */
#define FIRST_FD 16
#define PATIENCE_NS 20000000000ll
/* For all backtraces together: a program may well crash in many processes. */
#define BUDGET_NS 60000000000ll
#define NS_PER_MS 1000000
/* More lines, or questions, than any honest backtrace has. */
#define MAX_LINES 200
#define MAX_REQUESTS 1000000
/* The largest file that is copied for the helper. */
#define MAX_FILE (1ull << 30)
#define CHUNK 65536u

/* One helper at a time; what they have taken in all is under the lock. */
static pthread_mutex_t one_helper = PTHREAD_MUTEX_INITIALIZER;
static zx_duration_t spent;

struct helper {
	struct crash_scene *scene;
	struct report *report;
	int socket;
	pid_t pid;
	int lines;
	bool done;
};

/* A descriptor that the others in the helper cannot overwrite. */
static int moved_up(int fd)
{
	int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FD);

	if (fd >= 0)
		close(fd);
	return moved;
}

static bool write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t put = write(fd, at, size);

		if (put <= 0)
			return false;
		at += put;
		size -= (size_t)put;
	}
	return true;
}

static bool write_dirs(int fd, const char *const *dirs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!write_all(fd, dirs[i], strlen(dirs[i]) + 1))
			return false;
	}
	return true;
}

static size_t at_most(size_t count, size_t limit)
{
	return count < limit ? count : limit;
}

static bool write_maps(int fd, const struct host_maps *maps)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct host_map *map = &maps->list[i];
		struct crash_map out = {
			.base = map->base,
			.size = map->size,
			.offset = map->offset,
			.flags = map->prot & HOST_PROT_EXEC ? CRASH_MAP_EXECUTABLE : 0,
		};

		memcpy(out.name, map->name, sizeof(map->name));
		if (!write_all(fd, &out, sizeof(out)))
			return false;
	}
	return true;
}

/* The file that describes the process, or -1. */
static int make_input(const struct crash_scene *scene, const struct crash_options *options)
{
	struct crash_input input = {
		.maps = (uint32_t)scene->maps.count,
		.modules = (uint32_t)scene->num_modules,
		.lib_dirs = (uint32_t)at_most(options->num_lib_dirs, CRASH_MAX_DIRS),
		.debug_dirs = (uint32_t)at_most(options->num_debug_dirs, CRASH_MAX_DIRS),
		.is_behind = host__exception_type(&scene->exception) == ZX_EXCP_SW_BREAKPOINT,
		.regs = scene->context->regs,
	};
	int fd = moved_up(memfd_create("zxrun-crash-input", MFD_CLOEXEC));

	if (fd < 0)
		return -1;
	if (write_all(fd, &input, sizeof(input)) && write_maps(fd, &scene->maps) &&
	    write_all(fd, scene->modules, scene->num_modules * sizeof(*scene->modules)) &&
	    write_dirs(fd, options->lib_dirs, input.lib_dirs) &&
	    write_dirs(fd, options->debug_dirs, input.debug_dirs))
		return fd;
	close(fd);
	return -1;
}

static int make_image(void)
{
	int fd = memfd_create("zxrun-crash", MFD_CLOEXEC | MFD_EXEC);

	/* Linux before 6.3 does not know the flag, and lets every memfd be executed. */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("zxrun-crash", MFD_CLOEXEC);
	fd = moved_up(fd);
	if (fd >= 0 && !write_all(fd, host_crash_image,
				  (size_t)(host_crash_image_end - host_crash_image))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int spawn_image(struct helper *helper, int image, int socket, int input)
{
	char name[] = "zxrun-crash";
	char *const argv[] = { name, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char path[32];
	int error;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", image);
	posix_spawn_file_actions_init(&files);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, socket, CRASH_FD_SOCKET);
	posix_spawn_file_actions_adddup2(&files, input, CRASH_FD_INPUT);
	host__spawn_attributes(&attributes);
	error = posix_spawn(&helper->pid, path, &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

static bool start(struct helper *helper, const struct crash_options *options)
{
	int pair[2] = { -1, -1 };
	int input = make_input(helper->scene, options);
	int image = make_image();
	int error = -1;

	if (input >= 0 && image >= 0 &&
	    !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		pair[1] = moved_up(pair[1]);
		if (pair[1] >= 0)
			error = spawn_image(helper, image, pair[1], input);
	}
	helper->socket = pair[0];
	if (pair[1] >= 0)
		close(pair[1]);
	if (input >= 0)
		close(input);
	if (image >= 0)
		close(image);
	if (error && pair[0] >= 0)
		close(pair[0]);
	return !error;
}

static void answer(struct helper *helper, const void *data, uint32_t size, int fd)
{
	struct crash_answer head = { .size = fd < 0 ? size : 1 };
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec vectors[] = { { &head, sizeof(head) }, { (void *)(uintptr_t)data, size } };
	struct msghdr message = { .msg_iov = vectors, .msg_iovlen = 2 };

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	/* It waits for one answer at a time, for which there is room; else it waits in vain. */
	if (sendmsg(helper->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		helper->done = true;
}

static void answer_page(struct helper *helper, uint64_t addr)
{
	char page[CRASH_PAGE];
	zx_status_t status = user__read_process(helper->scene->thread->process, page,
						addr & ~(uint64_t)(CRASH_PAGE - 1), sizeof(page),
						NULL);

	answer(helper, page, status == ZX_OK ? sizeof(page) : 0, -1);
}

static bool is_zero(const char *data, size_t size)
{
	return !data[0] && !memcmp(data, data + 1, size - 1);
}

static bool copy_file(int fd, struct vmo *vmo, uint64_t size)
{
	char chunk[CHUNK];

	for (uint64_t at = 0; at < size; at += sizeof(chunk)) {
		size_t step = size - at < sizeof(chunk) ? (size_t)(size - at) : sizeof(chunk);

		if (vmo__read(vmo, chunk, at, step) != ZX_OK)
			return false;
		if (!is_zero(chunk, step) && pwrite(fd, chunk, step, (off_t)at) != (ssize_t)step)
			return false;
	}
	return true;
}

/* A copy of what a module was mapped from: the program may still change the VMO itself. */
static int file_of(const struct crash_scene *scene, uint32_t index)
{
	struct vmo *vmo;
	uint64_t size;
	int fd;

	if (index >= scene->num_modules)
		return -1;
	vmo = scene->maps.list[scene->first[index]].vmo;
	size = vmo__size(vmo);
	if (scene->maps.list[scene->first[index]].offset || size > MAX_FILE)
		return -1;
	fd = memfd_create("zxrun-module", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!ftruncate(fd, (off_t)size) && copy_file(fd, vmo, size))
		return fd;
	close(fd);
	return -1;
}

static void answer_file(struct helper *helper, uint32_t index)
{
	int fd = file_of(helper->scene, index);

	answer(helper, NULL, 0, fd);
	if (fd >= 0)
		close(fd);
}

/* As it is found from any folder: it may end up in a core file. */
static void set_path(struct crash_scene *scene, uint32_t module, const char *path)
{
	char *whole = module < scene->num_modules ? realpath(path, NULL) : NULL;

	if (whole && strlen(whole) < CRASH_TEXT_MAX)
		strcpy(scene->paths[module], whole);
	free(whole);
}

static void add_frame(struct crash_scene *scene, const struct crash_request *request)
{
	if (scene->num_frames == CRASH_MAX_FRAMES)
		return;
	scene->frames[scene->num_frames++] = (struct crash_frame){
		.number = request->index,
		.is_return = request->op == CRASH_RETURN,
		.pc = request->addr,
	};
}

static void serve_request(struct helper *helper, const struct crash_request *request, char *text)
{
	switch (request->op) {
	case CRASH_READ:
		answer_page(helper, request->addr);
		break;
	case CRASH_FILE:
		answer_file(helper, request->index);
		break;
	case CRASH_PATH:
		set_path(helper->scene, request->index, text);
		break;
	case CRASH_LINE:
		/* It names what files and programs say. */
		host__clean(text);
		if (helper->lines++ < MAX_LINES)
			report__add(helper->report, "  %s\n", text);
		break;
	case CRASH_FRAME:
	case CRASH_RETURN:
		add_frame(helper->scene, request);
		break;
	default:
		helper->done = true;
	}
}

/* Answers until the helper has said all, and tells why where it has not. */
static const char *serve(struct helper *helper)
{
	zx_time_t deadline = host__monotonic() + PATIENCE_NS;
	struct pollfd fd = { .fd = helper->socket, .events = POLLIN };

	for (int i = 0; i < MAX_REQUESTS && !helper->done; i++) {
		zx_time_t left = deadline - host__monotonic();
		char message[sizeof(struct crash_request) + CRASH_TEXT_MAX + 1];
		struct crash_request request;
		ssize_t got;

		if (left <= 0 || !poll(&fd, 1, (int)(left / NS_PER_MS) + 1))
			return "it took too long";
		got = recv(helper->socket, message, sizeof(message) - 1, MSG_DONTWAIT);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got < (ssize_t)sizeof(request))
			return "its helper failed";
		message[got] = 0;
		memcpy(&request, message, sizeof(request));
		serve_request(helper, &request, message + sizeof(request));
	}
	return helper->done ? NULL : "its helper failed";
}

/* NULL, or why there is no backtrace, or not all of it. */
static const char *run(struct helper *helper, const struct crash_options *options)
{
	const char *why;

	if (!start(helper, options))
		return "its helper cannot be started";
	why = serve(helper);
	kill(helper->pid, SIGKILL);
	close(helper->socket);
	while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	return why;
}

bool crash_helper__backtrace(struct crash_scene *scene, const struct crash_options *options,
			     struct report *report, const char **why)
{
	struct helper helper = { .scene = scene, .report = report };
	zx_time_t begin;

	pthread_mutex_lock(&one_helper);
	begin = host__monotonic();
	*why = spent < BUDGET_NS ? run(&helper, options) : "earlier ones took too long";
	spent += host__monotonic() - begin;
	pthread_mutex_unlock(&one_helper);
	return !*why;
}
