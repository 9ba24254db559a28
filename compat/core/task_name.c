#include "compat/core/task_name.h"

#include <string.h>

zx_status_t task_name__read(struct thread *self, user_addr_t addr, size_t size,
			    char out[ZX_MAX_NAME_LEN])
{
	if (!addr)
		return ZX_ERR_INVALID_ARGS;
	if (size > ZX_MAX_NAME_LEN)
		size = ZX_MAX_NAME_LEN;
	memset(out, 0, ZX_MAX_NAME_LEN);
	if (user__copy_in(self, out, addr, size) != ZX_OK)
		return ZX_ERR_INVALID_ARGS;
	out[ZX_MAX_NAME_LEN - 1] = '\0';
	return ZX_OK;
}
