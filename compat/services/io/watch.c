#include "compat/services/io/watch.h"

#include <stdlib.h>
#include <string.h>

#include "compat/core/channel.h"

/* Events that a watcher may leave unread. */
#define MAX_UNREAD 4096u

struct watcher {
	struct list node;
	struct handle channel;
	uint32_t mask;
};

/* A message under construction: events, each a byte for its kind, one for the length, the name. */
struct batch {
	size_t size;
	uint8_t data[IO_MAX_BUF];
};

void watchers__init(struct watchers *watchers)
{
	list__init(&watchers->list);
}

static void drop(struct watcher *watcher)
{
	list__remove(&watcher->node);
	handle__close(&watcher->channel);
	free(watcher);
}

static zx_status_t send(struct watcher *watcher, const void *data, size_t size)
{
	struct channel *channel = (struct channel *)watcher->channel.object;
	struct message *message;
	bool full;

	object__lock(&channel->object);
	full = channel->peer && channel->peer->count > MAX_UNREAD;
	object__unlock(&channel->object);
	message = full ? NULL : message__alloc((uint32_t)size, 0);
	if (!message)
		return ZX_ERR_NO_MEMORY;
	memcpy(message->bytes, data, size);
	return channel__write(channel, message);
}

static size_t encode(uint8_t *out, uint32_t event, const char *name, size_t length)
{
	out[0] = (uint8_t)event;
	out[1] = (uint8_t)length;
	memcpy(out + 2, name, length);
	return 2 + length;
}

static void flush(struct watcher *watcher, struct batch *batch)
{
	if (batch->size)
		(void)send(watcher, batch->data, batch->size);
	batch->size = 0;
}

static void add_event(struct watcher *watcher, struct batch *batch, uint32_t event,
		      const char *name, size_t length)
{
	if (batch->size + 2 + length > sizeof(batch->data))
		flush(watcher, batch);
	batch->size += encode(batch->data + batch->size, event, name, length);
}

static void send_existing(struct watcher *watcher, struct vnode *dir, struct batch *batch)
{
	uint8_t entries[IO_MAX_BUF];
	struct dir_cookie cookie = { 0 };
	struct dirents dirents = { .data = entries, .room = sizeof(entries) };

	do {
		dirents.size = 0;
		if (!dir->ops->read_dir || dir->ops->read_dir(dir, &cookie, &dirents) != ZX_OK)
			return;
		for (size_t at = 0; at < dirents.size; at += 10u + entries[at + 8])
			add_event(watcher, batch, IO_WATCH_EXISTING,
				  (const char *)entries + at + 10, entries[at + 8]);
	} while (dirents.size);
}

zx_status_t watchers__add(struct watchers *watchers, struct vnode *dir, uint32_t mask,
			  struct handle *channel)
{
	struct watcher *watcher;
	struct batch batch;

	if (!(mask & IO_WATCH_MASK_ALL))
		return ZX_ERR_INVALID_ARGS;
	watcher = calloc(1, sizeof(*watcher));
	if (!watcher)
		return ZX_ERR_NO_MEMORY;
	watcher->channel = *channel;
	channel->object = NULL;
	watcher->mask = mask;
	batch.size = 0;
	if (mask & IO_WATCH_MASK(IO_WATCH_EXISTING)) {
		send_existing(watcher, dir, &batch);
		if (mask & IO_WATCH_MASK(IO_WATCH_IDLE))
			add_event(watcher, &batch, IO_WATCH_IDLE, "", 0);
		flush(watcher, &batch);
	}
	list__add_tail(&watchers->list, &watcher->node);
	return ZX_OK;
}

void watchers__notify(struct watchers *watchers, uint32_t event, const char *name)
{
	struct watcher *watcher;
	struct watcher *next;
	uint8_t data[2 + IO_MAX_NAME];
	size_t size;

	if (list__empty(&watchers->list) || strlen(name) > IO_MAX_NAME)
		return;
	size = encode(data, event, name, strlen(name));
	list_for_each_safe(watcher, next, &watchers->list, node)
		if (watcher->mask & IO_WATCH_MASK(event) && send(watcher, data, size) != ZX_OK)
			drop(watcher);
}

void watchers__close(struct watchers *watchers, bool deleted)
{
	struct watcher *watcher;
	struct watcher *next;

	if (deleted)
		watchers__notify(watchers, IO_WATCH_DELETED, "");
	list_for_each_safe(watcher, next, &watchers->list, node)
		drop(watcher);
}
