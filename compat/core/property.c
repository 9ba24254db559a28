/* zx_object_get_property and zx_object_set_property: one row a property. */
#include <core/calls.h>
#include <string.h>
#include <zircon/eras.h>
#include <zircon/syscalls/object.h>

#include "compat/core/clock.h"
#include "compat/core/core.h"
#include "compat/core/exception.h"
#include "compat/core/iob.h"
#include "compat/core/socket.h"
#include "compat/core/stream.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_copy.h"

/* --- names --- */

/* Where an object keeps its name; NULL for objects without. */
static char *name_of(struct object *object)
{
	switch (object->type) {
	case ZX_OBJ_TYPE_PROCESS:
		return ((struct process *)object)->name;
	case ZX_OBJ_TYPE_THREAD:
		return ((struct thread *)object)->name;
	case ZX_OBJ_TYPE_JOB:
		return ((struct job *)object)->name;
	case ZX_OBJ_TYPE_VMO:
		return ((struct vmo *)object)->name;
	case ZX_OBJ_TYPE_CLOCK:
		return ((struct clock *)object)->name;
	default:
		return NULL;
	}
}

/* Whether it is a thread that has ended, and left nothing that could have a name. */
static bool is_empty(const struct thread *self, const struct object *object)
{
	return era__of(self->process->era)->dead_thread_empty &&
	       object->type == ZX_OBJ_TYPE_THREAD && thread__ended((const struct thread *)object);
}

static zx_status_t get_name(struct thread *self, struct object *object, user_addr_t value)
{
	char copy[ZX_MAX_NAME_LEN] = "";
	char *name = name_of(object);

	/* The memory of an I/O buffer has the name. */
	if (object->type == ZX_OBJ_TYPE_IOB) {
		iob__get_name((struct iob *)object, copy);
		return user__put(self, value, &copy);
	}
	if (!name && era__of(self->process->era)->props_newest)
		return ZX_ERR_WRONG_TYPE;
	if (name && !is_empty(self, object)) {
		object__lock(object);
		memcpy(copy, name, sizeof(copy));
		object__unlock(object);
	}
	return user__put(self, value, &copy);
}

/* A name that is too long is cut short. */
static zx_status_t set_name(struct thread *self, struct object *object, user_addr_t value,
			    size_t size)
{
	char copy[ZX_MAX_NAME_LEN] = "";
	char *name = name_of(object);
	size_t used;

	if (size > sizeof(copy) - 1)
		size = sizeof(copy) - 1;
	if (user__copy_in(self, copy, value, size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	/* What lies behind its first NUL byte does not belong to a name. */
	used = strnlen(copy, sizeof(copy));
	memset(copy + used, 0, sizeof(copy) - used);
	if (object->type == ZX_OBJ_TYPE_IOB) {
		iob__set_name((struct iob *)object, copy);
		return ZX_OK;
	}
	if (!name)
		return era__of(self->process->era)->props_newest ? ZX_ERR_WRONG_TYPE :
								   ZX_ERR_NOT_SUPPORTED;
	if (is_empty(self, object))
		return ZX_ERR_BAD_STATE;
	object__lock(object);
	memcpy(name, copy, sizeof(copy));
	object__unlock(object);
	return ZX_OK;
}

/* --- values of one number; those of fewer than 64 bits are cut by the caller --- */

static zx_status_t get_debug_addr(struct object *object, uint64_t *value)
{
	object__lock(object);
	*value = ((struct process *)object)->debug_addr;
	object__unlock(object);
	return ZX_OK;
}

/*
 * ld.so.1 sets it; before, a debugger may have left the wish to be stopped at that moment. The
 * newest system leaves it to them how often, and to what.
 */
static zx_status_t set_debug_addr(struct thread *self, struct object *object, uint64_t value)
{
	bool once = !era__of(self->process->era)->props_newest;
	struct process *process = (struct process *)object;
	zx_status_t status = ZX_OK;

	if (!value && once)
		return ZX_ERR_INVALID_ARGS;
	object__lock(object);
	if (once && process->debug_addr &&
	    process->debug_addr != ZX_PROCESS_DEBUG_ADDR_BREAK_ON_SET)
		status = ZX_ERR_ACCESS_DENIED;
	else
		process->debug_addr = value;
	object__unlock(object);
	return status;
}

static zx_status_t get_break_on_load(struct object *object, uint64_t *value)
{
	object__lock(object);
	*value = ((struct process *)object)->break_on_load;
	object__unlock(object);
	return ZX_OK;
}

static zx_status_t set_break_on_load(struct thread *self, struct object *object, uint64_t value)
{
	(void)self;
	object__lock(object);
	((struct process *)object)->break_on_load = value;
	object__unlock(object);
	return ZX_OK;
}

static zx_status_t get_vdso_base(struct object *object, uint64_t *value)
{
	object__lock(object);
	*value = ((struct process *)object)->vdso_base;
	object__unlock(object);
	return ZX_OK;
}

static zx_status_t get_read_threshold(struct object *object, uint64_t *value)
{
	*value = socket__read_threshold((struct socket *)object);
	return ZX_OK;
}

static zx_status_t set_read_threshold(struct thread *self, struct object *object, uint64_t value)
{
	(void)self;
	return socket__set_read_threshold((struct socket *)object, value);
}

static zx_status_t get_write_threshold(struct object *object, uint64_t *value)
{
	*value = socket__write_threshold((struct socket *)object);
	return ZX_OK;
}

static zx_status_t set_write_threshold(struct thread *self, struct object *object, uint64_t value)
{
	(void)self;
	return socket__set_write_threshold((struct socket *)object, value);
}

static zx_status_t get_rx_buf_max(struct object *object, uint64_t *value)
{
	zx_info_socket_t info;

	socket__info((struct socket *)object, &info);
	*value = info.rx_buf_max;
	return ZX_OK;
}

static zx_status_t get_rx_buf_size(struct object *object, uint64_t *value)
{
	zx_info_socket_t info;

	socket__info((struct socket *)object, &info);
	*value = info.rx_buf_size;
	return ZX_OK;
}

static zx_status_t get_tx_buf_max(struct object *object, uint64_t *value)
{
	zx_info_socket_t info;

	socket__info((struct socket *)object, &info);
	*value = info.tx_buf_max;
	return ZX_OK;
}

static zx_status_t get_tx_buf_size(struct object *object, uint64_t *value)
{
	zx_info_socket_t info;

	socket__info((struct socket *)object, &info);
	*value = info.tx_buf_size;
	return ZX_OK;
}

/* Channels never had a limit of messages; the property said so until it went. */
static zx_status_t get_channel_max(struct object *object, uint64_t *value)
{
	(void)object;
	*value = UINT64_MAX;
	return ZX_OK;
}

static zx_status_t set_kill_on_oom(struct thread *self, struct object *object, uint64_t value)
{
	(void)self;
	if (value > 1)
		return ZX_ERR_INVALID_ARGS;
	object__lock(object);
	((struct job *)object)->kill_on_oom = value;
	object__unlock(object);
	return ZX_OK;
}

static zx_status_t get_content_size(struct object *object, uint64_t *value)
{
	*value = vmo__stream_size((struct vmo *)object);
	return ZX_OK;
}

static zx_status_t set_content_size(struct thread *self, struct object *object, uint64_t value)
{
	struct vmo *vmo = (struct vmo *)object;

	if (era__of(self->process->era)->content_in_vmo && value > vmo__size(vmo))
		return ZX_ERR_OUT_OF_RANGE;
	return vmo__set_stream_size_wait(self, vmo, value);
}

static zx_status_t get_append(struct object *object, uint64_t *value)
{
	object__lock(object);
	*value = !!(((struct stream *)object)->options & ZX_STREAM_MODE_APPEND);
	object__unlock(object);
	return ZX_OK;
}

static zx_status_t set_append(struct thread *self, struct object *object, uint64_t value)
{
	struct stream *stream = (struct stream *)object;

	(void)self;
	object__lock(object);
	if (value)
		stream->options |= ZX_STREAM_MODE_APPEND;
	else
		stream->options &= ~ZX_STREAM_MODE_APPEND;
	object__unlock(object);
	return ZX_OK;
}

static zx_status_t may_set_segment_base(struct thread *self, struct object *object)
{
	return &self->object == object ? ZX_OK : ZX_ERR_ACCESS_DENIED;
}

static zx_status_t set_segment_base(struct thread *self, uint32_t which, uint64_t value)
{
	bool low_too = era__of(self->process->era)->props_newest;

	if (value >= USER_END || (value < ASPACE_BASE && !low_too))
		return ZX_ERR_INVALID_ARGS;
	return core_host.set_segment_base(self, which, value);
}

/* The newest system tells a thread its own bases too. */
static zx_status_t get_segment_base(struct thread *self, struct object *object, uint32_t which,
				    user_addr_t value, size_t size)
{
	uint64_t base;
	zx_status_t status;

	if (size < sizeof(base))
		return ZX_ERR_BUFFER_TOO_SMALL;
	if (object->type != ZX_OBJ_TYPE_THREAD)
		return ZX_ERR_WRONG_TYPE;
	if (&self->object != object)
		return ZX_ERR_ACCESS_DENIED;
	status = core_host.get_segment_base(self, which, &base);
	return status == ZX_OK ? user__put(self, value, &base) : status;
}

static zx_status_t set_fs(struct thread *self, struct object *object, uint64_t value)
{
	(void)object;
	return set_segment_base(self, ZX_PROP_REGISTER_FS, value);
}

static zx_status_t set_gs(struct thread *self, struct object *object, uint64_t value)
{
	(void)object;
	return set_segment_base(self, ZX_PROP_REGISTER_GS, value);
}

/* Tracing by hardware is for systems built for debugging. */
static zx_status_t get_trace_id(struct object *object, uint64_t *value)
{
	(void)object;
	(void)value;
	return ZX_ERR_NOT_SUPPORTED;
}

static zx_status_t get_exception_state(struct object *object, uint64_t *value)
{
	*value = exception__state((struct exception *)object);
	return ZX_OK;
}

static zx_status_t set_exception_state(struct thread *self, struct object *object, uint64_t value)
{
	return exception__set_state((struct exception *)object, (uint32_t)value,
				    era__of(self->process->era)->exception_thread_exit);
}

static zx_status_t get_strategy(struct object *object, uint64_t *value)
{
	*value = exception__strategy((struct exception *)object);
	return ZX_OK;
}

static zx_status_t may_set_strategy(struct thread *self, struct object *object)
{
	(void)self;
	return exception__debugged((struct exception *)object) ? ZX_OK : ZX_ERR_BAD_STATE;
}

static zx_status_t set_strategy(struct thread *self, struct object *object, uint64_t value)
{
	(void)self;
	return exception__set_strategy((struct exception *)object, (uint32_t)value);
}

/* --- the table --- */

/* Properties whose numbers had other owners later. */
enum {
	PROP_RX_BUF_MAX = 32,
	PROP_RX_BUF_SIZE,
	PROP_TX_BUF_MAX,
	PROP_TX_BUF_SIZE,
	PROP_CHANNEL_MAX,
	PROPERTIES,
};

static const struct property {
	uint32_t type; /* the object must be of it; ZX_OBJ_TYPE_NONE for any */
	uint32_t size; /* bytes of the value */
	/* NULL: the property cannot be read, or written. */
	zx_status_t (*get)(struct object *object, uint64_t *value);
	zx_status_t (*set)(struct thread *self, struct object *object, uint64_t value);
	/* Errors that come before those of the value; may be NULL. */
	zx_status_t (*may_set)(struct thread *self, struct object *object);
} properties[PROPERTIES] = {
	[ZX_PROP_REGISTER_GS] = { ZX_OBJ_TYPE_THREAD, 8, NULL, set_gs, may_set_segment_base },
	[ZX_PROP_REGISTER_FS] = { ZX_OBJ_TYPE_THREAD, 8, NULL, set_fs, may_set_segment_base },
	[ZX_PROP_PROCESS_DEBUG_ADDR] = { ZX_OBJ_TYPE_PROCESS, 8, get_debug_addr, set_debug_addr },
	[ZX_PROP_PROCESS_VDSO_BASE_ADDRESS] = { ZX_OBJ_TYPE_PROCESS, 8, get_vdso_base, NULL },
	[ZX_PROP_PROCESS_BREAK_ON_LOAD] = { ZX_OBJ_TYPE_PROCESS, 8, get_break_on_load,
					    set_break_on_load },
	[ZX_PROP_PROCESS_HW_TRACE_CONTEXT_ID] = { ZX_OBJ_TYPE_NONE, 0, get_trace_id, NULL },
	[ZX_PROP_SOCKET_RX_THRESHOLD] = { ZX_OBJ_TYPE_SOCKET, 8, get_read_threshold,
					  set_read_threshold },
	[ZX_PROP_SOCKET_TX_THRESHOLD] = { ZX_OBJ_TYPE_SOCKET, 8, get_write_threshold,
					  set_write_threshold },
	[ZX_PROP_JOB_KILL_ON_OOM] = { ZX_OBJ_TYPE_JOB, 8, NULL, set_kill_on_oom },
	[ZX_PROP_EXCEPTION_STATE] = { ZX_OBJ_TYPE_EXCEPTION, 4, get_exception_state,
				      set_exception_state },
	[ZX_PROP_VMO_CONTENT_SIZE] = { ZX_OBJ_TYPE_VMO, 8, get_content_size, set_content_size },
	[ZX_PROP_EXCEPTION_STRATEGY] = { ZX_OBJ_TYPE_EXCEPTION, 4, get_strategy, set_strategy,
					 may_set_strategy },
	[ZX_PROP_STREAM_MODE_APPEND] = { ZX_OBJ_TYPE_STREAM, 1, get_append, set_append },
	[PROP_RX_BUF_MAX] = { ZX_OBJ_TYPE_SOCKET, 8, get_rx_buf_max, NULL },
	[PROP_RX_BUF_SIZE] = { ZX_OBJ_TYPE_SOCKET, 8, get_rx_buf_size, NULL },
	[PROP_TX_BUF_MAX] = { ZX_OBJ_TYPE_SOCKET, 8, get_tx_buf_max, NULL },
	[PROP_TX_BUF_SIZE] = { ZX_OBJ_TYPE_SOCKET, 8, get_tx_buf_size, NULL },
	[PROP_CHANNEL_MAX] = { ZX_OBJ_TYPE_CHANNEL, 8, get_channel_max, NULL },
};

static zx_status_t no_such_property(struct thread *self)
{
	return era__of(self->process->era)->props_newest ? ZX_ERR_NOT_SUPPORTED :
							   ZX_ERR_INVALID_ARGS;
}

/* The row of what the caller's era calls @number, or NULL. */
static const struct property *find(struct thread *self, uint32_t number)
{
	const struct era_traits *era = era__of(self->process->era);

	if (number >= 32 || !(era->properties & 1u << number))
		return NULL;
	if (number == era->prop_channel_max)
		return &properties[PROP_CHANNEL_MAX];
	if (era->socket_buffer_props && number >= ZX_PROP_SOCKET_RX_BUF_MAX_201810 &&
	    number <= ZX_PROP_SOCKET_TX_BUF_SIZE_201810)
		return &properties[PROP_RX_BUF_MAX + number - ZX_PROP_SOCKET_RX_BUF_MAX_201810];
	return &properties[number];
}

static zx_status_t get_property(struct thread *self, struct object *object, uint32_t number,
				user_addr_t value, size_t size)
{
	const struct property *property = find(self, number);
	uint64_t number_value;
	zx_status_t status;

	if (number == ZX_PROP_NAME)
		return size < ZX_MAX_NAME_LEN ? ZX_ERR_BUFFER_TOO_SMALL :
						get_name(self, object, value);
	if ((number == ZX_PROP_REGISTER_FS || number == ZX_PROP_REGISTER_GS) &&
	    era__of(self->process->era)->props_newest)
		return get_segment_base(self, object, number, value, size);
	if (!property || !property->get)
		return no_such_property(self);
	if (size < property->size)
		return ZX_ERR_BUFFER_TOO_SMALL;
	if (property->type != ZX_OBJ_TYPE_NONE && property->type != object->type)
		return ZX_ERR_WRONG_TYPE;
	status = property->get(object, &number_value);
	if (status != ZX_OK)
		return status;
	/* The machine is little-endian: the low bytes come first. */
	return user__copy_out(self, value, &number_value, property->size);
}

zx_status_t sys_object_get_property(struct thread *self, zx_handle_t handle, uint32_t property,
				    user_addr_t value, size_t value_size)
{
	struct object *object;
	zx_status_t status;

	if (!value)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_GET_PROPERTY, &object);
	if (status != ZX_OK)
		return status;
	status = get_property(self, object, property, value, value_size);
	object__put(object);
	return status;
}

/* In the newest system the content is what a handle may write, or may not. */
static bool lacks_write(struct thread *self, uint32_t number, zx_rights_t rights)
{
	return number == ZX_PROP_VMO_CONTENT_SIZE && !(rights & ZX_RIGHT_WRITE) &&
	       era__of(self->process->era)->props_newest;
}

static zx_status_t set_property(struct thread *self, struct object *object, zx_rights_t rights,
				uint32_t number, user_addr_t value, size_t size)
{
	const struct property *property = find(self, number);
	uint64_t number_value = 0;
	zx_status_t status;

	if (number == ZX_PROP_NAME)
		return set_name(self, object, value, size);
	if (!property || !property->set)
		return no_such_property(self);
	if (lacks_write(self, number, rights))
		return ZX_ERR_ACCESS_DENIED;
	if (size < property->size)
		return ZX_ERR_BUFFER_TOO_SMALL;
	if (property->type != ZX_OBJ_TYPE_NONE && property->type != object->type)
		return ZX_ERR_WRONG_TYPE;
	status = property->may_set ? property->may_set(self, object) : ZX_OK;
	if (status == ZX_OK)
		status = user__copy_in(self, &number_value, value, property->size);
	if (status != ZX_OK)
		return status;
	return property->set(self, object, number_value);
}

zx_status_t sys_object_set_property(struct thread *self, zx_handle_t handle, uint32_t property,
				    user_addr_t value, size_t value_size)
{
	struct object *object;
	zx_rights_t rights;
	zx_status_t status;

	if (!value)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_SET_PROPERTY, &object,
				    &rights);
	if (status != ZX_OK)
		return status;
	status = set_property(self, object, rights, property, value, value_size);
	object__put(object);
	return status;
}
