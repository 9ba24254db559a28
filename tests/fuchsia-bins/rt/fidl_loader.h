/*
 * Files of /program, the folder of the test programs, and a loader service that finds libraries in
 * it: in the wire format of the program's era.
 */
#ifndef RT_FIDL_LOADER_H
#define RT_FIDL_LOADER_H

#include <zircon/types.h>

/* A file as memory that can be executed, or ZX_HANDLE_INVALID. */
zx_handle_t loader_open_file(const char *path);

/* Serves the channel that `arg` points at until its other end has gone: for a thread. */
void loader_serve(void *arg);

#endif
