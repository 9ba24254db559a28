#include <core/calls.h>

#include "compat/core/channel_transfer.h"
#include "compat/core/core.h"

zx_status_t sys_channel_create(struct thread *self, uint32_t options, user_addr_t out0,
			       user_addr_t out1)
{
	struct channel *channel0;
	struct channel *channel1;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_CHANNEL);
	if (status != ZX_OK)
		return status;
	status = channel__create(&channel0, &channel1);
	if (status != ZX_OK)
		return status;
	return handle__make_out_pair(self, &channel0->object, &channel1->object,
				     era__default_rights(self->process->era, ZX_OBJ_TYPE_CHANNEL),
				     out0, out1);
}

static zx_status_t put_numbers(struct thread *self, uint32_t num_bytes, uint32_t num_handles,
			       user_addr_t actual_bytes, user_addr_t actual_handles)
{
	zx_status_t status = ZX_OK;

	if (actual_bytes)
		status = user__put(self, actual_bytes, &num_bytes);
	if (status == ZX_OK && actual_handles)
		status = user__put(self, actual_handles, &num_handles);
	return status;
}

static zx_status_t channel_read(struct thread *self, zx_handle_t handle, uint32_t options,
				const struct incoming *in, uint32_t num_bytes, uint32_t num_handles,
				user_addr_t actual_bytes, user_addr_t actual_handles)
{
	struct message *message = NULL;
	struct channel *channel;
	zx_status_t status;

	status = handle__get(self, handle, ZX_OBJ_TYPE_CHANNEL, ZX_RIGHT_READ, &channel);
	if (status != ZX_OK)
		return status;
	if (options & ~ZX_CHANNEL_READ_MAY_DISCARD)
		status = ZX_ERR_NOT_SUPPORTED;
	else
		status = channel__read_fitting(channel, &num_bytes, &num_handles,
					       options & ZX_CHANNEL_READ_MAY_DISCARD, &message);
	object__put(&channel->object);
	if (status == ZX_OK || status == ZX_ERR_BUFFER_TOO_SMALL) {
		zx_status_t put = put_numbers(self, num_bytes, num_handles, actual_bytes,
					      actual_handles);

		if (put != ZX_OK)
			status = put;
	}
	if (status == ZX_OK)
		status = incoming__deliver(self, message, in);
	if (message)
		message__free(message);
	return status;
}

zx_status_t sys_channel_read(struct thread *self, zx_handle_t handle, uint32_t options,
			     user_addr_t bytes, user_addr_t handles, uint32_t num_bytes,
			     uint32_t num_handles, user_addr_t actual_bytes,
			     user_addr_t actual_handles)
{
	struct incoming in = { .bytes = bytes, .handles = handles };

	return channel_read(self, handle, options, &in, num_bytes, num_handles, actual_bytes,
			    actual_handles);
}

zx_status_t sys_channel_read_etc(struct thread *self, zx_handle_t handle, uint32_t options,
				 user_addr_t bytes, user_addr_t handles, uint32_t num_bytes,
				 uint32_t num_handles, user_addr_t actual_bytes,
				 user_addr_t actual_handles)
{
	struct incoming in = { .bytes = bytes, .handles = handles, .infos = true };

	return channel_read(self, handle, options, &in, num_bytes, num_handles, actual_bytes,
			    actual_handles);
}

static zx_status_t channel_write(struct thread *self, zx_handle_t handle, uint32_t options,
				 const struct outgoing *out)
{
	struct message *message;
	struct channel *channel;
	zx_status_t status;

	status = channel__prepare_write(self, handle, options, ZX_RIGHT_WRITE, out, 0, &channel,
					&message);
	if (status != ZX_OK)
		return status;
	status = channel__write_by(self, channel, message);
	object__put(&channel->object);
	return status;
}

zx_status_t sys_channel_write(struct thread *self, zx_handle_t handle, uint32_t options,
			      user_addr_t bytes, uint32_t num_bytes, user_addr_t handles,
			      uint32_t num_handles)
{
	struct outgoing out = { .bytes = bytes,
				.num_bytes = num_bytes,
				.handles = handles,
				.num_handles = num_handles };

	return channel_write(self, handle, options, &out);
}

zx_status_t sys_channel_write_etc(struct thread *self, zx_handle_t handle, uint32_t options,
				  user_addr_t bytes, uint32_t num_bytes, user_addr_t handles,
				  uint32_t num_handles)
{
	struct outgoing out = { .bytes = bytes,
				.num_bytes = num_bytes,
				.handles = handles,
				.num_handles = num_handles,
				.dispositions = true };

	return channel_write(self, handle, options, &out);
}
