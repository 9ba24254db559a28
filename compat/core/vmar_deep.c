#include "compat/core/vmar_deep.h"

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/region.h"
#include "compat/core/vdso.h"

#define PERM_RWX (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE)

static bool in_range(const struct vmar *vmar, uint64_t base, uint64_t size)
{
	return base >= vmar->region.base && size <= vmar->region.size &&
	       base - vmar->region.base <= vmar->region.size - size;
}

static uint64_t end_of(const struct mapping *mapping)
{
	return mapping->region.base + mapping->region.size;
}

/* May @mapping, in the range, get @prot? Errors in the order of VmAddressRegion::Protect. */
static zx_status_t check_protect_locked(struct vmar *vmar, const struct mapping *mapping,
					uint32_t prot, bool children)
{
	if (prot & ~mapping->max_prot ||
	    vdso__in_range(vmar->process, mapping->region.base, mapping->region.size))
		return ZX_ERR_ACCESS_DENIED;
	if (mapping->region.parent == vmar)
		return ZX_OK;
	if (!children)
		return ZX_ERR_INVALID_ARGS;
	return prot & ~mapping->prot ? ZX_ERR_ACCESS_DENIED : ZX_OK;
}

/* Gives [addr, end), which lies in one mapping, @prot; its outer parts keep what they have. */
static zx_status_t protect_run_locked(struct thread *caller, struct vmar *vmar, uint64_t addr,
				      uint64_t end, uint32_t prot)
{
	struct mapping *mapping = vmar__find_mapping(vmar->process, addr);
	struct vmar *parent = mapping->region.parent;
	zx_status_t status = ZX_ERR_NO_MEMORY;

	if (region__reserve(parent, 2))
		status = region__split_ends(parent, addr, end - addr);
	if (status != ZX_OK)
		return status;
	return mapping__change(caller, vmar__find_mapping(vmar->process, addr), prot);
}

static zx_status_t protect_locked(struct thread *caller, struct vmar *vmar, uint32_t prot,
				  uint64_t addr, uint64_t end, bool children)
{
	zx_status_t status = ZX_OK;

	for (uint64_t at = addr; at < end && status == ZX_OK;) {
		struct mapping *mapping = vmar__find_mapping(vmar->process, at);

		if (!mapping)
			return ZX_ERR_NOT_FOUND;
		status = check_protect_locked(vmar, mapping, prot, children);
		at = end_of(mapping);
	}
	while (status == ZX_OK && addr < end) {
		uint64_t stop = end_of(vmar__find_mapping(vmar->process, addr));

		if (stop > end)
			stop = end;
		status = protect_run_locked(caller, vmar, addr, stop, prot);
		addr = stop;
	}
	return status;
}

zx_status_t vmar__protect_deep(struct thread *caller, struct vmar *vmar, uint32_t options,
			       uint64_t addr, uint64_t size, bool children)
{
	uint32_t prot = (options & ZX_VM_PERM_READ ? HOST_PROT_READ : 0) |
			(options & ZX_VM_PERM_WRITE ? HOST_PROT_WRITE : 0) |
			(options & ZX_VM_PERM_EXECUTE ? HOST_PROT_EXEC : 0);
	zx_status_t status;

	/* Writable or executable without readable cannot be expressed. */
	if (prot && !(prot & HOST_PROT_READ))
		return ZX_ERR_INVALID_ARGS;
	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (addr & (PAGE_SIZE - 1) || options & ~PERM_RWX || !size)
		return ZX_ERR_INVALID_ARGS;
	mutex__lock(&vmar->process->aspace_lock);
	if (!vmar->alive)
		status = ZX_ERR_BAD_STATE;
	else if (!in_range(vmar, addr, size))
		status = ZX_ERR_INVALID_ARGS;
	else
		status = protect_locked(caller, vmar, prot, addr, addr + size, children);
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

/* What the mapping must be allowed to become for @op. */
static uint32_t prot_for_op(uint32_t op)
{
	switch (op) {
	case ZX_VMAR_OP_COMMIT:
	case ZX_VMAR_OP_DECOMMIT:
	case ZX_VMAR_OP_ZERO:
		return HOST_PROT_WRITE;
	case ZX_VMAR_OP_PREFETCH:
		return HOST_PROT_READ;
	default:
		return 0;
	}
}

/* These count as if they changed the mapping's access, which only its own region can raise. */
static bool op_is_own(uint32_t op)
{
	return op == ZX_VMAR_OP_COMMIT || op == ZX_VMAR_OP_DECOMMIT || op == ZX_VMAR_OP_PREFETCH;
}

static zx_status_t op_run_locked(struct vmar *vmar, struct mapping *mapping, uint32_t op,
				 uint64_t addr, uint64_t size, bool children)
{
	uint32_t prot = prot_for_op(op);

	if ((op_is_own(op) || !children) && mapping->region.parent != vmar)
		return ZX_ERR_INVALID_ARGS;
	if (prot & ~mapping->max_prot)
		return ZX_ERR_ACCESS_DENIED;
	/* Nothing is ever reclaimed, and mapped at the first access: the others have nothing to do. */
	if (prot != HOST_PROT_WRITE && op != ZX_VMAR_OP_PREFETCH)
		return ZX_OK;
	return vmo__op_range(mapping->vmo, op,
			     mapping->vmo_offset + (addr - mapping->region.base), size);
}

static zx_status_t op_locked(struct vmar *vmar, uint32_t op, uint64_t addr, uint64_t end,
			     bool children)
{
	zx_status_t status = ZX_OK;

	if (!vmar->alive)
		return ZX_ERR_BAD_STATE;
	if (vdso__in_range(vmar->process, addr, end - addr))
		return ZX_ERR_ACCESS_DENIED;
	while (status == ZX_OK && addr < end) {
		struct mapping *mapping = vmar__find_mapping(vmar->process, addr);
		uint64_t stop;

		if (!mapping)
			return ZX_ERR_BAD_STATE;
		stop = end_of(mapping) < end ? end_of(mapping) : end;
		status = op_run_locked(vmar, mapping, op, addr, stop - addr, children);
		addr = stop;
	}
	return status;
}

zx_status_t vmar__op_deep(struct vmar *vmar, uint32_t op, uint64_t addr, uint64_t size,
			  bool children)
{
	zx_status_t status;

	if (!in_range(vmar, addr, size))
		return ZX_ERR_OUT_OF_RANGE;
	mutex__lock(&vmar->process->aspace_lock);
	status = op_locked(vmar, op, addr, addr + size, children);
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}
