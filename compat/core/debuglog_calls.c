/* The calls on the debug log, and the forms that its records had from era to era. */
#include <core/calls.h>
#include <string.h>
#include <zircon/eras.h>
#include <zircon/syscalls/log.h>

#include "compat/core/core.h"
#include "compat/core/debuglog.h"
#include "compat/core/resource.h"

static const struct era_traits *era_of(struct thread *self)
{
	return era__of(self->process->era);
}

zx_status_t sys_debuglog_create(struct thread *self, zx_handle_t resource, uint32_t options,
				user_addr_t out)
{
	const struct era_traits *era = era_of(self);
	zx_rights_t rights = era__default_rights(self->process->era, ZX_OBJ_TYPE_LOG);
	struct debuglog *log;
	zx_status_t status;

	if (resource != ZX_HANDLE_INVALID || (options && era->log_newest)) {
		status = resource__check(self, resource, ZX_RSRC_SYSTEM_DEBUGLOG_BASE);
		if (status != ZX_OK)
			return status;
	}
	if (!era->log_records_2018 && options & ~ZX_LOG_FLAG_READABLE)
		return ZX_ERR_INVALID_ARGS;
	status = debuglog__create(options & ZX_LOG_FLAG_READABLE,
				  options & ZX_LOG_FLAGS_MASK_202002, &log);
	if (status != ZX_OK)
		return status;
	if (options & ZX_LOG_FLAG_READABLE)
		rights |= ZX_RIGHT_READ;
	return handle__make_out(self, &log->object, rights, out);
}

/* Levels of 2018, which were bits, and the severities that took their place. */
static const struct {
	uint16_t level;
	uint8_t severity;
} levels[] = {
	{ ZX_LOG_ERROR_202002, ZX_LOG_ERROR },
	{ ZX_LOG_WARN_202002, ZX_LOG_WARNING },
	{ ZX_LOG_INFO_202002, ZX_LOG_INFO },
	{ ZX_LOG_TRACE, ZX_LOG_TRACE },
	{ ZX_LOG_SPEW_202002, ZX_LOG_TRACE },
	{ ZX_LOG_DEBUG1_202002, ZX_LOG_DEBUG },
	{ ZX_LOG_DEBUG2_202002, ZX_LOG_DEBUG },
	{ ZX_LOG_DEBUG3_202002, ZX_LOG_DEBUG },
	{ ZX_LOG_DEBUG4_202002, ZX_LOG_DEBUG },
};

/* Fills in both forms of the flags, since reader and writer may be of different eras. */
static void set_flags(const struct era_traits *era, struct log_record *record, uint32_t flags)
{
	record->severity = ZX_LOG_INFO;
	if (!era->log_records_2018) {
		record->flags = (uint8_t)flags;
		record->flags_2018 = ZX_LOG_INFO_202002;
		if (flags & ZX_LOG_LOCAL)
			record->flags_2018 |= ZX_LOG_LOCAL_202002;
		return;
	}
	record->flags_2018 = (uint16_t)flags;
	if (flags & ZX_LOG_LOCAL_202002)
		record->flags = ZX_LOG_LOCAL;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (flags & levels[i].level) {
			record->severity = levels[i].severity;
			break;
		}
	}
}

static void set_writer(struct thread *self, struct log_record *record)
{
	record->pid = self->process->object.koid;
	record->tid = self->object.koid;
}

/* Text that fits beside the header in ZX_LOG_RECORD_MAX bytes. */
static size_t data_max(const struct era_traits *era)
{
	if (era->log_newest)
		return ZX_LOG_RECORD_MAX - sizeof(zx_log_record_newest_t);
	return ZX_LOG_RECORD_MAX - sizeof(zx_log_record_t);
}

zx_status_t sys_debuglog_write(struct thread *self, zx_handle_t handle, uint32_t options,
			       user_addr_t buffer, size_t buffer_size)
{
	const struct era_traits *era = era_of(self);
	uint32_t known = era->log_records_2018 ? ZX_LOG_FLAGS_MASK_202002 : ZX_LOG_FLAGS_MASK;
	struct log_record record = { .size = 0 };
	struct debuglog *log;
	zx_status_t status;

	if (buffer_size > data_max(era)) {
		if (era->log_long_is_error)
			return ZX_ERR_OUT_OF_RANGE;
		buffer_size = data_max(era);
	}
	if (options & ~known)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_LOG, ZX_RIGHT_WRITE, &log);
	if (status != ZX_OK)
		return status;
	set_flags(era, &record, options | log->options);
	object__put(&log->object);
	if (user__copy_in(self, record.data, buffer, buffer_size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	record.size = (uint16_t)buffer_size;
	set_writer(self, &record);
	debuglog__write(&record);
	return ZX_OK;
}

/* The headers of all eras; the first two are of one size. */
union header {
	zx_log_record_202002_t v2018;
	zx_log_record_t v2020;
	zx_log_record_newest_t newest;
	char bytes[sizeof(zx_log_record_newest_t)];
};

/* Builds the header that @era knows; returns its size in bytes. */
static size_t make_header(const struct era_traits *era, const struct log_record *record,
			  uint64_t lost, union header *out)
{
	memset(out, 0, sizeof(*out));
	if (era->log_records_2018) {
		out->v2018.datalen = record->size;
		out->v2018.flags = record->flags_2018;
		out->v2018.timestamp = record->time;
		out->v2018.pid = record->pid;
		out->v2018.tid = record->tid;
		return sizeof(out->v2018);
	}
	if (!era->log_newest) {
		out->v2020.rollout = lost > UINT32_MAX ? UINT32_MAX : (uint32_t)lost;
		out->v2020.datalen = record->size;
		out->v2020.severity = record->severity;
		out->v2020.flags = record->flags;
		out->v2020.timestamp = record->time;
		out->v2020.pid = record->pid;
		out->v2020.tid = record->tid;
		return sizeof(out->v2020);
	}
	out->newest.sequence = record->sequence;
	out->newest.datalen = record->size;
	out->newest.severity = record->severity;
	out->newest.flags = record->flags;
	out->newest.timestamp = record->time;
	out->newest.pid = record->pid;
	out->newest.tid = record->tid;
	return sizeof(out->newest);
}

/* Returns how many bytes it wrote: a positive number in the place of a status. */
zx_status_t sys_debuglog_read(struct thread *self, zx_handle_t handle, uint32_t options,
			      user_addr_t buffer, size_t buffer_size)
{
	char out[ZX_LOG_RECORD_MAX];
	const struct era_traits *era = era_of(self);
	struct log_record record;
	union header header;
	struct debuglog *log;
	zx_status_t status;
	uint64_t lost;
	size_t size;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_LOG, ZX_RIGHT_READ, &log);
	if (status != ZX_OK)
		return status;
	status = debuglog__read(log, &record, &lost);
	object__put(&log->object);
	if (status != ZX_OK)
		return status;
	if (record.size > data_max(era))
		record.size = (uint16_t)data_max(era);
	size = make_header(era, &record, lost, &header);
	memcpy(out, header.bytes, size);
	memcpy(out + size, record.data, record.size);
	size += record.size;
	if (size > buffer_size)
		size = buffer_size;
	if (user__copy_out(self, buffer, out, size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return (zx_status_t)size;
}
