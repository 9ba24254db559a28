#include "compat/core/pager.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/page_request.h"
#include "compat/core/vmo_pages.h"

/* So much is moved at a time. */
#define BLOCK 65536u

/* A packet of @source that no handle's closing or cancelling takes back. */
static void prepare_packet(struct page_source *source, struct port_packet *packet,
			   uint16_t command)
{
	list__init(&packet->node);
	packet->source = &source->pager->object;
	packet->owned_by_source = true;
	packet->packet.key = source->key;
	packet->packet.type = ZX_PKT_TYPE_PAGE_REQUEST;
	packet->packet.page_request.command = command;
}

static void free_source(struct page_source *source)
{
	object__put(&source->port->object);
	arena__free(source);
}

/* Those whose last packet was taken are needed no more. */
static void sweep_ended_locked(struct pager *pager)
{
	struct page_source *source;
	struct page_source *next;

	list_for_each_safe(source, next, &pager->ended, node) {
		if (port__has_packet(source->port, &source->complete))
			continue;
		list__remove(&source->node);
		free_source(source);
	}
}

/* No requests any more; those who wait find out. */
static void detach_locked(struct page_source *source, bool tell)
{
	if (source->detached)
		return;
	source->detached = true;
	page_request__end_all(source);
	if (tell)
		port__queue_packet(source->port, &source->complete);
}

/* A source of @pager whose VMO (referenced) does not end already, taken off its list. */
static struct page_source *claim_source_locked(struct pager *pager)
{
	struct page_source *source;

	list_for_each(source, &pager->sources, node) {
		if (!object__try_get(&source->vmo->object))
			continue;
		list__remove(&source->node);
		return source;
	}
	return NULL;
}

/* No packet of it is delivered from now on, not even those that wait on a port. */
static void pager_zero_handles(struct object *object)
{
	struct pager *pager = (struct pager *)object;
	struct page_source *source;
	struct page_source *next;

	object__lock(object);
	pager->closed = true;
	list_for_each_safe(source, next, &pager->ended, node) {
		list__remove(&source->node);
		port__remove_packet(source->port, &source->complete);
		free_source(source);
	}
	while ((source = claim_source_locked(pager))) {
		struct vmo *vmo = source->vmo;

		object__unlock(object);
		object__lock(&vmo->object);
		detach_locked(source, false);
		port__remove_packet(source->port, &source->complete);
		object__unlock(&vmo->object);
		object__put(&vmo->object);
		object__lock(object);
	}
	object__unlock(object);
}

const struct object_ops pager_ops = {
	.name = "pager",
	.default_rights = ZX_DEFAULT_PAGER_RIGHTS,
	.on_zero_handles = pager_zero_handles,
};

struct pager *pager__create(void)
{
	struct pager *pager = object__alloc(sizeof(*pager), ZX_OBJ_TYPE_PAGER);

	if (!pager)
		return NULL;
	list__init(&pager->sources);
	list__init(&pager->ended);
	return pager;
}

static struct page_source *create_source(const struct era_traits *era, struct pager *pager,
					 struct port *port, uint64_t key, uint32_t options)
{
	struct page_source *source = arena__alloc(sizeof(*source));

	if (!source)
		return NULL;
	object__get(&pager->object);
	object__get(&port->object);
	source->pager = pager;
	source->port = port;
	source->key = key;
	source->tracks = era->pager_newest;
	source->traps = options & ZX_VMO_TRAP_DIRTY;
	source->fills_growth = !era->pager_newest;
	source->leaves_zeros = era->pager_2019;
	list__init(&source->node);
	list__init(&source->requests);
	prepare_packet(source, &source->complete, ZX_PAGER_VMO_COMPLETE);
	return source;
}

/* The caller holds a handle's object: a pager that another thread closes meanwhile serves none. */
static void enter_source(struct pager *pager, struct page_source *source)
{
	object__lock(&pager->object);
	sweep_ended_locked(pager);
	if (pager->closed)
		source->detached = true;
	else
		list__add_tail(&pager->sources, &source->node);
	object__unlock(&pager->object);
}

zx_status_t pager__create_vmo(const struct era_traits *era, struct pager *pager, struct port *port,
			      uint64_t key, uint64_t size, uint32_t options, struct vmo **out)
{
	struct vmo *vmo;
	zx_status_t status = vmo__create(size, options & ZX_VMO_RESIZABLE, &vmo);

	if (status != ZX_OK)
		return status;
	if (run__reserve(vmo, 1))
		vmo->pages = create_source(era, pager, port, key, options);
	if (!vmo->pages) {
		object__put(&vmo->object);
		return ZX_ERR_NO_MEMORY;
	}
	vmo->paged = true;
	vmo->pages->vmo = vmo;
	if (vmo->size)
		run__add(vmo, 0, vmo->size, NULL);
	enter_source(pager, vmo->pages);
	*out = vmo;
	return ZX_OK;
}

bool pager__owns(const struct pager *pager, const struct vmo *vmo)
{
	return vmo->pages && vmo->pages->pager == pager;
}

void pager__detach(struct vmo *vmo)
{
	object__lock(&vmo->object);
	detach_locked(vmo->pages, true);
	pager__drop_clean_locked(vmo);
	object__unlock(&vmo->object);
}

void pager__vmo_gone_locked(struct vmo *vmo)
{
	struct page_source *source = vmo->pages;
	struct pager *pager;

	if (!source)
		return;
	pager = source->pager;
	vmo->pages = NULL;
	page_state__free(&source->states);
	object__lock(&pager->object);
	list__remove(&source->node);
	if (pager->closed) {
		port__remove_packet(source->port, &source->complete);
		free_source(source);
	} else {
		detach_locked(source, true);
		list__add_tail(&pager->ended, &source->node);
		sweep_ended_locked(pager);
	}
	object__unlock(&pager->object);
	object__put(&pager->object);
}

/* --- supplying --- */

static bool in_range(const struct vmo *vmo, uint64_t offset, uint64_t size)
{
	return offset <= vmo->size && size <= vmo->size - offset;
}

static uint64_t committed_locked(const struct vmo *vmo, uint64_t offset, uint64_t size)
{
	return vmo->memory >= 0 ? core_host.mem_committed(vmo->memory, offset, size) : 0;
}

/*
 * Can pages be taken away from it? Once, what was mapped or shared was not given away; now only
 * what a pager fills itself is not.
 */
static zx_status_t check_aux(const struct era_traits *era, struct vmo *aux, uint64_t offset,
			     uint64_t size)
{
	zx_status_t status = ZX_OK;

	object__lock(&aux->object);
	if (!in_range(aux, offset, size))
		status = ZX_ERR_OUT_OF_RANGE;
	else if (era->pager_newest && !aux->shared)
		status = aux->pages ? ZX_ERR_NOT_SUPPORTED : ZX_OK;
	else if (aux->parent || aux->paged || aux->shared || aux->children)
		status = ZX_ERR_BAD_STATE;
	else if (era->pager_aux_unmapped && !list__empty(&aux->mappings))
		status = ZX_ERR_BAD_STATE;
	else if (era->pager_2019 && committed_locked(aux, offset, size) != size)
		status = ZX_ERR_BAD_STATE;
	object__unlock(&aux->object);
	return status;
}

/* In 2019 nobody asked whether the VMO was detached. */
static zx_status_t check_target_locked(const struct era_traits *era, const struct vmo *vmo,
				       uint64_t offset, uint64_t size)
{
	if (!in_range(vmo, offset, size))
		return ZX_ERR_OUT_OF_RANGE;
	return vmo->pages->detached && !era->pager_2019 ? ZX_ERR_BAD_STATE : ZX_OK;
}

/*
 * Writes what becomes clean pages of @vmo. A hole reads as zero, too; though before the states of
 * pages were known, each page that was supplied had memory.
 */
static zx_status_t put_pages(struct vmo *vmo, uint64_t offset, const char *data, uint64_t size)
{
	if (vmo->pages->tracks && !data[0] && !memcmp(data, data + 1, size - 1))
		return ZX_OK;
	return core_host.mem_write(vmo->memory, offset, data, size);
}

/* Puts @data where pages of [offset, offset + size) are missing. */
static zx_status_t fill_locked(struct vmo *vmo, uint64_t offset, const char *data, uint64_t size)
{
	uint64_t end = offset + size;
	zx_status_t status = vmo__need_memory_locked(vmo);

	for (uint64_t at = offset; status == ZX_OK && at < end;) {
		uint32_t i = run__first_after(vmo, at);
		uint64_t stop;

		if (i == vmo->runs.count || vmo->runs.at[i].begin >= end)
			break;
		if (at < vmo->runs.at[i].begin)
			at = vmo->runs.at[i].begin;
		stop = vmo->runs.at[i].end < end ? vmo->runs.at[i].end : end;
		if (!run__reserve(vmo, 1))
			return ZX_ERR_NO_MEMORY;
		status = put_pages(vmo, at, data + (at - offset), stop - at);
		if (status == ZX_OK) {
			run__remove(vmo, at, stop);
			mapping__refresh(vmo, at, stop);
			page_request__supplied(vmo->pages, at, stop);
		}
		at = stop;
	}
	return status;
}

static zx_status_t supply_block(struct thread *self, struct vmo *vmo, uint64_t offset,
				uint64_t size, struct vmo *aux, uint64_t aux_offset, char *block)
{
	const struct era_traits *era = era__of(self->process->era);
	bool unstoppable = self->unstoppable;
	zx_status_t status;

	/* Half of the pages may be supplied: it cannot be done again. */
	self->unstoppable = true;
	do {
		status = vmo__read(aux, block, aux_offset, size);
	} while (pager__again(self, aux, aux_offset, size, PAGE_READS, &status));
	self->unstoppable = unstoppable;
	if (status != ZX_OK)
		return status;
	object__lock(&vmo->object);
	status = check_target_locked(era, vmo, offset, size);
	if (status == ZX_OK)
		status = fill_locked(vmo, offset, block, size);
	pager__arrived_locked(vmo);
	object__unlock(&vmo->object);
	return status;
}

zx_status_t pager__supply(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
			  struct vmo *aux, uint64_t aux_offset)
{
	const struct era_traits *era = era__of(self->process->era);
	zx_status_t status = check_aux(era, aux, aux_offset, size);
	char *block;

	if (status != ZX_OK)
		return status;
	object__lock(&vmo->object);
	status = check_target_locked(era, vmo, offset, size);
	object__unlock(&vmo->object);
	if (status != ZX_OK || !size)
		return status;
	block = arena__alloc_raw(BLOCK);
	if (!block)
		return ZX_ERR_NO_MEMORY;
	for (uint64_t done = 0; status == ZX_OK && done < size; done += BLOCK) {
		uint64_t run = size - done < BLOCK ? size - done : BLOCK;

		status = supply_block(self, vmo, offset + done, run, aux, aux_offset + done, block);
	}
	arena__free(block);
	/* Some of the pages are in both: they go from here, whether all have been moved or not. */
	(void)vmo__op_range(aux, ZX_VMO_OP_ZERO, aux_offset, size);
	return status;
}

zx_status_t pager__fail(struct vmo *vmo, uint64_t offset, uint64_t size, zx_status_t error)
{
	zx_status_t status = ZX_OK;

	object__lock(&vmo->object);
	if (!in_range(vmo, offset, size))
		status = ZX_ERR_OUT_OF_RANGE;
	else if (vmo->pages->detached)
		status = ZX_ERR_BAD_STATE;
	else
		page_request__end(vmo->pages, offset, offset + size, error);
	object__unlock(&vmo->object);
	return status;
}
