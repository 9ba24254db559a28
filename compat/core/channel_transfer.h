/* Messages on their way between a program's memory and handle table, and a channel. */
#ifndef COMPAT_CORE_CHANNEL_TRANSFER_H
#define COMPAT_CORE_CHANNEL_TRANSFER_H

#include "compat/core/channel.h"
#include "compat/core/user.h"

/* What a program hands to a call that writes. */
struct outgoing {
	user_addr_t bytes; /* or zx_channel_iovec_t, with ZX_CHANNEL_WRITE_USE_IOVEC */
	uint32_t num_bytes;
	user_addr_t handles;
	uint32_t num_handles;
	bool dispositions; /* @handles are zx_handle_disposition_t, not zx_handle_t */
};

/* Where a program wants what it reads. */
struct incoming {
	user_addr_t bytes;
	user_addr_t handles;
	bool infos; /* @handles are zx_handle_info_t, not zx_handle_t */
};

/*
 * What writing and calling begin with: the channel that @handle names, referenced, and a message
 * of at least @min_bytes bytes with what @out says. The handles of @out are gone from the program
 * afterwards, whatever the result, but those that are only duplicated.
 * Errors: as zx_channel_write and zx_channel_write_etc, reference pages.
 */
zx_status_t channel__prepare_write(struct thread *self, zx_handle_t handle, uint32_t options,
				   zx_rights_t rights, const struct outgoing *out,
				   uint32_t min_bytes, struct channel **out_channel,
				   struct message **out_message);

/*
 * Copies @message to the program: bytes, then handles. What was moved into its handle table is
 * taken back on failure. The caller frees @message.
 */
zx_status_t incoming__deliver(struct thread *self, struct message *message,
			      const struct incoming *in);

#endif
