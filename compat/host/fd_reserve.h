/*
 * Open files that belong to what programs make: memory, files, breakpoints. They may use up all of
 * zxrun's but a reserve, so that it goes on serving and can start and end processes.
 */
#ifndef COMPAT_HOST_FD_RESERVE_H
#define COMPAT_HOST_FD_RESERVE_H

#include <stdint.h>

/*
 * @fd, which was just opened; or -1, with errno, where it could not be opened, or lies in the
 * reserve, and is closed again.
 */
int host__keep_reserve(int fd);
/* The same for a process that has @others already: one that has many is refused earlier. */
int host__keep_share(int fd, uint32_t others);

#endif
