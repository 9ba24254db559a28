/*
 * Files of /program, the folder of the test programs, and a loader service that finds libraries in
 * it: in the wire format of the program's era.
 */
#ifndef RT_FIDL_LOADER_H
#define RT_FIDL_LOADER_H

#include <zircon/types.h>

#include "fidl.h"

/* A request for a library by its name, and the answer: the same layout in both eras. */
struct load_request {
	struct fidl_header header;
	struct fidl_vector name;
	char text[256];
};

struct load_reply {
	struct fidl_header header;
	zx_status_t status;
	uint32_t present;
};

/* A file as memory that can be executed, or ZX_HANDLE_INVALID. */
zx_handle_t loader_open_file(const char *path);

/* Where below /program libraries are, with a slash at the end: at first the folder of the era. */
extern const char *loader_folder;

/* Serves the channel that `arg` points at until its other end has gone: for a thread. */
void loader_serve(void *arg);

#endif
