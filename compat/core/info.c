#include "compat/core/info.h"

#include <core/calls.h>

#include "compat/core/core.h"

/* The version of a topic's structure, less one, is in the top four bits. */
#define VERSION_SHIFT 28
#define TOPIC_MASK ((1u << VERSION_SHIFT) - 1)

zx_status_t info__get(const struct info_request *request, uint32_t type, zx_rights_t rights,
		      void *out_object)
{
	return handle__get(request->self, request->handle, type, rights, out_object);
}

static zx_status_t put_counts(const struct info_request *request, size_t actual, size_t avail)
{
	zx_status_t status = ZX_OK;

	if (request->actual)
		status = user__put(request->self, request->actual, &actual);
	if (status == ZX_OK && request->avail)
		status = user__put(request->self, request->avail, &avail);
	return status;
}

zx_status_t info__single(const struct info_request *request, const void *record, size_t size)
{
	bool fits = request->size >= size;
	zx_status_t status;

	if (fits && user__copy_out(request->self, request->buffer, record, size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	status = put_counts(request, fits, 1);
	if (status == ZX_OK && !fits)
		status = ZX_ERR_BUFFER_TOO_SMALL;
	return status;
}

size_t info__room(const struct info_request *request, size_t size)
{
	return request->size / size;
}

zx_status_t info__list(const struct info_request *request, const void *records, size_t size,
		       size_t count, size_t avail)
{
	size_t actual = info__room(request, size);

	if (actual > count)
		actual = count;
	if (user__copy_out(request->self, request->buffer, records, actual * size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return put_counts(request, actual, avail);
}

/* How many forms of its structure each topic has had, by era_traits.info_versions. */
static const struct topic {
	zx_status_t (*answer)(const struct info_request *request);
	uint8_t versions[INFO_VERSIONS];
} topics[] = {
	[ZX_INFO_HANDLE_VALID] = { info__handle_valid, { 1, 1, 1 } },
	[ZX_INFO_HANDLE_BASIC] = { info__handle_basic, { 1, 1, 1 } },
	[ZX_INFO_PROCESS] = { info__process, { 1, 1, 2 } },
	[ZX_INFO_PROCESS_THREADS] = { info__process_threads, { 1, 1, 1 } },
	[ZX_INFO_VMAR] = { info__vmar, { 1, 1, 1 } },
	[ZX_INFO_JOB_CHILDREN] = { info__job_children, { 1, 1, 1 } },
	[ZX_INFO_JOB_PROCESSES] = { info__job_processes, { 1, 1, 1 } },
	[ZX_INFO_THREAD] = { info__thread, { 1, 1, 1 } },
	[ZX_INFO_THREAD_EXCEPTION_REPORT] = { info__thread_exception_report, { 1, 2, 2 } },
	[ZX_INFO_TASK_STATS] = { info__task_stats, { 1, 1, 2 } },
	[ZX_INFO_PROCESS_MAPS] = { info__process_maps, { 1, 1, 3 } },
	[ZX_INFO_PROCESS_VMOS] = { info__process_vmos, { 1, 2, 4 } },
	[ZX_INFO_THREAD_STATS] = { info__thread_stats, { 1, 1, 1 } },
	[ZX_INFO_CPU_STATS] = { info__system, { 1, 1, 1 } },
	[ZX_INFO_KMEM_STATS] = { info__system, { 1, 1, 2 } },
	[ZX_INFO_RESOURCE] = { info__resource, { 1, 1, 1 } },
	[ZX_INFO_HANDLE_COUNT] = { info__handle_count, { 1, 1, 1 } },
	[ZX_INFO_BTI] = { info__no_such_type, { 1, 1, 1 } },
	[ZX_INFO_PROCESS_HANDLE_STATS] = { info__process_handle_stats, { 1, 1, 1 } },
	[ZX_INFO_SOCKET] = { info__socket, { 1, 1, 1 } },
	[ZX_INFO_VMO] = { info__vmo, { 1, 2, 4 } },
	[ZX_INFO_JOB] = { info__job, { 1, 1, 1 } },
	[ZX_INFO_TIMER] = { info__timer, { 1, 1, 1 } },
	[ZX_INFO_STREAM] = { info__stream, { 1, 1, 1 } },
	[ZX_INFO_HANDLE_TABLE] = { info__handle_table, { 1, 1, 1 } },
	[ZX_INFO_MSI] = { info__no_such_type, { 1, 1, 1 } },
	[ZX_INFO_GUEST_STATS] = { info__system, { 1, 1, 1 } },
	[ZX_INFO_TASK_RUNTIME] = { info__task_runtime, { 1, 1, 2 } },
	[ZX_INFO_KMEM_STATS_EXTENDED] = { info__system, { 1, 1, 1 } },
	[ZX_INFO_VCPU] = { info__no_such_type, { 1, 1, 1 } },
	[ZX_INFO_KMEM_STATS_COMPRESSION] = { info__system, { 1, 1, 1 } },
	[ZX_INFO_IOB] = { info__iob, { 1, 1, 1 } },
	[ZX_INFO_IOB_REGIONS] = { info__iob_regions, { 1, 1, 1 } },
	[ZX_INFO_VMAR_MAPS] = { info__vmar_maps, { 1, 1, 1 } },
	[ZX_INFO_POWER_DOMAINS] = { info__system, { 1, 1, 1 } },
	[ZX_INFO_MEMORY_STALL] = { info__memory_stall, { 1, 1, 1 } },
	[ZX_INFO_INTERRUPT] = { info__interrupt, { 1, 1, 1 } },
	[ZX_INFO_CLOCK_MAPPED_SIZE] = { info__clock_mapped_size, { 1, 1, 1 } },
};

_Static_assert(sizeof(topics) / sizeof(topics[0]) == ZX_INFO_CLOCK_MAPPED_SIZE + 1,
	       "the last topic of every era is a row");

zx_status_t sys_object_get_info(struct thread *self, zx_handle_t handle, uint32_t topic,
				user_addr_t buffer, size_t buffer_size, user_addr_t actual,
				user_addr_t avail)
{
	struct info_request request = {
		.self = self,
		.era = era__of(self->process->era),
		.handle = handle,
		.topic = topic & TOPIC_MASK,
		.version = topic >> VERSION_SHIFT,
		.buffer = buffer,
		.size = buffer_size,
		.actual = actual,
		.avail = avail,
	};
	const struct topic *row;

	if (request.topic > request.era->info_last)
		return ZX_ERR_NOT_SUPPORTED;
	row = &topics[request.topic];
	if (!row->answer || request.version >= row->versions[request.era->info_versions])
		return ZX_ERR_NOT_SUPPORTED;
	return row->answer(&request);
}
