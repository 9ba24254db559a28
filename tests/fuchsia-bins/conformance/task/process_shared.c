/* Processes that share a part of their address space: what is looked at before it comes to that. */
#include "tasks.h"

#include "memory.h"

static zx_handle_t process;
static zx_handle_t vmar;

static zx_status_t create(zx_handle_t shared, uint32_t options, const char *name)
{
	zx_status_t status = zx_process_create_shared(shared, options, name, 1, &process, &vmar);

	if (status == ZX_OK) {
		own(process);
		own(vmar);
	}
	return status;
}

CHECK_HANDLE(process_create_shared, shared_proc, MANAGE_PROCESS, idle_process(rt_boot.job),
	     create(h, 0, "x"))
CHECK_HANDLE_RIGHT(process_create_shared, shared_proc, GET_PROPERTY, idle_process(rt_boot.job),
		   create(h, 0, "x"))
REFUSES(process_create_shared, ZX_ERR_INVALID_ARGS, options,
	create(idle_process(rt_boot.job), 1, "x"), .line = "options is not")
REFUSES(process_create_shared, ZX_ERR_INVALID_ARGS, options_before_handle,
	create(closed_handle(), 1, "x"), .line = "options is not")
REFUSES(process_create_shared, ZX_ERR_INVALID_ARGS, does_not_share,
	create(idle_process(rt_boot.job), 0, "x"), .line = "shared_proc was not")
REFUSES(process_create_shared, ZX_ERR_ACCESS_DENIED, policy,
	call_denied_by_policy(ZX_POL_NEW_PROCESS, zx_process_create_shared, 0, 0, 0, 1, CHILD_OUT,
			      CHILD_OUT),
	.line = "the policy of")
REFUSES(process_create_shared, ZX_ERR_INVALID_ARGS, bad_name,
	create(closed_handle(), 0, BAD_POINTER), .line = "name, proc_handle")
