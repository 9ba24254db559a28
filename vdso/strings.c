/*
 * Names of status codes and exceptions, as zircon/errors.h and zircon/syscalls/exception.h have
 * them.
 */
#include <zircon/syscalls/exception.h>

#include "vdso/vdso.h"

#define NAME(x)                                                                                    \
	case x:                                                                                    \
		return #x

const char *vdso_zx_status_get_string(zx_status_t status)
{
	switch (status) {
#define STATUS(x) case x: return #x;
#include <zxabi/statuses.inc>
#undef STATUS
	default:
		return "(UNKNOWN)";
	}
}

const char *vdso_zx_exception_get_string(uint32_t type)
{
	switch (type) {
	NAME(ZX_EXCP_GENERAL);
	NAME(ZX_EXCP_FATAL_PAGE_FAULT);
	NAME(ZX_EXCP_UNDEFINED_INSTRUCTION);
	NAME(ZX_EXCP_SW_BREAKPOINT);
	NAME(ZX_EXCP_HW_BREAKPOINT);
	NAME(ZX_EXCP_UNALIGNED_ACCESS);
	NAME(ZX_EXCP_THREAD_STARTING);
	NAME(ZX_EXCP_THREAD_EXITING);
	NAME(ZX_EXCP_POLICY_ERROR);
	NAME(ZX_EXCP_PROCESS_STARTING);
	default:
		return "(UNKNOWN)";
	}
}
