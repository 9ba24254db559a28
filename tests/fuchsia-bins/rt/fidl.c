/* Calls over a FIDL channel. */
#include "fidl.h"

#include <stddef.h>

#include <zircon/errors.h>
#include <zircon/syscalls.h>

zx_status_t fidl_call(zx_handle_t channel, void *request, uint32_t size, zx_handle_t sent,
		      void *reply, uint32_t capacity, uint32_t *reply_size, zx_handle_t *handle)
{
	const struct fidl_header *asked = request;
	const struct fidl_header *answered = reply;
	zx_handle_t received[FIDL_REPLY_HANDLES_MAX];
	zx_channel_call_args_t args = {
		.wr_bytes = request,
		.wr_handles = &sent,
		.rd_bytes = reply,
		.rd_handles = received,
		.wr_num_bytes = size,
		.wr_num_handles = sent != ZX_HANDLE_INVALID,
		.rd_num_bytes = capacity,
		.rd_num_handles = FIDL_REPLY_HANDLES_MAX,
	};
	uint32_t first = 0;
	uint32_t count;
	zx_status_t status;

	if (handle)
		*handle = ZX_HANDLE_INVALID;
	status = zx_channel_call(channel, 0, ZX_TIME_INFINITE, &args, reply_size, &count);
	if (status != ZX_OK)
		return status;
	if (*reply_size < sizeof(*answered) || answered->ordinal != asked->ordinal)
		status = ZX_ERR_IO_DATA_INTEGRITY;
	if (status == ZX_OK && handle && count)
		*handle = received[first++];
	for (; first < count; first++)
		zx_handle_close(received[first]);
	return status;
}
