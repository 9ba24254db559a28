#include "compat/core/channel_transfer.h"

#include <string.h>

#include "compat/core/core.h"

#define MAX_HANDLES ZX_CHANNEL_MAX_MSG_HANDLES

/* Pieces of a message looked at in one go. */
#define IOVEC_BATCH 16u

static zx_status_t add_iovec(struct thread *self, const zx_channel_iovec_t *iovec, char *bytes,
			     uint32_t *size)
{
	zx_status_t status;

	if (iovec->reserved)
		return ZX_ERR_INVALID_ARGS;
	if (iovec->capacity > ZX_CHANNEL_MAX_MSG_BYTES - *size)
		return ZX_ERR_OUT_OF_RANGE;
	status = user__copy_in(self, bytes + *size, (user_addr_t)iovec->buffer, iovec->capacity);
	*size += iovec->capacity;
	return status;
}

static zx_status_t copy_iovecs(struct thread *self, const struct outgoing *out, char *bytes,
			       uint32_t *size)
{
	zx_channel_iovec_t iovecs[IOVEC_BATCH];
	zx_status_t status = ZX_OK;

	for (uint32_t done = 0; done < out->num_bytes && status == ZX_OK;) {
		uint32_t batch = out->num_bytes - done;

		if (batch > IOVEC_BATCH)
			batch = IOVEC_BATCH;
		status = user__copy_in(self, iovecs, out->bytes + done * sizeof(iovecs[0]),
				       batch * sizeof(iovecs[0]));
		for (uint32_t i = 0; i < batch && status == ZX_OK; i++)
			status = add_iovec(self, &iovecs[i], bytes, size);
		done += batch;
	}
	return status;
}

static zx_status_t message_of_iovecs(struct thread *self, const struct outgoing *out,
				     struct message **out_message)
{
	struct message *message;
	uint32_t size = 0;
	zx_status_t status;

	if (out->num_bytes > ZX_CHANNEL_MAX_MSG_IOVECS || out->num_handles > MAX_HANDLES)
		return ZX_ERR_OUT_OF_RANGE;
	/* How long it is shows only while the pieces are read, and they are read once. */
	message = message__alloc(ZX_CHANNEL_MAX_MSG_BYTES, out->num_handles);
	if (!message)
		return ZX_ERR_NO_MEMORY;
	status = copy_iovecs(self, out, message->bytes, &size);
	if (status == ZX_OK) {
		struct message *fitting = message__alloc(size, out->num_handles);

		if (fitting)
			memcpy(fitting->bytes, message->bytes, size);
		else
			status = ZX_ERR_NO_MEMORY;
		*out_message = fitting;
	}
	message__free(message);
	return status;
}

/* A message with the bytes of @out, and room for its handles. */
static zx_status_t message_of_user(struct thread *self, const struct outgoing *out,
				   uint32_t options, struct message **out_message)
{
	struct message *message;
	zx_status_t status;

	if (options & ZX_CHANNEL_WRITE_USE_IOVEC)
		return message_of_iovecs(self, out, out_message);
	if (out->num_bytes > ZX_CHANNEL_MAX_MSG_BYTES || out->num_handles > MAX_HANDLES)
		return ZX_ERR_OUT_OF_RANGE;
	message = message__alloc(out->num_bytes, out->num_handles);
	if (!message)
		return ZX_ERR_NO_MEMORY;
	status = user__copy_in(self, message->bytes, out->bytes, out->num_bytes);
	if (status != ZX_OK)
		message__free(message);
	else
		*out_message = message;
	return status;
}

/* Whether a handle may be sent through @channel as a @type (or any) with @rights (or its own). */
static zx_status_t check_sendable(const struct handle *handle, struct channel *channel,
				  zx_obj_type_t type, zx_rights_t rights)
{
	if (!(handle->rights & ZX_RIGHT_TRANSFER))
		return ZX_ERR_ACCESS_DENIED;
	if (handle->object == &channel->object)
		return ZX_ERR_NOT_SUPPORTED;
	if (type != ZX_OBJ_TYPE_NONE && handle->object->type != type)
		return ZX_ERR_WRONG_TYPE;
	if (rights != ZX_RIGHT_SAME_RIGHTS && (handle->rights & rights) != rights)
		return ZX_ERR_INVALID_ARGS;
	return ZX_OK;
}

/* Takes the handle out of the caller's table. */
static zx_status_t take(struct thread *self, zx_handle_t value, struct handle *out)
{
	zx_status_t status = handle__remove(self->process, value, ZX_RIGHT_NONE, out);

	/* A policy may want to hear of it; the answer is the same whatever it says. */
	if (status == ZX_ERR_BAD_HANDLE)
		(void)policy__check(self, ZX_POL_BAD_HANDLE);
	return status;
}

static zx_status_t move_handle(struct thread *self, zx_handle_t value, struct channel *channel,
			       zx_obj_type_t type, zx_rights_t rights, struct handle *out)
{
	struct handle handle;
	zx_status_t status = take(self, value, &handle);

	if (status != ZX_OK)
		return status;
	status = check_sendable(&handle, channel, type, rights);
	if (status != ZX_OK) {
		handle__close(&handle);
		return status;
	}
	if (rights != ZX_RIGHT_SAME_RIGHTS)
		handle.rights = rights;
	*out = handle;
	return ZX_OK;
}

static zx_status_t duplicate_handle(struct thread *self, const zx_handle_disposition_t *from,
				    struct channel *channel, struct handle *out)
{
	struct object *object;
	struct handle handle;
	zx_rights_t have;
	zx_status_t status;

	status = handle__get_rights(self, from->handle, ZX_OBJ_TYPE_NONE, ZX_RIGHT_NONE, &object,
				    &have);
	if (status != ZX_OK)
		return status;
	handle = handle__make(object, have);
	status = check_sendable(&handle, channel, from->type, from->rights);
	if (status == ZX_OK && !(handle.rights & ZX_RIGHT_DUPLICATE))
		status = ZX_ERR_ACCESS_DENIED;
	if (status != ZX_OK) {
		handle__close(&handle);
		return status;
	}
	if (from->rights != ZX_RIGHT_SAME_RIGHTS)
		handle.rights = from->rights;
	*out = handle;
	return ZX_OK;
}

static zx_status_t dispose(struct thread *self, const zx_handle_disposition_t *from,
			   struct channel *channel, struct handle *out)
{
	struct handle handle;
	zx_status_t status;

	switch (from->operation) {
	case ZX_HANDLE_OP_MOVE:
		return move_handle(self, from->handle, channel, from->type, from->rights, out);
	case ZX_HANDLE_OP_DUPLICATE:
		return duplicate_handle(self, from, channel, out);
	default:
		status = take(self, from->handle, &handle);
		if (status != ZX_OK)
			return status;
		handle__close(&handle);
		return ZX_ERR_INVALID_ARGS;
	}
}

static zx_status_t take_dispositions(struct thread *self, const struct outgoing *out,
				     struct channel *channel, struct message *message)
{
	zx_handle_disposition_t from[MAX_HANDLES];
	size_t size = out->num_handles * sizeof(from[0]);
	zx_status_t status;

	if (user__copy_in(self, from, out->handles, size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	status = ZX_OK;
	for (uint32_t i = 0; i < out->num_handles; i++) {
		zx_status_t one = dispose(self, &from[i], channel, &message->handles[i]);

		if (one != ZX_OK)
			from[i].result = one;
		if (status == ZX_OK)
			status = one;
	}
	/* The caller has set all results to ZX_OK: success needs no copy. */
	if (status != ZX_OK && user__copy_out(self, out->handles, from, size) != ZX_OK)
		status = ZX_ERR_INVALID_ARGS;
	return status;
}

/*
 * Moves the handles of @out into @message. All are gone from the program afterwards, whatever the
 * result, but those that are only to be duplicated. Reports the first error.
 */
static zx_status_t take_handles(struct thread *self, const struct outgoing *out,
				struct channel *channel, struct message *message)
{
	zx_handle_t values[MAX_HANDLES];
	zx_status_t status = ZX_OK;

	if (out->dispositions)
		return take_dispositions(self, out, channel, message);
	if (user__copy_in(self, values, out->handles, out->num_handles * sizeof(values[0])) !=
	    ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	for (uint32_t i = 0; i < out->num_handles; i++) {
		zx_status_t one = move_handle(self, values[i], channel, ZX_OBJ_TYPE_NONE,
					      ZX_RIGHT_SAME_RIGHTS, &message->handles[i]);

		if (status == ZX_OK)
			status = one;
	}
	return status;
}

static void discard(struct thread *self, zx_handle_t value)
{
	struct handle handle;

	if (take(self, value, &handle) == ZX_OK)
		handle__close(&handle);
}

/* What a write that failed before it looked at its handles does with them: closes them. */
static void discard_handles(struct thread *self, const struct outgoing *out)
{
	union {
		zx_handle_t values[MAX_HANDLES];
		zx_handle_disposition_t from[MAX_HANDLES];
	} buffer;
	size_t elem = out->dispositions ? sizeof(buffer.from[0]) : sizeof(buffer.values[0]);

	for (uint32_t done = 0; done < out->num_handles;) {
		uint32_t batch = out->num_handles - done;

		if (batch > MAX_HANDLES)
			batch = MAX_HANDLES;
		if (user__copy_in(self, &buffer, out->handles + done * elem, batch * elem) != ZX_OK)
			return;
		for (uint32_t i = 0; i < batch; i++) {
			if (!out->dispositions)
				discard(self, buffer.values[i]);
			else if (buffer.from[i].operation != ZX_HANDLE_OP_DUPLICATE)
				discard(self, buffer.from[i].handle);
		}
		done += batch;
	}
}

zx_status_t channel__prepare_write(struct thread *self, zx_handle_t handle, uint32_t options,
				   zx_rights_t rights, const struct outgoing *out,
				   uint32_t min_bytes, struct channel **out_channel,
				   struct message **out_message)
{
	struct message *message = NULL;
	struct channel *channel = NULL;
	zx_status_t status;

	if (options & ~era__of(self->process->era)->channel_write_options)
		status = ZX_ERR_INVALID_ARGS;
	else
		status = handle__get(self, handle, ZX_OBJ_TYPE_CHANNEL, rights, &channel);
	if (status == ZX_OK)
		status = message_of_user(self, out, options, &message);
	if (status == ZX_OK && message->num_bytes < min_bytes)
		status = ZX_ERR_INVALID_ARGS;
	if (status != ZX_OK)
		discard_handles(self, out);
	else if (out->num_handles)
		status = take_handles(self, out, channel, message);
	if (status == ZX_OK) {
		*out_channel = channel;
		*out_message = message;
		return ZX_OK;
	}
	if (message)
		message__free(message);
	if (channel)
		object__put(&channel->object);
	return status;
}

static void take_back(struct thread *self, const zx_handle_t *values, uint32_t count)
{
	struct handle handle;

	for (uint32_t i = 0; i < count; i++) {
		if (handle__remove(self->process, values[i], ZX_RIGHT_NONE, &handle) == ZX_OK)
			handle__close(&handle);
	}
}

static zx_status_t deliver_handles(struct thread *self, struct message *message,
				   const struct incoming *in)
{
	zx_handle_info_t infos[MAX_HANDLES];
	zx_handle_t values[MAX_HANDLES];
	uint32_t count = message->num_handles;
	zx_status_t status = ZX_OK;
	uint32_t added = 0;

	while (added < count && status == ZX_OK) {
		struct handle *handle = &message->handles[added];

		infos[added] = (zx_handle_info_t){ .type = handle->object->type,
						   .rights = handle->rights };
		status = handle__add(self->process, handle, &values[added]);
		if (status == ZX_OK) {
			infos[added].handle = values[added];
			added++;
		}
	}
	if (status == ZX_OK && in->infos)
		status = user__copy_out(self, in->handles, infos, count * sizeof(infos[0]));
	else if (status == ZX_OK)
		status = user__copy_out(self, in->handles, values, count * sizeof(values[0]));
	if (status != ZX_OK)
		take_back(self, values, added);
	return status;
}

zx_status_t incoming__deliver(struct thread *self, struct message *message,
			      const struct incoming *in)
{
	zx_status_t status = user__copy_out(self, in->bytes, message->bytes, message->num_bytes);

	/* Bytes first: the reference page of zx_channel_read promises the order. */
	if (status == ZX_OK && message->num_handles)
		status = deliver_handles(self, message, in);
	return status;
}
