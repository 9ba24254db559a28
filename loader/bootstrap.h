/*
 * Bootstrap messages: what a new process reads first from the channel that it is started with
 * (struct zx_proc_args in <zircon/processargs.h>).
 */
#ifndef LOADER_BOOTSTRAP_H
#define LOADER_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>
#include <zircon/types.h>

#include "compat/core/handle.h"

struct channel;

struct bootstrap {
	struct handle handles[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint32_t info[ZX_CHANNEL_MAX_MSG_HANDLES];
	uint32_t num_handles;
	/* The caller's strings, needed until the message is sent. */
	const char *const *args;
	size_t num_args;
	const char *const *environ;
	size_t num_environ;
	const char *names[ZX_CHANNEL_MAX_MSG_HANDLES];
	size_t num_names;
};

/* An empty message. */
void bootstrap__init(struct bootstrap *bootstrap);
/* Closes the handles that were not sent. */
void bootstrap__free(struct bootstrap *bootstrap);

/*
 * Adds a handle described by @info (PA_HND()); takes it over, also on failure. Errors:
 * ZX_ERR_OUT_OF_RANGE where the message has as many handles as a channel carries.
 */
zx_status_t bootstrap__add(struct bootstrap *bootstrap, struct handle *handle, uint32_t info);
/* Adds a handle of @rights to @object, of which the caller keeps its reference. */
zx_status_t bootstrap__add_object(struct bootstrap *bootstrap, void *object, zx_rights_t rights,
				  uint32_t info);
/* Adds a directory of the namespace at @path, a string that stays. As bootstrap__add(). */
zx_status_t bootstrap__add_dir(struct bootstrap *bootstrap, struct handle *handle,
			       const char *path);

/* Bytes that the message has, with @more_handles beyond those that it holds now. */
size_t bootstrap__size(const struct bootstrap *bootstrap, uint32_t more_handles);

/*
 * Writes the message to @channel; the handles go with it. Errors: ZX_ERR_OUT_OF_RANGE where it is
 * larger than a channel's messages can be, ZX_ERR_NO_MEMORY, ZX_ERR_PEER_CLOSED.
 */
zx_status_t bootstrap__send(struct bootstrap *bootstrap, struct channel *channel);

#endif
