/* Topics about address spaces. */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/info.h"
#include "compat/core/layer.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_share.h"

zx_status_t info__vmar(const struct info_request *request)
{
	/* Up to 2018-07 everybody who held it might ask. */
	zx_rights_t need = request->era->info_maps_201807 ? ZX_RIGHT_NONE : ZX_RIGHT_INSPECT;
	zx_info_vmar_t info;
	struct vmar *vmar;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_VMAR, need, &vmar);
	if (status != ZX_OK)
		return status;
	info.base = vmar->region.base;
	info.len = vmar->region.size;
	object__put(&vmar->object);
	return info__single(request, &info, sizeof(info));
}

/* --- the tree of mappings --- */

struct maps {
	zx_info_maps_v3_t *list;
	size_t room;
	size_t count; /* of all, also those that found no room */
};

/* The next record, zeroed, or NULL where there is no room for it. */
static zx_info_maps_v3_t *maps__add(struct maps *maps, zx_info_maps_type_t type, uint64_t base,
				    uint64_t size, uint32_t depth)
{
	zx_info_maps_v3_t *record;

	if (maps->count++ >= maps->room)
		return NULL;
	record = &maps->list[maps->count - 1];
	memset(record, 0, sizeof(*record));
	record->type = type;
	record->base = base;
	record->size = size;
	record->depth = depth;
	return record;
}

/* Of an address space: "proc:KOID", as Zircon names it. */
static void put_process_name(char *out, zx_koid_t koid)
{
	char digits[20];
	size_t count = 0;

	memcpy(out, "proc:", 5);
	out += 5;
	do {
		digits[count++] = (char)('0' + koid % 10);
		koid /= 10;
	} while (koid);
	while (count)
		*out++ = digits[--count];
}

static void fill_mapping(struct mapping *mapping, zx_info_maps_v3_t *out)
{
	struct vmo *vmo = mapping->vmo;
	struct vmo_count count;

	vmo__count(vmo, mapping->vmo_offset, mapping->region.size, &count);
	object__lock(&vmo->object);
	memcpy(out->name, vmo->name, sizeof(out->name));
	object__unlock(&vmo->object);
	out->u.mapping.mmu_flags = (mapping->prot & HOST_PROT_READ ? ZX_VM_PERM_READ : 0) |
				   (mapping->prot & HOST_PROT_WRITE ? ZX_VM_PERM_WRITE : 0) |
				   (mapping->prot & HOST_PROT_EXEC ? ZX_VM_PERM_EXECUTE : 0);
	out->u.mapping.vmo_koid = vmo->object.koid;
	out->u.mapping.vmo_offset = mapping->vmo_offset;
	out->u.mapping.committed_bytes = count.attributed;
	out->u.mapping.populated_bytes = count.attributed;
	out->u.mapping.committed_private_bytes = count.alone;
	out->u.mapping.populated_private_bytes = count.alone;
	out->u.mapping.committed_scaled_bytes = count.scaled;
	out->u.mapping.populated_scaled_bytes = count.scaled;
}

static void add_region(struct region *region, uint32_t depth, void *data)
{
	struct maps *maps = data;
	zx_info_maps_v3_t *record;

	record = maps__add(maps,
			   region->is_vmar ? ZX_INFO_MAPS_TYPE_VMAR : ZX_INFO_MAPS_TYPE_MAPPING,
			   region->base, region->size, depth);
	if (!record)
		return;
	if (!region->is_vmar)
		fill_mapping((struct mapping *)region, record);
	else if (region->parent)
		memcpy(record->name, "useralloc", sizeof("useralloc"));
	else
		memcpy(record->name, "root", sizeof("root"));
}

/* The oldest forms are cut out of the newest. */
static void write_2018_07(const zx_info_maps_v3_t *in, zx_info_maps_201807_t *out)
{
	memcpy(out, in, offsetof(zx_info_maps_201807_t, u));
	out->u.mapping.mmu_flags = in->u.mapping.mmu_flags;
	out->u.mapping.vmo_koid = in->u.mapping.vmo_koid;
	out->u.mapping.committed_pages = in->u.mapping.committed_bytes / PAGE_SIZE;
}

static void write_v1(const zx_info_maps_v3_t *in, zx_info_maps_t *out)
{
	memcpy(out, in, offsetof(zx_info_maps_t, u));
	out->u.mapping.mmu_flags = in->u.mapping.mmu_flags;
	out->u.mapping.vmo_koid = in->u.mapping.vmo_koid;
	out->u.mapping.vmo_offset = in->u.mapping.vmo_offset;
	out->u.mapping.committed_pages = in->u.mapping.committed_bytes / PAGE_SIZE;
}

static void write_v2(const zx_info_maps_v3_t *in, zx_info_maps_v2_t *out)
{
	memcpy(out, in, offsetof(zx_info_maps_v2_t, u));
	out->u.mapping.mmu_flags = in->u.mapping.mmu_flags;
	out->u.mapping.vmo_koid = in->u.mapping.vmo_koid;
	out->u.mapping.vmo_offset = in->u.mapping.vmo_offset;
	out->u.mapping.committed_pages = in->u.mapping.committed_bytes / PAGE_SIZE;
	out->u.mapping.populated_pages = in->u.mapping.populated_bytes / PAGE_SIZE;
}

/* Version of the caller's form, counting that of 2018-07 as one before the first. */
#define FORM_2018_07 0u
#define FORM_V1 1u
#define FORM_V2 2u
#define FORM_V3 3u

static const size_t form_sizes[] = { sizeof(zx_info_maps_201807_t), sizeof(zx_info_maps_t),
				     sizeof(zx_info_maps_v2_t), sizeof(zx_info_maps_v3_t) };

static void write_record(uint32_t form, const zx_info_maps_v3_t *in, void *out)
{
	memset(out, 0, form_sizes[form]);
	switch (form) {
	case FORM_2018_07:
		write_2018_07(in, out);
		break;
	case FORM_V1:
		write_v1(in, out);
		break;
	case FORM_V2:
		write_v2(in, out);
		break;
	default:
		memcpy(out, in, sizeof(*in));
	}
}

/* Collects the tree below @vmar, or all of the process where it is NULL. */
static zx_status_t collect(struct process *process, struct vmar *vmar, struct maps *maps)
{
	zx_status_t status = ZX_OK;
	struct vmar *root;

	maps->count = 0;
	mutex__lock(&process->aspace_lock);
	root = process->root_vmar;
	if (!root || (vmar && !vmar->alive)) {
		status = ZX_ERR_BAD_STATE;
	} else if (vmar) {
		vmar__walk(vmar, 0, add_region, maps);
	} else {
		zx_info_maps_v3_t *record = maps__add(maps, ZX_INFO_MAPS_TYPE_ASPACE,
						      root->region.base, root->region.size, 0);

		if (record)
			put_process_name(record->name, process->object.koid);
		vmar__walk(root, 1, add_region, maps);
	}
	mutex__unlock(&process->aspace_lock);
	return status;
}

/* Turns the records into the caller's form, in place: it is never larger. */
static zx_status_t hand_out(const struct info_request *request, uint32_t form, struct maps *maps)
{
	size_t held = maps->count < maps->room ? maps->count : maps->room;
	char *records = (char *)maps->list;

	for (size_t i = 0; i < held; i++) {
		zx_info_maps_v3_t record = maps->list[i];

		write_record(form, &record, records + i * form_sizes[form]);
	}
	return info__list(request, records, form_sizes[form], held, maps->count);
}

static zx_status_t list_maps(const struct info_request *request, uint32_t form,
			     struct process *process, struct vmar *vmar)
{
	struct maps maps = { .room = 0 };
	zx_status_t status = collect(process, vmar, &maps); /* only counts, there is no room yet */

	maps.room = maps.count;
	if (maps.room > info__room(request, form_sizes[form]))
		maps.room = info__room(request, form_sizes[form]);
	if (status == ZX_OK && maps.room) {
		maps.list = arena__alloc_raw(maps.room * sizeof(*maps.list));
		if (!maps.list)
			return ZX_ERR_NO_MEMORY;
		status = collect(process, vmar, &maps);
	}
	if (status == ZX_OK)
		status = hand_out(request, form, &maps);
	arena__free(maps.list);
	return status;
}

zx_status_t info__process_maps(const struct info_request *request)
{
	uint32_t form = request->era->info_maps_201807 ? FORM_2018_07 : FORM_V1 + request->version;
	struct process *process;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_PROCESS, request->era->right_info, &process);
	if (status != ZX_OK)
		return status;
	if (process == request->self->process && request->era->info_self_denied)
		status = ZX_ERR_ACCESS_DENIED;
	else
		status = list_maps(request, form, process, NULL);
	object__put(&process->object);
	return status;
}

zx_status_t info__vmar_maps(const struct info_request *request)
{
	struct vmar *vmar;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_INSPECT, &vmar);
	if (status != ZX_OK)
		return status;
	status = list_maps(request, FORM_V3, vmar->process, vmar);
	object__put(&vmar->object);
	return status;
}

/* --- memory usage --- */

static void add_usage(struct region *region, uint32_t depth, void *data)
{
	struct mapping *mapping = (struct mapping *)region;
	zx_info_task_stats_v2_t *usage = data;
	struct vmo *vmo = mapping->vmo;
	struct vmo_count count;
	uint64_t committed;
	uint32_t shares;

	(void)depth;
	if (region->is_vmar)
		return;
	vmo__count(vmo, mapping->vmo_offset, region->size, &count);
	committed = count.attributed;
	object__lock(&vmo->object);
	shares = vmo_share__count_locked(vmo);
	object__unlock(&vmo->object);
	/* The vDSO is never one process's alone: the system itself has it, as Zircon's first one. */
	if (vmo->sealed)
		shares++;
	usage->mem_mapped_bytes += region->size;
	if (shares == 1) {
		usage->mem_private_bytes += committed;
	} else {
		usage->mem_shared_bytes += committed;
		usage->mem_scaled_shared_bytes += committed / shares;
	}
}

zx_status_t info__task_stats(const struct info_request *request)
{
	zx_info_task_stats_v2_t usage;
	struct process *process;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_PROCESS, request->era->right_info, &process);
	if (status != ZX_OK)
		return status;
	memset(&usage, 0, sizeof(usage));
	mutex__lock(&process->aspace_lock);
	if (process->root_vmar)
		vmar__walk(process->root_vmar, 0, add_usage, &usage);
	else
		status = ZX_ERR_BAD_STATE;
	mutex__unlock(&process->aspace_lock);
	object__put(&process->object);
	if (status != ZX_OK)
		return status;
	/* The first version is the second without its last field. */
	return info__single(request, &usage,
			    request->version ? sizeof(usage) : sizeof(zx_info_task_stats_t));
}
