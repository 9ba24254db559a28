/* The main thread's part of starting processes. */
#ifndef COMPAT_HOST_SPAWN_H
#define COMPAT_HOST_SPAWN_H

/* Becomes readable when other threads want a process started. */
int host__spawn_event(void);
/* Starts them. */
void host__spawn_serve(void);
/* From here on none is started for other threads: who asks, or waits, is told so. */
void host__spawn_close(void);

#endif
