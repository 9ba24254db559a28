/* What those share who start processes of Linux; and the main thread's part of it. */
#ifndef COMPAT_HOST_SPAWN_H
#define COMPAT_HOST_SPAWN_H

#include <spawn.h>

/* Becomes readable when other threads want a process started. */
int host__spawn_event(void);
/* Starts them. */
void host__spawn_serve(void);
/* From here on none is started for other threads: who asks, or waits, is told so. */
void host__spawn_close(void);

/* For a process that is apart from zxrun's terminal and signals; the caller destroys them. */
void host__spawn_attributes(posix_spawnattr_t *attributes);

#endif
