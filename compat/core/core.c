#include "compat/core/core.h"

#include "compat/core/debuglog.h"
#include "compat/core/futex.h"
#include "compat/core/resource.h"
#include "compat/core/timer_queue.h"

/* As Zircon: the first koids are reserved. */
#define FIRST_KOID 1024

zx_status_t core__init(void)
{
	zx_status_t status;

	arena__init();
	core_root->next_koid = FIRST_KOID;
	core_root->internal_process = process__create_internal();
	if (!core_root->internal_process)
		return ZX_ERR_NO_MEMORY;
	status = job__create(NULL, ZXERA_NEWEST, &core_root->root_job);
	if (status == ZX_OK)
		status = futex__init();
	if (status == ZX_OK)
		status = timer_queue__init();
	if (status == ZX_OK)
		status = debuglog__init();
	if (status == ZX_OK)
		status = resource__init();
	return status;
}
