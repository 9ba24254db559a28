/*
 * Standard streams: programs have sockets, the host has file descriptors, and threads of the
 * supervisor carry the bytes between them.
 */
#ifndef COMPAT_SERVICES_STDIO_H
#define COMPAT_SERVICES_STDIO_H

#include <zircon/types.h>

#include "compat/core/handle.h"

/*
 * Starts the streams of a program of @era on the given host descriptors, which stay the caller's
 * and keep the blocking mode that they have. @program gets the program's ends for 0, 1 and 2, which
 * are the caller's to hand on; a stream whose descriptor is not open on the host has an empty
 * handle. Where @host_out and @host_err are the same open file, both ends belong to one socket, so
 * that what the program writes keeps its order. Only one set of streams exists at a time.
 * Errors: ZX_ERR_BAD_STATE (started already), ZX_ERR_NO_MEMORY, ZX_ERR_NO_RESOURCES (no thread).
 */
zx_status_t stdio__start(uint32_t era, int host_in, int host_out, int host_err,
			 struct handle program[3]);

/*
 * Waits until everything that was written to the output ends before this call has reached the host,
 * however slow the reader is; a reader that went away counts as reached. Returns 0, or the negative
 * errno of the first failed write that was not EPIPE.
 */
int stdio__drain(void);

/*
 * Ends the streams at once: what was not drained is lost, and programs see their ends closed.
 * Input that was read from a seekable file and not consumed is given back to it.
 */
void stdio__stop(void);

#endif
