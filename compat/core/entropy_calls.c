#include <core/calls.h>

#include "compat/core/core.h"

zx_status_t sys_cprng_add_entropy(struct thread *self, user_addr_t buffer, size_t buffer_size)
{
	uint8_t bytes[ZX_CPRNG_ADD_ENTROPY_MAX_LEN];

	if (buffer_size > sizeof(bytes) ||
	    user__copy_in(self, bytes, buffer, buffer_size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	return core_host.add_entropy(bytes, buffer_size) ? ZX_OK : ZX_ERR_NOT_SUPPORTED;
}
