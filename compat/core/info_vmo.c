/* Topics about VMOs. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/info.h"
#include "compat/core/iob.h"
#include "compat/core/layer.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_share.h"

/* Bits of zx_info_vmo_2018_t.create_options */
#define CREATED_RESIZABLE 1u

static uint32_t flags_of(const struct info_request *request, const struct vmo *vmo, uint32_t via)
{
	uint32_t flags = ZX_INFO_VMO_TYPE_PAGED | via;

	if (vmo->kind == VMO_SNAPSHOT || vmo->kind == VMO_LIVE)
		flags |= ZX_INFO_VMO_IS_COW_CLONE;
	/* 2018 says it in the options of its creation, where it says it at all. */
	if (vmo->resizable && !request->era->info_2018)
		flags |= ZX_INFO_VMO_RESIZABLE;
	if (vmo->paged && !request->era->info_2018)
		flags |= ZX_INFO_VMO_PAGER_BACKED;
	if (vmo->discardable)
		flags |= ZX_INFO_VMO_DISCARDABLE;
	return flags;
}

/* The newest form, which holds all that others tell. */
static void read_vmo(const struct info_request *request, struct vmo *vmo, uint32_t via,
		     zx_rights_t rights, zx_info_vmo_v4_t *out)
{
	struct vmo_count count = { 0 };

	memset(out, 0, sizeof(*out));
	out->koid = vmo->object.koid;
	out->parent_koid = vmo->parent ? vmo->parent->object.koid : 0;
	out->flags = flags_of(request, vmo, via);
	out->handle_rights = via & ZX_INFO_VMO_VIA_MAPPING ? 0 : rights;
	/* A window's pages are its parent's. */
	if (vmo->kind != VMO_SLICE && vmo->kind != VMO_REFERENCE)
		vmo__count(vmo, 0, UINT64_MAX, &count);
	out->committed_bytes = count.attributed;
	object__lock(&vmo->object);
	memcpy(out->name, vmo->name, sizeof(out->name));
	out->size_bytes = vmo->size;
	out->num_children = vmo->children;
	out->num_mappings = vmo_share__mappings_locked(vmo);
	out->share_count = vmo_share__count_locked(vmo);
	out->cache_policy = vmo->cache_policy;
	object__unlock(&vmo->object);
	/* Pages are never compressed: what is there is populated. */
	out->metadata_bytes = sizeof(*vmo);
	out->populated_bytes = out->committed_bytes;
	out->committed_private_bytes = count.alone;
	out->populated_private_bytes = count.alone;
	out->committed_scaled_bytes = count.scaled;
	out->populated_scaled_bytes = count.scaled;
}

/* Each version begins with the one before it. */
_Static_assert(offsetof(zx_info_vmo_v4_t, cache_policy) == offsetof(zx_info_vmo_t, cache_policy) &&
	       offsetof(zx_info_vmo_v4_t, committed_change_events) ==
		       offsetof(zx_info_vmo_v2_t, committed_change_events) &&
	       offsetof(zx_info_vmo_v4_t, populated_bytes) ==
		       offsetof(zx_info_vmo_v3_t, populated_bytes),
	       "versions of zx_info_vmo_t extend each other");

static size_t record_size(const struct info_request *request)
{
	static const size_t sizes[] = { sizeof(zx_info_vmo_t), sizeof(zx_info_vmo_v2_t),
					sizeof(zx_info_vmo_v3_t), sizeof(zx_info_vmo_v4_t) };

	return request->era->info_vmo_2018 ? sizeof(zx_info_vmo_2018_t) : sizes[request->version];
}

/* Writes the form that the caller knows to @out, which has record_size() bytes. */
static void write_record(const struct info_request *request, const struct vmo *vmo,
			 const zx_info_vmo_v4_t *info, void *out)
{
	zx_info_vmo_2018_t old;

	if (!request->era->info_vmo_2018) {
		memcpy(out, info, record_size(request));
		return;
	}
	memset(&old, 0, sizeof(old));
	memcpy(&old, info, offsetof(zx_info_vmo_2018_t, create_options));
	old.create_options = vmo->resizable ? CREATED_RESIZABLE : 0;
	old.cache_policy = info->cache_policy;
	memcpy(out, &old, sizeof(old));
}

_Static_assert(offsetof(zx_info_vmo_2018_t, create_options) ==
		       offsetof(zx_info_vmo_v4_t, cache_policy),
	       "the form of 2018 differs from there on");

zx_status_t info__vmo(const struct info_request *request)
{
	char record[sizeof(zx_info_vmo_v4_t)];
	zx_info_vmo_v4_t info;
	struct vmo *vmo;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(request->self, request->handle, ZX_OBJ_TYPE_VMO,
				    ZX_RIGHT_NONE, &vmo, &rights);
	if (status != ZX_OK)
		return status;
	/* The handle's rights came to be told with the versions. */
	if (request->era->info_versions != INFO_VERSIONS_NEWEST)
		rights = 0;
	read_vmo(request, vmo, ZX_INFO_VMO_VIA_HANDLE, rights, &info);
	write_record(request, vmo, &info, record);
	object__put(&vmo->object);
	return info__single(request, record, record_size(request));
}

/* --- all VMOs of a process: first those that it has handles to, then those that are mapped --- */

struct vmos {
	struct held {
		struct vmo *vmo; /* referenced */
		zx_rights_t rights;
		uint32_t via;
	} *list;
	size_t room;
	size_t count; /* of all, also those that found no room */
	bool iobs;    /* those of I/O buffers count too */
};

static void vmos__add(struct vmos *vmos, struct vmo *vmo, zx_rights_t rights, uint32_t via)
{
	if (vmos->count < vmos->room) {
		object__get(&vmo->object);
		vmos->list[vmos->count] = (struct held){ vmo, rights, via };
	}
	vmos->count++;
}

static size_t vmos__held(const struct vmos *vmos)
{
	return vmos->count < vmos->room ? vmos->count : vmos->room;
}

static void vmos__free(struct vmos *vmos)
{
	for (size_t i = 0; i < vmos__held(vmos); i++)
		object__put(&vmos->list[i].vmo->object);
	arena__free(vmos->list);
}

static void add_iob(struct vmos *vmos, const struct iob *iob, zx_rights_t rights)
{
	for (uint32_t i = 0; i < iob->state->count; i++) {
		const struct iob_region *region = &iob->state->regions[i];

		vmos__add(vmos, region->vmo[iob->end],
			  (rights | ZX_RIGHT_MAP) & iob__map_rights(iob, region),
			  ZX_INFO_VMO_VIA_IOB_HANDLE);
	}
}

static void add_mapped(struct region *region, uint32_t depth, void *data)
{
	(void)depth;
	if (!region->is_vmar)
		vmos__add(data, ((struct mapping *)region)->vmo, 0, ZX_INFO_VMO_VIA_MAPPING);
}

static void add_held(struct vmos *vmos, struct process *process)
{
	struct object *object;
	zx_rights_t rights;
	zx_handle_t value;
	uint32_t cursor = 0;

	while (handle_table__next(process, &cursor, &object, &rights, &value)) {
		if (object->type == ZX_OBJ_TYPE_VMO)
			vmos__add(vmos, (struct vmo *)object, rights, ZX_INFO_VMO_VIA_HANDLE);
		else if (object->type == ZX_OBJ_TYPE_IOB && vmos->iobs)
			add_iob(vmos, (struct iob *)object, rights);
		object__put(object);
	}
}

static bool runs(struct process *process)
{
	bool running;

	object__lock(&process->object);
	running = process->state == PROCESS_RUNNING;
	object__unlock(&process->object);
	return running;
}

/* Errors: ZX_ERR_BAD_STATE (the process has not started, or has ended). */
static zx_status_t collect(struct process *process, struct vmos *vmos)
{
	zx_status_t status = ZX_OK;

	vmos->count = 0;
	if (!runs(process))
		return ZX_ERR_BAD_STATE;
	add_held(vmos, process);
	mutex__lock(&process->aspace_lock);
	if (process->root_vmar)
		vmar__walk(process->root_vmar, 0, add_mapped, vmos);
	else
		status = ZX_ERR_BAD_STATE;
	mutex__unlock(&process->aspace_lock);
	return status;
}

/* For all that was counted, as far as the caller has room for it. */
static zx_status_t make_room(const struct info_request *request, struct vmos *vmos)
{
	size_t room = info__room(request, record_size(request));

	if (room > vmos->count)
		room = vmos->count;
	if (!room)
		return ZX_OK;
	vmos->list = arena__alloc_raw(room * sizeof(*vmos->list));
	if (!vmos->list)
		return ZX_ERR_NO_MEMORY;
	vmos->room = room;
	return ZX_OK;
}

/* Makes the records of what was collected, and hands them out. */
static zx_status_t hand_out(const struct info_request *request, const struct vmos *vmos)
{
	size_t size = record_size(request);
	size_t held = vmos__held(vmos);
	char *records = held ? arena__alloc_raw(held * size) : NULL;
	zx_status_t status;

	if (held && !records)
		return ZX_ERR_NO_MEMORY;
	for (size_t i = 0; i < held; i++) {
		const struct held *entry = &vmos->list[i];
		zx_info_vmo_v4_t info;

		read_vmo(request, entry->vmo, entry->via, entry->rights, &info);
		write_record(request, entry->vmo, &info, records + i * size);
	}
	status = info__list(request, records, size, held, vmos->count);
	arena__free(records);
	return status;
}

zx_status_t info__process_vmos(const struct info_request *request)
{
	struct vmos vmos = { .iobs = request->era->info_versions == INFO_VERSIONS_NEWEST };
	struct process *process;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_PROCESS, request->era->right_info, &process);
	if (status != ZX_OK)
		return status;
	if (process == request->self->process && request->era->info_self_denied) {
		object__put(&process->object);
		return ZX_ERR_ACCESS_DENIED;
	}
	status = collect(process, &vmos); /* only counts, there is no room yet */
	if (status == ZX_OK)
		status = make_room(request, &vmos);
	if (status == ZX_OK)
		status = collect(process, &vmos);
	if (status == ZX_OK)
		status = hand_out(request, &vmos);
	vmos__free(&vmos);
	object__put(&process->object);
	return status;
}
