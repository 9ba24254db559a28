#include "compat/core/mapping.h"

#include "compat/core/core.h"

/*
 * Bytes of @mapping, from its start on, that its VMO has memory for. The host sees to the end of
 * what a VMO has to itself; behind a window, though, its parent's memory goes on.
 */
static uint64_t backed(const struct mapping *mapping)
{
	const struct vmo *vmo = mapping->vmo;
	uint64_t left;

	if (vmo->kind != VMO_SLICE && vmo->kind != VMO_REFERENCE)
		return mapping->region.size;
	/* A window's size never changes. */
	left = mapping->vmo_offset < vmo->size ? vmo->size - mapping->vmo_offset : 0;
	return left < mapping->region.size ? left : mapping->region.size;
}

zx_status_t mapping__show(struct thread *caller, struct process *process,
			  const struct mapping *mapping, uint32_t prot)
{
	const struct region *region = &mapping->region;
	struct vmo *vmo = mapping->vmo;
	uint64_t size = backed(mapping);
	zx_status_t status = ZX_OK;

	if (size < region->size)
		status = core_host.unmap(caller, process, region->base + size, region->size - size);
	if (status != ZX_OK || !size)
		return status;
	return core_host.map(caller, process, region->base, size, prot, vmo->memory,
			     vmo->memory_offset + mapping->vmo_offset,
			     mapping->max_prot & HOST_PROT_WRITE);
}

zx_status_t mapping__change(struct thread *caller, struct process *process,
			    const struct mapping *mapping, uint32_t prot)
{
	const struct region *region = &mapping->region;
	uint64_t size = backed(mapping);

	/* What has no access at all is not mapped on the host. */
	if (!prot)
		return core_host.unmap(caller, process, region->base, region->size);
	if (!mapping->prot)
		return mapping__show(caller, process, mapping, prot);
	if (mapping->prot == prot || !size)
		return ZX_OK;
	return core_host.protect(caller, process, region->base, size, prot);
}
