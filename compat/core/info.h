/*
 * zx_object_get_info: what its topics share. A topic has one function; a function gets the request
 * and ends with info__single() or info__list(). Structures are picked by topic version, and where
 * they grew without one, by era.
 */
#ifndef COMPAT_CORE_INFO_H
#define COMPAT_CORE_INFO_H

#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/era.h"
#include "compat/core/user.h"

struct object;

struct info_request {
	struct thread *self;
	const struct era_traits *era;
	zx_handle_t handle;
	uint32_t topic;   /* without its version */
	uint32_t version; /* 0 for the oldest form */
	user_addr_t buffer;
	size_t size;
	user_addr_t actual; /* 0: the caller does not want to know; likewise @avail */
	user_addr_t avail;
};

/* handle__get() with the right that topics about objects of @type need. */
zx_status_t info__get(const struct info_request *request, uint32_t type, zx_rights_t rights,
		      void *out_object);

/*
 * Hands out the one record of a topic. ZX_ERR_BUFFER_TOO_SMALL where it does not fit; actual and
 * avail are told even then.
 */
zx_status_t info__single(const struct info_request *request, const void *record, size_t size);
/* Hands out the first @count records, or as many of them as fit; tells that there are @avail. */
zx_status_t info__list(const struct info_request *request, const void *records, size_t size,
		       size_t count, size_t avail);

/* How many records of @size bytes fit in the caller's buffer. */
size_t info__room(const struct info_request *request, size_t size);

/* --- topics, by family --- */

/* info_handle.c */
zx_status_t info__handle_valid(const struct info_request *request);
zx_status_t info__handle_basic(const struct info_request *request);
zx_status_t info__handle_count(const struct info_request *request);
zx_status_t info__process_handle_stats(const struct info_request *request);
zx_status_t info__handle_table(const struct info_request *request);

/* info_task.c */
zx_status_t info__process(const struct info_request *request);
zx_status_t info__process_threads(const struct info_request *request);
zx_status_t info__job(const struct info_request *request);
zx_status_t info__job_children(const struct info_request *request);
zx_status_t info__job_processes(const struct info_request *request);
zx_status_t info__thread(const struct info_request *request);
zx_status_t info__thread_stats(const struct info_request *request);
zx_status_t info__thread_exception_report(const struct info_request *request);
zx_status_t info__task_runtime(const struct info_request *request);

/* info_memory.c */
zx_status_t info__vmar(const struct info_request *request);
zx_status_t info__process_maps(const struct info_request *request);
zx_status_t info__vmar_maps(const struct info_request *request);
zx_status_t info__task_stats(const struct info_request *request);

/* info_vmo.c */
zx_status_t info__vmo(const struct info_request *request);
zx_status_t info__process_vmos(const struct info_request *request);

/* clock_map_calls.c */
zx_status_t info__clock_mapped_size(const struct info_request *request);

/* iob_calls.c */
zx_status_t info__iob(const struct info_request *request);
zx_status_t info__iob_regions(const struct info_request *request);

/* info_object.c */
zx_status_t info__socket(const struct info_request *request);
zx_status_t info__timer(const struct info_request *request);
zx_status_t info__interrupt(const struct info_request *request);
zx_status_t info__stream(const struct info_request *request);
zx_status_t info__resource(const struct info_request *request);
/* Topics about the system as a whole, which only holders of a resource may ask. */
zx_status_t info__system(const struct info_request *request);
zx_status_t info__memory_stall(const struct info_request *request);
/* Topics about objects of types that do not exist here. */
zx_status_t info__no_such_type(const struct info_request *request);

#endif
