/* The sorted array of a VMAR's children. For vmar.c: all under process.aspace_lock. */
#ifndef COMPAT_CORE_REGION_H
#define COMPAT_CORE_REGION_H

#include "compat/core/vmar.h"

/* Index of the first child that ends behind @addr; vmar->count where there is none. */
uint32_t region__first_after(const struct vmar *vmar, uint64_t addr);
/* Finds a hole for @size in the first @limit bytes of @vmar. Errors: ZX_ERR_NO_RESOURCES. */
zx_status_t region__find_room(struct vmar *vmar, uint64_t size, uint64_t align, uint64_t limit,
			      uint64_t *out_base);
/* Makes sure that @more children can be inserted without an allocation. */
bool region__reserve(struct vmar *vmar, uint32_t more);
void region__insert(struct vmar *vmar, struct region *region);
void region__remove(struct vmar *vmar, struct region *region);

/*
 * May [base, base + size) be cut out? Sub-VMARs must lie inside whole, and only where
 * @destroy_vmars; else ZX_ERR_INVALID_ARGS.
 */
zx_status_t region__check_cut(const struct vmar *vmar, uint64_t base, uint64_t size,
			      bool destroy_vmars);
/*
 * Makes both ends of the range borders where they lie inside mappings. There must be room for two
 * more children. Errors: ZX_ERR_NO_MEMORY.
 */
zx_status_t region__split_ends(struct vmar *vmar, uint64_t base, uint64_t size);
/* Cuts the range, whose ends are borders, out of the tree (not of the host's address space). */
void region__cut(struct vmar *vmar, uint64_t base, uint64_t size);
/* Takes what is mapped in the range, whose ends are borders, from its VMOs' lists. */
void region__detach(struct vmar *vmar, uint64_t base, uint64_t size);
/*
 * Puts it back, and has the host show it again, because the host could not do what was to follow.
 */
void region__reattach(struct thread *caller, struct vmar *vmar, uint64_t base, uint64_t size);
/* Forgets all below @top and marks it dead. */
void region__forget_tree(struct vmar *top);

#endif
