/*
 * The debug log: one ring of records for the whole system, with any number of readers, each of
 * which keeps its own place. A slow reader loses the oldest records and is told how many.
 */
#ifndef COMPAT_CORE_DEBUGLOG_H
#define COMPAT_CORE_DEBUGLOG_H

#include "compat/core/object.h"

/* Bytes of text that a record holds; the newest interface lets programs fill less of it. */
#define LOG_DATA_MAX 224u

struct log_record {
	uint64_t sequence; /* counts all records since the start */
	zx_time_t time;    /* monotonic, nanoseconds */
	zx_koid_t pid;     /* koids of the writer */
	zx_koid_t tid;
	uint16_t size;       /* bytes of @data */
	uint16_t flags_2018; /* level and flags in one, as 2018 had them */
	uint8_t severity;    /* ZX_LOG_* */
	uint8_t flags;       /* ZX_LOG_LOCAL */
	char data[LOG_DATA_MAX]; /* no NUL byte at its end */
};

struct debuglog {
	struct object object;
	bool readable;
	uint32_t options;        /* added to the flags of each record written through it (2018) */
	struct list reader_node; /* in the ring, under its lock; unlinked where not readable */
	uint64_t next;           /* sequence of the record to read next; under the ring's lock */
};

extern const struct object_ops debuglog_ops;

/* Makes the ring (core_root->debuglog). Errors: ZX_ERR_NO_MEMORY. */
zx_status_t debuglog__init(void);

zx_status_t debuglog__create(bool readable, uint32_t options, struct debuglog **out);
/*
 * Appends a record; fills in sequence and time. @record->size is at most LOG_DATA_MAX. It also goes
 * to the outside's log.
 */
void debuglog__write(struct log_record *record);
/*
 * The next record for this reader; *lost counts those that it missed before it. Errors:
 * ZX_ERR_BAD_STATE (not readable), ZX_ERR_SHOULD_WAIT.
 */
zx_status_t debuglog__read(struct debuglog *log, struct log_record *out, uint64_t *lost);

#endif
