/*
 * The vDSO's code: it is mapped executable once in a process and stays there until the process
 * ends (VmAddressRegion::CreateSubVmarInternal and UnmapInternalLocked, kernel/vm). All here is
 * called with process.aspace_lock held.
 */
#ifndef COMPAT_CORE_VDSO_H
#define COMPAT_CORE_VDSO_H

#include "compat/core/host.h"
#include "compat/core/vmar.h"

struct process;

/*
 * May @mapping, executable and of the vDSO, be made in @process? Only the first one may, and only
 * of all the code: ZX_ERR_ACCESS_DENIED. *code_offset gets where the code begins in the VMO.
 */
zx_status_t vdso__check_map(const struct process *process, const struct mapping *mapping,
			    uint64_t *code_offset);
/* @mapping, which vdso__check_map() has passed, is in place. */
void vdso__mapped(struct process *process, const struct mapping *mapping, uint64_t code_offset);
/* Does the vDSO's code lie in [addr, addr + size), or a part of it? */
bool vdso__in_range(const struct process *process, uint64_t addr, uint64_t size);

/* A mapping that the rules above are about. */
static inline bool vdso__is_code(const struct mapping *mapping)
{
	return mapping->vmo->sealed && mapping->prot & HOST_PROT_EXEC;
}

#endif
