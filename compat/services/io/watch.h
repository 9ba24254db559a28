/* Directory.Watch: who wants to know what happens in a directory. */
#ifndef COMPAT_SERVICES_IO_WATCH_H
#define COMPAT_SERVICES_IO_WATCH_H

#include "compat/core/list.h"
#include "compat/services/io/vnode.h"

struct watchers {
	struct list list;
};

void watchers__init(struct watchers *watchers);
/* Closes all; they are told that the directory is deleted where @deleted is set. */
void watchers__close(struct watchers *watchers, bool deleted);

/*
 * Adds a watcher for the events of @mask, and sends it at once what exists in @dir, if it asked for
 * that. Takes over @channel on success. Errors: ZX_ERR_INVALID_ARGS (no event), ZX_ERR_NO_MEMORY.
 */
zx_status_t watchers__add(struct watchers *watchers, struct vnode *dir, uint32_t mask,
			  struct handle *channel);
/* Tells of an event (IO_WATCH_*) of @name. Watchers that are gone, or do not read, are dropped. */
void watchers__notify(struct watchers *watchers, uint32_t event, const char *name);

#endif
