#include "compat/core/iob.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/peer.h"
#include "compat/core/vmo.h"

#define EP0_ACCESS                                                                                 \
	(ZX_IOB_ACCESS_EP0_CAN_MAP_READ | ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE |                        \
	 ZX_IOB_ACCESS_EP0_CAN_MEDIATED_READ | ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE)
#define ACCESS_BITS 4 /* of an end */

_Static_assert(ZX_IOB_ACCESS_EP1_CAN_MAP_READ == ZX_IOB_ACCESS_EP0_CAN_MAP_READ << ACCESS_BITS,
	       "the ends' bits are in the same order");

static struct iob *as_iob(struct object *object)
{
	return (struct iob *)object;
}

static void iob_leave(struct object *object)
{
	struct iob *self = as_iob(object);
	struct iob *peer;

	object__lock(object);
	peer = self->peer;
	if (peer) {
		self->peer = NULL;
		peer->peer = NULL;
		object__update_signals_locked(&peer->object, 0, ZX_IOB_PEER_CLOSED);
	}
	object__unlock(object);
}

static void iob_destroy(struct object *object)
{
	iob_leave(object);
	if (as_iob(object)->state)
		iob_state__put(as_iob(object)->state);
}

static struct object *iob_peer_locked(struct object *object)
{
	struct iob *peer = as_iob(object)->peer;

	return peer && object__try_get(&peer->object) ? &peer->object : NULL;
}

const struct object_ops iob_ops = {
	.name = "iob",
	.default_rights = ZX_DEFAULT_IOB_RIGHTS,
	.user_signals = ZX_USER_SIGNAL_ALL,
	.on_zero_handles = iob_leave,
	.destroy = iob_destroy,
	.peer_locked = iob_peer_locked,
};

zx_status_t iob__create(struct iob_state *state, struct iob **out0, struct iob **out1)
{
	struct object *object0;
	struct object *object1;
	zx_status_t status;

	status = peer__create_pair(sizeof(struct iob), ZX_OBJ_TYPE_IOB, &object0, &object1);
	if (status != ZX_OK) {
		iob_state__put(state);
		return status;
	}
	state->refs = 2;
	*out0 = as_iob(object0);
	*out1 = as_iob(object1);
	(*out0)->state = state;
	(*out1)->state = state;
	(*out0)->peer = *out1;
	(*out1)->peer = *out0;
	(*out1)->end = 1;
	return ZX_OK;
}

/* The bits of ZX_IOB_ACCESS_EP0_* as they are for this end. */
static zx_iob_access_t access_of(const struct iob *iob, const struct iob_region *region)
{
	return region->config.access >> (iob->end * ACCESS_BITS) & EP0_ACCESS;
}

zx_rights_t iob__map_rights(const struct iob *iob, const struct iob_region *region)
{
	zx_iob_access_t access = access_of(iob, region);

	return (access & ZX_IOB_ACCESS_EP0_CAN_MAP_READ ? ZX_RIGHT_READ | ZX_RIGHT_MAP : 0) |
	       (access & ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE ? ZX_RIGHT_WRITE | ZX_RIGHT_MAP : 0);
}

bool iob__may_write(const struct iob *iob, const struct iob_region *region)
{
	return access_of(iob, region) & ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE;
}

zx_status_t iob__create_mappable(struct iob *iob, const struct iob_region *region,
				 struct vmo **out)
{
	zx_status_t status = vmo__create_reference(region->vmo[iob->end], false, out);

	if (status != ZX_OK)
		return status;
	(*out)->object.koid = region->koid;
	(*out)->discardable = region->vmo[iob->end]->discardable;
	/* Nobody has a handle to resize it by, but mappings can ask for VMOs that never are. */
	(*out)->resizable = region->config.type == ZX_IOB_REGION_TYPE_PRIVATE &&
			    region->config.private_region.options & ZX_VMO_RESIZABLE;
	object__get(&iob->object);
	(*out)->keeps = handle__make(&iob->object, ZX_RIGHT_NONE);
	return ZX_OK;
}

uint32_t iob__mapped(struct iob *iob)
{
	uint32_t mapped = 0;

	for (uint32_t i = 0; i < iob->state->count; i++) {
		struct vmo *vmo = iob->state->regions[i].vmo[iob->end];

		object__lock(&vmo->object);
		mapped += vmo->children;
		object__unlock(&vmo->object);
	}
	return mapped;
}

void iob__region_info(const struct iob *iob, const struct iob_region *region,
		      zx_iob_region_info_t *out)
{
	zx_iob_access_t access = region->config.access;

	memset(out, 0, sizeof(*out));
	out->region = region->config;
	out->koid = region->koid;
	/* Who asks is end 0. */
	if (iob->end)
		out->region.access = (access & EP0_ACCESS) << ACCESS_BITS |
				     (access >> ACCESS_BITS & EP0_ACCESS);
}

void iob__get_name(const struct iob *iob, char *out)
{
	struct vmo *vmo = iob->state->regions[0].vmo[0];

	object__lock(&vmo->object);
	memcpy(out, vmo->name, sizeof(vmo->name));
	object__unlock(&vmo->object);
}

void iob__set_name(struct iob *iob, const char *name)
{
	for (uint32_t i = 0; i < iob->state->count; i++) {
		const struct iob_region *region = &iob->state->regions[i];

		if (region->config.type != ZX_IOB_REGION_TYPE_PRIVATE)
			continue;
		vmo__set_name(region->vmo[0], name);
		vmo__set_name(region->vmo[1], name);
	}
}
