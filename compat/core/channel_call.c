/*
 * zx_channel_call and its forms. A call that a suspension interrupts is the core's to go on with:
 * programs have none to finish.
 */
#include <core/calls.h>

#include "compat/core/channel_transfer.h"
#include "compat/core/core.h"

_Static_assert(sizeof(zx_channel_call_args_t) == sizeof(zx_channel_call_etc_args_t) &&
		       offsetof(zx_channel_call_args_t, rd_handles) ==
			       offsetof(zx_channel_call_etc_args_t, rd_handles) &&
		       offsetof(zx_channel_call_args_t, rd_num_handles) ==
			       offsetof(zx_channel_call_etc_args_t, rd_num_handles),
	       "both forms differ only in what the handle arrays hold");

struct call {
	zx_handle_t handle;
	uint32_t options;
	zx_time_t deadline;
	bool etc;
	user_addr_t actual_bytes;
	user_addr_t actual_handles;
};

static zx_status_t deliver_reply(struct thread *self, const struct call *call,
				 const zx_channel_call_args_t *args, struct message *reply)
{
	struct incoming in = { .bytes = (user_addr_t)args->rd_bytes,
			       .handles = (user_addr_t)args->rd_handles,
			       .infos = call->etc };
	zx_status_t status;

	if (reply->num_bytes > args->rd_num_bytes || reply->num_handles > args->rd_num_handles)
		return ZX_ERR_BUFFER_TOO_SMALL;
	status = user__put(self, call->actual_bytes, &reply->num_bytes);
	if (status == ZX_OK)
		status = user__put(self, call->actual_handles, &reply->num_handles);
	if (status == ZX_OK)
		status = incoming__deliver(self, reply, &in);
	return status;
}

/* Sends the message that @args describe, and waits for the reply. */
static zx_status_t send_and_wait(struct thread *self, const struct call *call,
				 const zx_channel_call_args_t *args, struct message **out_reply)
{
	struct outgoing out = {
		.bytes = (user_addr_t)args->wr_bytes,
		.num_bytes = args->wr_num_bytes,
		.handles = (user_addr_t)args->wr_handles,
		.num_handles = args->wr_num_handles,
		.dispositions = call->etc,
	};
	struct message *message;
	struct channel *channel;
	zx_status_t status;

	status = channel__prepare_write(self, call->handle, call->options,
					ZX_RIGHT_READ | ZX_RIGHT_WRITE, &out, sizeof(zx_txid_t),
					&channel, &message);
	if (status != ZX_OK)
		return status;
	status = channel__call(self, channel, message, call->deadline, out_reply);
	object__put(&channel->object);
	return status;
}

static zx_status_t channel_call(struct thread *self, const struct call *call, user_addr_t user_args)
{
	zx_channel_call_args_t args;
	struct message *reply;
	zx_status_t status;

	status = user__get(self, &args, user_args);
	if (status != ZX_OK)
		return status;
	/* Made again after a suspension: the message has been sent. */
	if (self->half_call)
		status = channel__call_again(self, call->deadline, &reply);
	else
		status = send_and_wait(self, call, &args, &reply);
	if (status != ZX_OK)
		return status;
	status = deliver_reply(self, call, &args, reply);
	message__free(reply);
	return status;
}

zx_status_t sys_channel_call(struct thread *self, zx_handle_t handle, uint32_t options,
			     zx_time_t deadline, user_addr_t args, user_addr_t actual_bytes,
			     user_addr_t actual_handles)
{
	struct call call = { .handle = handle,
			     .options = options,
			     .deadline = deadline,
			     .actual_bytes = actual_bytes,
			     .actual_handles = actual_handles };

	return channel_call(self, &call, args);
}

zx_status_t sys_channel_call_etc(struct thread *self, zx_handle_t handle, uint32_t options,
				 zx_time_t deadline, user_addr_t args, user_addr_t actual_bytes,
				 user_addr_t actual_handles)
{
	struct call call = { .handle = handle,
			     .options = options,
			     .deadline = deadline,
			     .etc = true,
			     .actual_bytes = actual_bytes,
			     .actual_handles = actual_handles };

	return channel_call(self, &call, args);
}

/* On Zircon the half of zx_channel_call that a suspension may interrupt; here it is all of it. */
zx_status_t sys_channel_call_noretry(struct thread *self, zx_handle_t handle, uint32_t options,
				     zx_time_t deadline, user_addr_t args,
				     user_addr_t actual_bytes, user_addr_t actual_handles)
{
	return sys_channel_call(self, handle, options, deadline, args, actual_bytes,
				actual_handles);
}

/* No call is left half done that the program knows of, so there is never one to finish. */
zx_status_t sys_channel_call_finish(struct thread *self, zx_time_t deadline, user_addr_t args,
				    user_addr_t actual_bytes, user_addr_t actual_handles)
{
	zx_channel_call_args_t call_args;
	zx_status_t status = user__get(self, &call_args, args);

	(void)deadline;
	(void)actual_bytes;
	(void)actual_handles;
	return status != ZX_OK ? status : ZX_ERR_BAD_STATE;
}
