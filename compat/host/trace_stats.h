/* The table of --stats. */
#ifndef COMPAT_HOST_TRACE_STATS_H
#define COMPAT_HOST_TRACE_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A call of number @nr took @ns nanoseconds, waiting included. Safe from any thread. */
void trace_stats__add(uint32_t nr, uint64_t ns, bool failed);
/* Has @put print the table, line by line. */
void trace_stats__show(void (*put)(const char *bytes, size_t size));

#endif
