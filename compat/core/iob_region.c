/* Regions of I/O buffers: where their memory comes from, and which rules go together. */
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/iob.h"
#include "compat/core/vmo.h"

#define EP0_MEDIATED (ZX_IOB_ACCESS_EP0_CAN_MEDIATED_READ | ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE)
#define EP1_MEDIATED (ZX_IOB_ACCESS_EP1_CAN_MEDIATED_READ | ZX_IOB_ACCESS_EP1_CAN_MEDIATED_WRITE)
#define CAN_MAP_WRITE (ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE | ZX_IOB_ACCESS_EP1_CAN_MAP_WRITE)

/* A header, and something for the ring. */
#define SHARED_MIN (2 * PAGE_SIZE)

/* Data must be able to get into a region, and the rules of its discipline to be kept. */
static zx_status_t check_access(const zx_iob_region_t *config)
{
	zx_iob_access_t mediated0 = config->access & EP0_MEDIATED;
	zx_iob_access_t mediated1 = config->access & EP1_MEDIATED;
	bool shared = config->type == ZX_IOB_REGION_TYPE_SHARED;

	if (!(config->access & CAN_MAP_WRITE) && !mediated0 && !mediated1)
		return ZX_ERR_INVALID_ARGS;
	switch (config->discipline.type) {
	case ZX_IOB_DISCIPLINE_TYPE_NONE:
		return shared || mediated0 || mediated1 ? ZX_ERR_INVALID_ARGS : ZX_OK;
	case ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR:
		/* There is nothing to read for the system. */
		if (shared || mediated0 == ZX_IOB_ACCESS_EP0_CAN_MEDIATED_READ ||
		    mediated1 == ZX_IOB_ACCESS_EP1_CAN_MEDIATED_READ)
			return ZX_ERR_INVALID_ARGS;
		return ZX_OK;
	case ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER:
		return shared ? ZX_OK : ZX_ERR_INVALID_ARGS;
	default:
		return ZX_ERR_INVALID_ARGS;
	}
}

/* A VMO as zx_vmo_create() makes it, or one that the core maps. */
static zx_status_t create_private(struct thread *self, struct iob_region *region, struct vmo **out)
{
	zx_iob_region_t *config = &region->config;
	uint32_t options = config->private_region.options;
	zx_status_t status;

	if (options & ~era__of(self->process->era)->vmo_create_options)
		return ZX_ERR_INVALID_ARGS;
	if (options & ZX_VMO_UNBOUNDED && options & ZX_VMO_RESIZABLE)
		return ZX_ERR_INVALID_ARGS;
	if (options & ZX_VMO_UNBOUNDED)
		config->size = VMO_UNBOUNDED_SIZE;
	if (config->discipline.type != ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR) {
		status = vmo__create(config->size, false, out);
		if (status == ZX_OK)
			config->size = vmo__size(*out);
	} else if (config->size > VMO_UNBOUNDED_SIZE) {
		status = ZX_ERR_OUT_OF_RANGE;
	} else if (!config->size) {
		status = ZX_ERR_INVALID_ARGS;
	} else {
		config->size = (config->size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		status = vmo__create_shared(config->size, koid__next(), out);
	}
	if (status != ZX_OK)
		return status;
	(*out)->discardable = options & ZX_VMO_DISCARDABLE;
	region->koid = (*out)->object.koid;
	region->memory = (*out)->shared;
	if (region->memory)
		iob_id__init(region->memory, config->size);
	return ZX_OK;
}

/* A reference to the VMO of the object that the region names. */
static zx_status_t find_shared(struct thread *self, struct iob_region *region, struct vmo **out)
{
	const zx_iob_region_shared_t *wanted = &region->config.shared_region;
	struct iob_shared *shared;
	zx_status_t status;

	if (wanted->options || region->config.size)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, wanted->shared_region, ZX_OBJ_TYPE_IOB_SHARED_REGION,
			     ZX_RIGHT_NONE, &shared);
	if (status != ZX_OK)
		return status;
	region->shared = shared;
	if (vmo__size(shared->vmo) < SHARED_MIN)
		return ZX_ERR_INVALID_ARGS;
	region->koid = shared->object.koid;
	*out = shared->vmo;
	object__get(&(*out)->object);
	return ZX_OK;
}

/* Fills in what follows from the configuration; on failure a part may be filled in. */
static zx_status_t region_init(struct thread *self, struct iob_region *region)
{
	zx_status_t status = ZX_ERR_INVALID_ARGS;
	struct vmo *vmo;

	if (region->config.type == ZX_IOB_REGION_TYPE_PRIVATE)
		status = create_private(self, region, &vmo);
	else if (region->config.type == ZX_IOB_REGION_TYPE_SHARED)
		status = find_shared(self, region, &vmo);
	if (status != ZX_OK)
		return status;
	for (uint32_t end = 0; end < 2 && status == ZX_OK; end++) {
		status = vmo__create_reference(vmo, false, &region->vmo[end]);
		if (status != ZX_OK)
			break;
		region->vmo[end]->object.koid = region->koid;
		region->vmo[end]->discardable = vmo->discardable;
	}
	object__put(&vmo->object);
	return status == ZX_OK ? check_access(&region->config) : status;
}

void iob_state__put(struct iob_state *state)
{
	if (__atomic_fetch_sub(&state->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	for (uint32_t i = 0; i < state->count; i++) {
		struct iob_region *region = &state->regions[i];

		for (uint32_t end = 0; end < 2; end++) {
			if (region->vmo[end])
				object__put(&region->vmo[end]->object);
		}
		if (region->shared)
			object__put(&region->shared->object);
	}
	arena__free(state);
}

zx_status_t iob_state__create(struct thread *self, const zx_iob_region_t *configs, uint32_t count,
			      struct iob_state **out)
{
	zx_status_t status = ZX_OK;
	struct iob_state *state;

	if (!count)
		return ZX_ERR_INVALID_ARGS;
	state = arena__alloc(sizeof(*state) + count * sizeof(state->regions[0]));
	if (!state)
		return ZX_ERR_NO_MEMORY;
	state->refs = 1;
	state->count = count;
	for (uint32_t i = 0; i < count && status == ZX_OK; i++) {
		state->regions[i].config = configs[i];
		status = region_init(self, &state->regions[i]);
	}
	if (status != ZX_OK)
		iob_state__put(state);
	else
		*out = state;
	return status;
}
