/*
 * The calls on the kernel's serial console. There is none: what is written goes to the outside's
 * log, and nothing ever comes in.
 */
#include <core/calls.h>
#include <string.h>
#include <zircon/syscalls/log.h>

#include "compat/core/core.h"
#include "compat/core/debuglog.h"
#include "compat/core/resource.h"

/* Bytes that zx_debug_write takes; the rest is dropped, as in Zircon. */
#define WRITE_MAX 256u
/* The longest command of the kernel's shell. */
#define COMMAND_MAX 256u

static void log_line(struct thread *self, const char *text, size_t size)
{
	struct log_record record = {
		.time = core_host.clock_monotonic(),
		.pid = self->process->object.koid,
		.tid = self->object.koid,
		.size = (uint16_t)size,
		.severity = ZX_LOG_INFO,
	};

	memcpy(record.data, text, size);
	core_host.log(&record);
}

/* One record a line; a line that is too long for one goes on in the next. */
static void log_text(struct thread *self, const char *text, size_t size)
{
	size_t start = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n') {
			log_line(self, text + start, i - start);
			start = i + 1;
		} else if (i - start == LOG_DATA_MAX) {
			log_line(self, text + start, LOG_DATA_MAX);
			start = i;
		}
	}
	if (start < size)
		log_line(self, text + start, size - start);
}

zx_status_t sys_debug_write(struct thread *self, user_addr_t buffer, size_t buffer_size)
{
	char text[WRITE_MAX];

	if (buffer_size > WRITE_MAX)
		buffer_size = WRITE_MAX;
	if (user__copy_in(self, text, buffer, buffer_size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	log_text(self, text, buffer_size);
	return ZX_OK;
}

zx_status_t sys_debug_read(struct thread *self, zx_handle_t handle, user_addr_t buffer,
			   size_t buffer_size, user_addr_t actual)
{
	(void)buffer;
	(void)buffer_size;
	(void)actual;
	return core_refuse_debugging(self, handle, ZX_RSRC_SYSTEM_DEBUG_BASE);
}

/* To 2019-01 one pointer told of the buffer's size and was told what came. */
zx_status_t sys_debug_read_2018(struct thread *self, zx_handle_t handle, user_addr_t buffer,
				user_addr_t buffer_size)
{
	(void)buffer;
	(void)buffer_size;
	return core_refuse_debugging(self, handle, ZX_RSRC_SYSTEM_DEBUG_BASE);
}

zx_status_t sys_debug_send_command(struct thread *self, zx_handle_t resource, user_addr_t buffer,
				   size_t buffer_size)
{
	zx_status_t status = core_refuse_debugging(self, resource, ZX_RSRC_SYSTEM_DEBUG_BASE);
	char command[COMMAND_MAX];

	if (!era__of(self->process->era)->debug_by_resource || status != ZX_ERR_NOT_SUPPORTED)
		return status;
	if (buffer_size > COMMAND_MAX ||
	    user__copy_in(self, command, buffer, buffer_size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return status;
}
