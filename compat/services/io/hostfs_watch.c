/*
 * Watching host directories: one inotify descriptor for all, polled by the I/O engine, so that
 * changes by anybody are seen. All runs on the dispatcher's thread but poll_done().
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "compat/services/errno.h"
#include "compat/services/io/hostfs.h"
#include "compat/services/io/watch.h"

#define EVENTS \
	(IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF | IN_ONLYDIR)

struct host_watch {
	struct list node;
	int wd;
	struct watchers watchers;
};

static struct {
	bool up;
	int fd;
	bool canceled;
	struct io_request poll; /* under way while it is up */
	int64_t result;         /* of the last one */
	struct dispatch_work polled;
	struct list watches;
} state;

static struct host_watch *find_watch(int wd)
{
	struct host_watch *watch;

	list_for_each(watch, &state.watches, node)
		if (watch->wd == wd)
			return watch;
	return NULL;
}

static void drop_watch(struct host_watch *watch, bool deleted)
{
	/* Fails where the directory has gone, and its watch with it. */
	(void)inotify_rm_watch(state.fd, watch->wd);
	watchers__close(&watch->watchers, deleted);
	list__remove(&watch->node);
	free(watch);
}

static void handle_event(const struct inotify_event *event)
{
	struct host_watch *watch = find_watch(event->wd);

	if (!watch)
		return;
	if (event->mask & (IN_DELETE_SELF | IN_IGNORED)) {
		drop_watch(watch, true);
		return;
	}
	if (event->mask & (IN_CREATE | IN_MOVED_TO))
		watchers__notify(&watch->watchers, IO_WATCH_ADDED, event->name);
	else if (event->mask & (IN_DELETE | IN_MOVED_FROM))
		watchers__notify(&watch->watchers, IO_WATCH_REMOVED, event->name);
	if (list__empty(&watch->watchers.list))
		drop_watch(watch, false);
}

static void read_events(void)
{
	_Alignas(struct inotify_event) char buffer[4096 + sizeof(struct inotify_event) + NAME_MAX];
	ssize_t size;

	while ((size = read(state.fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0; at < size;) {
			struct inotify_event *event = (struct inotify_event *)(buffer + at);

			handle_event(event);
			at += (ssize_t)(sizeof(*event) + event->len);
		}
	}
}

static void poll_done(struct io_request *req, int64_t result)
{
	(void)req;
	state.result = result;
	/* The dispatcher runs: it does not stop before this. */
	(void)dispatch__post(&state.polled);
}

static void tear_down(void)
{
	struct host_watch *watch;
	struct host_watch *next;

	list_for_each_safe(watch, next, &state.watches, node)
		drop_watch(watch, false);
	close(state.fd);
	state.up = false;
	dispatch__end();
}

static void polled(struct dispatch_work *work)
{
	(void)work;
	read_events();
	if (state.canceled || state.result < 0 || list__empty(&state.watches))
		tear_down();
	else
		io__poll(&state.poll, state.fd, POLLIN);
}

static zx_status_t bring_up(void)
{
	if (state.up)
		return ZX_OK;
	state.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (state.fd < 0)
		return zx_from_errno(-errno);
	list__init(&state.watches);
	state.up = true;
	state.canceled = false;
	state.poll.done = poll_done;
	state.polled.run = polled;
	dispatch__begin();
	io__poll(&state.poll, state.fd, POLLIN);
	return ZX_OK;
}

/* The kernel gives the same number for the same directory, however it was opened. */
static struct host_watch *get_watch(struct vnode *dir)
{
	char path[HOSTFS_PROC_PATH_SIZE];
	struct host_watch *watch;
	int wd;

	hostfs__proc_path(host_node__of(dir)->fd, path);
	wd = inotify_add_watch(state.fd, path, EVENTS);
	if (wd < 0)
		return NULL;
	watch = find_watch(wd);
	if (watch)
		return watch;
	watch = calloc(1, sizeof(*watch));
	if (!watch) {
		(void)inotify_rm_watch(state.fd, wd);
		return NULL;
	}
	watch->wd = wd;
	watchers__init(&watch->watchers);
	list__add_tail(&state.watches, &watch->node);
	return watch;
}

zx_status_t host_dir__watch(struct vnode *dir, uint32_t mask, struct handle *channel)
{
	struct host_watch *watch;
	zx_status_t status = bring_up();

	if (status != ZX_OK)
		return status;
	watch = get_watch(dir);
	if (!watch)
		return ZX_ERR_NO_RESOURCES;
	status = watchers__add(&watch->watchers, dir, mask, channel);
	if (list__empty(&watch->watchers.list))
		drop_watch(watch, false);
	return status;
}

void hostfs_watch__shut_down(void)
{
	if (!state.up || state.canceled)
		return;
	state.canceled = true;
	io__cancel(&state.poll);
}
