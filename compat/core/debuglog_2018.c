/* The older names that the calls on the debug log still had in 2018. */
#include <core/calls.h>

#include "compat/core/core.h"

zx_status_t sys_log_create(struct thread *self, uint32_t options, user_addr_t out)
{
	return sys_debuglog_create(self, ZX_HANDLE_INVALID, options, out);
}

zx_status_t sys_log_write(struct thread *self, zx_handle_t handle, uint32_t len, user_addr_t buffer,
			  uint32_t options)
{
	return sys_debuglog_write(self, handle, options, buffer, len);
}

zx_status_t sys_log_read(struct thread *self, zx_handle_t handle, uint32_t len, user_addr_t buffer,
			 uint32_t options)
{
	return sys_debuglog_read(self, handle, options, buffer, len);
}
