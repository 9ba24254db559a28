#include "compat/core/vmar.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/region.h"
#include "compat/core/vdso.h"

static void vmar_destroy(struct object *object)
{
	struct vmar *vmar = (struct vmar *)object;

	arena__free(vmar->children);
	object__put(&vmar->process->object);
}

const struct object_ops vmar_ops = {
	.name = "vmar",
	.default_rights = ZX_DEFAULT_VMAR_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.destroy = vmar_destroy,
};

#define CAN_MAP_RWX (ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_EXECUTE)
#define PERM_RWX (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE)
#define PERM_TO_CAN_MAP 7 /* from ZX_VM_PERM_READ to ZX_VM_CAN_MAP_READ, and so on */

static struct vmar *vmar_alloc(struct process *process, uint64_t base, uint64_t size,
			       uint32_t flags)
{
	struct vmar *vmar = object__alloc(sizeof(*vmar), ZX_OBJ_TYPE_VMAR);

	if (!vmar)
		return NULL;
	object__get(&process->object);
	vmar->process = process;
	vmar->region = (struct region){ .base = base, .size = size, .is_vmar = true };
	vmar->flags = flags;
	vmar->alive = true;
	vmar->hint = base;
	return vmar;
}

zx_status_t vmar__create_root(struct process *process, struct vmar **out)
{
	uint64_t base = process->is_guest ? 0 : ASPACE_BASE;
	uint64_t end = process->is_guest ? GUEST_ASPACE_SIZE : ASPACE_END;
	struct vmar *vmar = vmar_alloc(process, base, end - base,
				       CAN_MAP_RWX | ZX_VM_CAN_MAP_SPECIFIC);
	uint32_t random;

	if (!vmar)
		return ZX_ERR_NO_MEMORY;
	*out = vmar;
	if (process->is_guest)
		return ZX_OK;
	/* Addresses differ from run to run, as under Zircon's ASLR. */
	core_host.random(&random, sizeof(random));
	vmar->hint += (uint64_t)(random & 0xffffff) << 20;
	return ZX_OK;
}

static uint32_t prot_of(uint32_t options)
{
	return (options & ZX_VM_PERM_READ ? HOST_PROT_READ : 0) |
	       (options & ZX_VM_PERM_WRITE ? HOST_PROT_WRITE : 0) |
	       (options & ZX_VM_PERM_EXECUTE ? HOST_PROT_EXEC : 0);
}

/* Writable or executable without readable cannot be expressed. */
static bool perm_valid(uint32_t options)
{
	return options & ZX_VM_PERM_READ ||
	       !(options & (ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE));
}

static bool in_range(const struct vmar *vmar, uint64_t base, uint64_t size)
{
	return base >= vmar->region.base && size <= vmar->region.size &&
	       base - vmar->region.base <= vmar->region.size - size;
}

/*
 * Decides where a region of @size goes. Errors in the order of VmAddressRegion::CreateSubVmar
 * (kernel/vm). *overwrite is set where the place is taken and may be overwritten.
 */
static zx_status_t place_locked(struct vmar *vmar, uint32_t options, uint64_t offset,
				uint64_t size, uint64_t *out_base, bool *overwrite)
{
	bool specific = options & (ZX_VM_SPECIFIC | ZX_VM_SPECIFIC_OVERWRITE);
	bool upper_limit = options & ZX_VM_OFFSET_IS_UPPER_LIMIT;
	uint64_t align = (uint64_t)1 << (options >> ZX_VM_ALIGN_BASE);
	uint64_t limit = vmar->region.size;

	if (!vmar->alive)
		return ZX_ERR_BAD_STATE;
	if (!size)
		return ZX_ERR_INVALID_ARGS;
	if (options & CAN_MAP_RWX & ~vmar->flags)
		return ZX_ERR_ACCESS_DENIED;
	if (align < PAGE_SIZE)
		align = PAGE_SIZE;
	if (specific && upper_limit)
		return ZX_ERR_INVALID_ARGS;
	if (!specific && !upper_limit && offset)
		return ZX_ERR_INVALID_ARGS;
	if ((specific || upper_limit) && !(vmar->flags & ZX_VM_CAN_MAP_SPECIFIC))
		return ZX_ERR_ACCESS_DENIED;
	if (upper_limit) {
		if (offset > limit || size > offset || offset & (PAGE_SIZE - 1))
			return ZX_ERR_INVALID_ARGS;
		limit = offset;
	} else if (offset >= limit || size > limit - offset) {
		return ZX_ERR_INVALID_ARGS;
	}
	*overwrite = false;
	if (!specific)
		return region__find_room(vmar, size, align, limit, out_base);
	*out_base = vmar->region.base + offset;
	if (*out_base & (align - 1))
		return ZX_ERR_INVALID_ARGS;
	if (region__first_after(vmar, *out_base) < vmar->count &&
	    vmar->children[region__first_after(vmar, *out_base)]->base < *out_base + size) {
		if (!(options & ZX_VM_SPECIFIC_OVERWRITE))
			return ZX_ERR_ALREADY_EXISTS;
		*overwrite = true;
	}
	return ZX_OK;
}

static zx_status_t allocate_locked(struct vmar *vmar, uint32_t options, uint64_t offset,
				   uint64_t size, struct vmar **out)
{
	struct vmar *child;
	zx_status_t status;
	bool overwrite;
	uint64_t base;

	status = place_locked(vmar, options, offset, size, &base, &overwrite);
	if (status != ZX_OK)
		return status;
	if (!region__reserve(vmar, 1))
		return ZX_ERR_NO_MEMORY;
	child = vmar_alloc(vmar->process, base, size,
			   options & (CAN_MAP_RWX | ZX_VM_CAN_MAP_SPECIFIC | ZX_VM_COMPACT));
	if (!child)
		return ZX_ERR_NO_MEMORY;
	object__get(&child->object); /* the tree's */
	region__insert(vmar, &child->region);
	*out = child;
	return ZX_OK;
}

zx_status_t vmar__allocate(struct vmar *vmar, uint32_t options, uint64_t offset, uint64_t size,
			   struct vmar **out, uint64_t *out_addr)
{
	zx_status_t status;

	if (size & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	mutex__lock(&vmar->process->aspace_lock);
	status = allocate_locked(vmar, options, offset, size, out);
	mutex__unlock(&vmar->process->aspace_lock);
	if (status == ZX_OK)
		*out_addr = (*out)->region.base;
	return status;
}

/* As region__check_cut(); what holds the vDSO's code is ZX_ERR_ACCESS_DENIED before that. */
static zx_status_t check_cut_locked(struct vmar *vmar, uint64_t base, uint64_t size,
				    bool destroy_vmars)
{
	if (vdso__in_range(vmar->process, base, size))
		return ZX_ERR_ACCESS_DENIED;
	return region__check_cut(vmar, base, size, destroy_vmars);
}

/* Has the host show @mapping, in place of others where @overwrite. */
static zx_status_t show_locked(struct thread *caller, struct vmar *vmar, struct mapping *mapping,
			       bool overwrite)
{
	uint64_t base = mapping->region.base;
	uint64_t size = mapping->region.size;
	zx_status_t status = ZX_OK;

	if (overwrite)
		region__detach(vmar, base, size);
	if (overwrite && !mapping->prot)
		status = core_host.unmap(caller, vmar->process, base, size);
	if (status == ZX_OK)
		status = mapping__attach(caller, mapping);
	if (status == ZX_OK)
		return ZX_OK;
	/* Some pieces of it may be there. */
	if (mapping->prot)
		(void)core_host.unmap(caller, vmar->process, base, size);
	if (overwrite)
		region__reattach(caller, vmar, base, size);
	return status;
}

static zx_status_t map_locked(struct thread *caller, struct vmar *vmar, uint32_t options,
			      uint64_t offset, struct mapping *mapping, uint64_t size)
{
	struct process *process = vmar->process;
	uint64_t code_offset = 0;
	zx_status_t status;
	bool overwrite;

	status = place_locked(vmar, options, offset, size, &mapping->region.base, &overwrite);
	if (status != ZX_OK)
		return status;
	mapping->region.size = size;
	if (vdso__is_code(mapping))
		status = vdso__check_map(process, mapping, &code_offset);
	if (status == ZX_OK && overwrite)
		status = check_cut_locked(vmar, mapping->region.base, size, false);
	/* One slot for the mapping, two for mappings that may be cut at both ends. */
	if (status == ZX_OK && !region__reserve(vmar, 3))
		status = ZX_ERR_NO_MEMORY;
	if (status == ZX_OK && overwrite)
		status = region__split_ends(vmar, mapping->region.base, size);
	if (status != ZX_OK)
		return status;
	status = show_locked(caller, vmar, mapping, overwrite);
	if (status != ZX_OK)
		return status;
	if (overwrite)
		region__cut(vmar, mapping->region.base, size);
	region__insert(vmar, &mapping->region);
	if (vdso__is_code(mapping))
		vdso__mapped(process, mapping, code_offset);
	return ZX_OK;
}

zx_status_t vmar__map(struct thread *caller, struct vmar *vmar, uint32_t options, uint64_t offset,
		      struct vmo *vmo, uint32_t vmo_prot, uint64_t vmo_offset, uint64_t size,
		      uint64_t *out_addr)
{
	struct mapping *mapping;
	zx_status_t status;

	if (!perm_valid(options))
		return ZX_ERR_INVALID_ARGS;
	if (prot_of(options) & ~vmo_prot)
		return ZX_ERR_ACCESS_DENIED;
	if (options & ZX_VM_REQUIRE_NON_RESIZABLE && vmo->resizable)
		return ZX_ERR_NOT_SUPPORTED;
	if (vmo_offset & (PAGE_SIZE - 1))
		return ZX_ERR_INVALID_ARGS;
	if (size > UINT64_MAX - (PAGE_SIZE - 1))
		return ZX_ERR_OUT_OF_RANGE;
	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (vmo_offset + size < vmo_offset)
		return ZX_ERR_OUT_OF_RANGE;
	mapping = arena__alloc(sizeof(*mapping));
	if (!mapping)
		return ZX_ERR_NO_MEMORY;
	object__get(&vmo->object);
	mapping->process = vmar->process;
	list__init(&mapping->vmo_node);
	mapping->vmo = vmo;
	mapping->vmo_offset = vmo_offset;
	mapping->prot = prot_of(options);
	mapping->max_prot = vmo_prot;
	mutex__lock(&vmar->process->aspace_lock);
	/* What a mapping is mapped with counts as something that the VMAR must allow. */
	status = map_locked(caller, vmar,
			    options | (options & PERM_RWX) << PERM_TO_CAN_MAP, offset, mapping,
			    size);
	if (status == ZX_OK)
		*out_addr = mapping->region.base;
	mutex__unlock(&vmar->process->aspace_lock);
	if (status != ZX_OK) {
		object__put(&vmo->object);
		arena__free(mapping);
	}
	return status;
}

static zx_status_t unmap_locked(struct thread *caller, struct vmar *vmar, uint64_t addr,
				uint64_t size)
{
	zx_status_t status;

	region__detach(vmar, addr, size);
	status = core_host.unmap(caller, vmar->process, addr, size);
	if (status != ZX_OK)
		region__reattach(caller, vmar, addr, size);
	return status;
}

zx_status_t vmar__unmap(struct thread *caller, struct vmar *vmar, uint64_t addr, uint64_t size)
{
	zx_status_t status;

	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (addr & (PAGE_SIZE - 1) || !size)
		return ZX_ERR_INVALID_ARGS;
	mutex__lock(&vmar->process->aspace_lock);
	if (!vmar->alive)
		status = ZX_ERR_BAD_STATE;
	else if (!in_range(vmar, addr, size))
		status = ZX_ERR_INVALID_ARGS;
	else
		status = check_cut_locked(vmar, addr, size, true);
	if (status == ZX_OK && !region__reserve(vmar, 2))
		status = ZX_ERR_NO_MEMORY;
	if (status == ZX_OK)
		status = region__split_ends(vmar, addr, size);
	if (status == ZX_OK)
		status = unmap_locked(caller, vmar, addr, size);
	if (status == ZX_OK)
		region__cut(vmar, addr, size);
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

static zx_status_t protect_locked(struct thread *caller, struct vmar *vmar, uint32_t prot,
				  uint64_t addr, uint64_t size)
{
	uint32_t first = region__first_after(vmar, addr);
	uint64_t reached = addr;
	zx_status_t status;

	if (!vmar->alive)
		return ZX_ERR_BAD_STATE;
	if (!size || !in_range(vmar, addr, size))
		return ZX_ERR_INVALID_ARGS;
	for (uint32_t i = first; reached < addr + size; i++) {
		struct region *region = i < vmar->count ? vmar->children[i] : NULL;

		if (!region || region->base > reached)
			return ZX_ERR_NOT_FOUND;
		if (region->is_vmar)
			return ZX_ERR_INVALID_ARGS;
		if (prot & ~((struct mapping *)region)->max_prot ||
		    vdso__in_range(vmar->process, region->base, region->size))
			return ZX_ERR_ACCESS_DENIED;
		reached = region->base + region->size;
	}
	/* The mappings at both ends may have to be cut: their outer parts keep what they have. */
	if (!region__reserve(vmar, 2))
		return ZX_ERR_NO_MEMORY;
	status = region__split_ends(vmar, addr, size);
	for (uint32_t i = region__first_after(vmar, addr); status == ZX_OK && i < vmar->count;
	     i++) {
		struct mapping *mapping = (struct mapping *)vmar->children[i];

		if (mapping->region.base >= addr + size)
			break;
		status = mapping__change(caller, mapping, prot);
	}
	return status;
}

zx_status_t vmar__protect(struct thread *caller, struct vmar *vmar, uint32_t options, uint64_t addr,
			  uint64_t size)
{
	zx_status_t status;

	if (addr & (PAGE_SIZE - 1) || options & ~PERM_RWX || !perm_valid(options))
		return ZX_ERR_INVALID_ARGS;
	size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	mutex__lock(&vmar->process->aspace_lock);
	status = protect_locked(caller, vmar, prot_of(options), addr, size);
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

zx_status_t vmar__op_range(struct vmar *vmar, uint32_t op, uint64_t addr, uint64_t size)
{
	uint64_t reached = addr;
	zx_status_t status = ZX_OK;

	if (addr & (PAGE_SIZE - 1) || size & (PAGE_SIZE - 1) || !size)
		return ZX_ERR_INVALID_ARGS;
	mutex__lock(&vmar->process->aspace_lock);
	if (!vmar->alive)
		status = ZX_ERR_BAD_STATE;
	else if (!in_range(vmar, addr, size))
		status = ZX_ERR_OUT_OF_RANGE;
	for (uint32_t i = region__first_after(vmar, addr);
	     status == ZX_OK && reached < addr + size; i++) {
		struct region *region = i < vmar->count ? vmar->children[i] : NULL;
		struct mapping *mapping = (struct mapping *)region;
		uint64_t offset;
		uint64_t run;

		if (!region || region->base > reached || region->is_vmar) {
			status = ZX_ERR_BAD_STATE;
			break;
		}
		if (!(mapping->max_prot & HOST_PROT_WRITE)) {
			status = ZX_ERR_ACCESS_DENIED;
			break;
		}
		offset = reached - region->base;
		run = region->size - offset;
		if (run > addr + size - reached)
			run = addr + size - reached;
		offset += mapping->vmo_offset;
		status = op == ZX_VMO_OP_ZERO ?
				 vmo__op_range(mapping->vmo, op, offset, run) :
				 vmo__ranged_op(era__of(vmar->process->era), mapping->vmo, op,
						offset, run);
		reached += run;
	}
	mutex__unlock(&vmar->process->aspace_lock);
	return status;
}

zx_status_t vmar__destroy(struct thread *caller, struct vmar *vmar)
{
	struct process *process = vmar->process;
	zx_status_t status = ZX_OK;

	mutex__lock(&process->aspace_lock);
	if (!vmar->alive) {
		status = ZX_ERR_BAD_STATE;
	} else if (vdso__in_range(process, vmar->region.base, vmar->region.size)) {
		status = ZX_ERR_ACCESS_DENIED;
	} else {
		if (vmar->count)
			status = unmap_locked(caller, vmar, vmar->region.base,
					      vmar->region.size);
		if (status == ZX_OK) {
			struct vmar *parent = vmar->region.parent;

			if (parent)
				region__remove(parent, &vmar->region);
			region__forget_tree(vmar);
			if (parent)
				object__put(&vmar->object);
		}
	}
	mutex__unlock(&process->aspace_lock);
	return status;
}

void vmar__destroy_root(struct process *process)
{
	struct vmar *root;

	mutex__lock(&process->aspace_lock);
	root = process->root_vmar;
	process->root_vmar = NULL;
	if (root && root->alive)
		region__forget_tree(root);
	mutex__unlock(&process->aspace_lock);
	if (root)
		object__put(&root->object);
}

zx_status_t vmar__fault(struct process *process, uint64_t addr, uint32_t prot)
{
	zx_status_t status = ZX_ERR_NOT_FOUND;
	struct mapping *mapping;

	mutex__lock(&process->aspace_lock);
	mapping = vmar__find_mapping(process, addr);
	if (mapping)
		status = mapping__fault(mapping, addr, prot);
	mutex__unlock(&process->aspace_lock);
	return status;
}

struct mapping *vmar__find_mapping(struct process *process, uint64_t addr)
{
	struct vmar *vmar = process->root_vmar;

	while (vmar) {
		uint32_t i = region__first_after(vmar, addr);
		struct region *region = i < vmar->count ? vmar->children[i] : NULL;

		if (!region || region->base > addr)
			return NULL;
		if (!region->is_vmar)
			return (struct mapping *)region;
		vmar = list_entry(region, struct vmar, region);
	}
	return NULL;
}

void vmar__walk(struct vmar *top, uint32_t depth,
		void (*visit)(struct region *region, uint32_t depth, void *data), void *data)
{
	struct vmar *vmar = top;
	uint32_t i = 0;

	visit(&top->region, depth, data);
	for (;;) {
		if (i == vmar->count) {
			/* All of this one: on with what follows it in its parent. */
			if (vmar == top)
				return;
			i = region__first_after(vmar->region.parent, vmar->region.base) + 1;
			vmar = vmar->region.parent;
			depth--;
			continue;
		}
		visit(vmar->children[i], depth + 1, data);
		if (vmar->children[i]->is_vmar) {
			vmar = list_entry(vmar->children[i], struct vmar, region);
			depth++;
			i = 0;
		} else {
			i++;
		}
	}
}
