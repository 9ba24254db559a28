#include "compat/core/region.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"

#define FIRST_CAPACITY 8u

uint32_t region__first_after(const struct vmar *vmar, uint64_t addr)
{
	uint32_t low = 0;
	uint32_t high = vmar->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct region *region = vmar->children[middle];

		if (region->base + region->size > addr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool find_room_from(const struct vmar *vmar, uint64_t from, uint64_t end, uint64_t size,
			   uint64_t align, uint64_t *out_base)
{
	uint64_t base = (from + align - 1) & ~(align - 1);

	for (uint32_t i = region__first_after(vmar, base); base >= from && base < end; i++) {
		uint64_t limit = end;

		if (i < vmar->count && vmar->children[i]->base < end)
			limit = vmar->children[i]->base;
		if (base <= limit && size <= limit - base) {
			*out_base = base;
			return true;
		}
		if (i >= vmar->count)
			break;
		base = vmar->children[i]->base + vmar->children[i]->size;
		base = (base + align - 1) & ~(align - 1);
	}
	return false;
}

zx_status_t region__find_room(struct vmar *vmar, uint64_t size, uint64_t align, uint64_t limit,
			      uint64_t *out_base)
{
	uint64_t start = vmar->region.base;
	uint64_t end = start + limit;

	if (!find_room_from(vmar, vmar->hint < end ? vmar->hint : start, end, size, align,
			    out_base) &&
	    !find_room_from(vmar, start, end, size, align, out_base))
		return ZX_ERR_NO_RESOURCES;
	/* A hole behind each region catches what runs over its end, except where room is scarce. */
	vmar->hint = *out_base + size + (vmar->flags & ZX_VM_COMPACT ? 0 : PAGE_SIZE);
	return ZX_OK;
}

bool region__reserve(struct vmar *vmar, uint32_t more)
{
	uint32_t capacity = vmar->capacity ? vmar->capacity : FIRST_CAPACITY;
	struct region **children;

	if (vmar->count + more <= vmar->capacity)
		return true;
	while (capacity < vmar->count + more)
		capacity *= 2;
	children = arena__alloc_raw(capacity * sizeof(*children));
	if (!children)
		return false;
	if (vmar->count)
		memcpy(children, vmar->children, vmar->count * sizeof(*children));
	arena__free(vmar->children);
	vmar->children = children;
	vmar->capacity = capacity;
	return true;
}

void region__insert(struct vmar *vmar, struct region *region)
{
	uint32_t i = region__first_after(vmar, region->base);

	memmove(&vmar->children[i + 1], &vmar->children[i],
		(vmar->count - i) * sizeof(*vmar->children));
	vmar->children[i] = region;
	vmar->count++;
	region->parent = vmar;
}

static void remove_at(struct vmar *vmar, uint32_t i)
{
	vmar->children[i]->parent = NULL;
	vmar->count--;
	memmove(&vmar->children[i], &vmar->children[i + 1],
		(vmar->count - i) * sizeof(*vmar->children));
}

void region__remove(struct vmar *vmar, struct region *region)
{
	uint32_t i = region__first_after(vmar, region->base);

	if (i < vmar->count && vmar->children[i] == region)
		remove_at(vmar, i);
}

static void mapping_free(struct mapping *mapping)
{
	mapping__detach(mapping);
	vmo__retire(mapping->vmo);
	object__put(&mapping->vmo->object);
	arena__free(mapping);
}

/* Goes down to the leaves and up again: a program may nest VMARs as deep as it likes. */
void region__forget_tree(struct vmar *top)
{
	struct vmar *vmar = top;

	top->alive = false;
	for (;;) {
		struct region *last = vmar->count ? vmar->children[vmar->count - 1] : NULL;
		struct vmar *parent = vmar->region.parent;

		if (last && last->is_vmar) {
			vmar = list_entry(last, struct vmar, region);
			vmar->alive = false;
		} else if (last) {
			remove_at(vmar, vmar->count - 1);
			mapping_free((struct mapping *)last);
		} else if (vmar == top) {
			return;
		} else {
			remove_at(parent, parent->count - 1);
			object__put(&vmar->object);
			vmar = parent;
		}
	}
}

zx_status_t region__check_cut(const struct vmar *vmar, uint64_t base, uint64_t size,
			      bool destroy_vmars)
{
	for (uint32_t i = region__first_after(vmar, base); i < vmar->count; i++) {
		const struct region *region = vmar->children[i];

		if (region->base >= base + size)
			break;
		if (region->is_vmar && (!destroy_vmars || region->base < base ||
					region->base + region->size > base + size))
			return ZX_ERR_INVALID_ARGS;
	}
	return ZX_OK;
}

/* Makes @addr the border of two mappings where it lies inside one. */
static zx_status_t split(struct vmar *vmar, uint64_t addr)
{
	uint32_t i = region__first_after(vmar, addr);
	struct mapping *whole;
	struct mapping *rest;
	uint64_t head;

	if (i == vmar->count || vmar->children[i]->base >= addr)
		return ZX_OK;
	whole = (struct mapping *)vmar->children[i];
	rest = arena__alloc(sizeof(*rest));
	if (!rest)
		return ZX_ERR_NO_MEMORY;
	head = addr - whole->region.base;
	object__get(&whole->vmo->object);
	object__lock(&whole->vmo->object);
	*rest = *whole;
	rest->region.base = addr;
	rest->region.size = whole->region.size - head;
	rest->vmo_offset += head;
	whole->region.size = head;
	list__add_tail(&whole->vmo->mappings, &rest->vmo_node);
	object__unlock(&whole->vmo->object);
	region__insert(vmar, &rest->region);
	return ZX_OK;
}

zx_status_t region__split_ends(struct vmar *vmar, uint64_t base, uint64_t size)
{
	zx_status_t status = split(vmar, base);

	return status == ZX_OK ? split(vmar, base + size) : status;
}

static void detach(struct region *region, uint32_t depth, void *data)
{
	(void)depth;
	(void)data;
	if (!region->is_vmar)
		mapping__detach((struct mapping *)region);
}

/* The host is out of memory: what it cannot show now, an access to it asks for again. */
static void reattach(struct region *region, uint32_t depth, void *data)
{
	(void)depth;
	if (!region->is_vmar)
		mapping__reattach(data, (struct mapping *)region);
}

static void visit_range(struct vmar *vmar, uint64_t base, uint64_t size,
			void (*visit)(struct region *region, uint32_t depth, void *data),
			void *data)
{
	for (uint32_t i = region__first_after(vmar, base);
	     i < vmar->count && vmar->children[i]->base < base + size; i++) {
		struct region *region = vmar->children[i];

		if (region->is_vmar)
			vmar__walk(list_entry(region, struct vmar, region), 0, visit, data);
		else
			visit(region, 0, data);
	}
}

void region__detach(struct vmar *vmar, uint64_t base, uint64_t size)
{
	visit_range(vmar, base, size, detach, NULL);
}

void region__reattach(struct thread *caller, struct vmar *vmar, uint64_t base, uint64_t size)
{
	visit_range(vmar, base, size, reattach, caller);
}

void region__cut(struct vmar *vmar, uint64_t base, uint64_t size)
{
	uint32_t i = region__first_after(vmar, base);

	while (i < vmar->count && vmar->children[i]->base < base + size) {
		struct region *region = vmar->children[i];

		remove_at(vmar, i);
		if (region->is_vmar) {
			struct vmar *child = list_entry(region, struct vmar, region);

			region__forget_tree(child);
			object__put(&child->object);
		} else {
			mapping_free((struct mapping *)region);
		}
	}
}
