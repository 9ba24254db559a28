#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/vmo_account.h"

static zx_status_t copy_of(const struct mapping *mapping, struct vmo **out)
{
	struct vmo *vmo = mapping->vmo;

	/* As for zx_vmo_create_child: its pages may go at any moment. */
	if (vmo->discardable)
		return ZX_ERR_NOT_SUPPORTED;
	if (vmo->paged)
		return vmo__create_live(vmo, mapping->vmo_offset, mapping->region.size, false, out);
	return vmo__create_snapshot(vmo, mapping->vmo_offset, mapping->region.size, false, out);
}

static zx_status_t swap(struct thread *caller, struct mapping *mapping, struct vmo *vmo)
{
	struct vmo *before = mapping->vmo;
	uint64_t offset = mapping->vmo_offset;
	zx_status_t status;

	mapping__detach(mapping);
	mapping->vmo = vmo;
	mapping->vmo_offset = 0;
	status = mapping__attach(caller, mapping);
	if (status == ZX_OK) {
		object__put(&before->object);
		return ZX_OK;
	}
	mapping->vmo = before;
	mapping->vmo_offset = offset;
	mapping__reattach(caller, mapping);
	object__put(&vmo->object);
	return status;
}

zx_status_t mapping__make_private(struct thread *caller, struct mapping *mapping)
{
	struct vmo *copy;
	zx_status_t status;

	if (mapping->private || mapping->max_prot & HOST_PROT_WRITE)
		return ZX_OK;
	if (mapping->vmo->sealed)
		return ZX_ERR_ACCESS_DENIED;
	status = copy_of(mapping, &copy);
	if (status != ZX_OK)
		return status;
	vmo_account__charge(caller->process->vmos, copy);
	status = swap(caller, mapping, copy);
	mapping->private = status == ZX_OK;
	return status;
}
