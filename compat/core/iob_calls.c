/* The calls on I/O buffers, and the topics about them. */
#include <core/calls.h>
#include <zircon/eras.h>

#include "compat/core/core.h"
#include "compat/core/info.h"
#include "compat/core/iob.h"
#include "compat/core/vmar_map.h"

static zx_rights_t default_rights(struct thread *self, uint32_t type)
{
	return era__default_rights(self->process->era, type);
}

zx_status_t sys_iob_create(struct thread *self, uint64_t options, user_addr_t regions,
			   size_t num_regions, user_addr_t ep0_out, user_addr_t ep1_out)
{
	zx_iob_region_t *configs;
	struct iob_state *state;
	struct iob *ends[2];
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_IOB_NEWEST);
	if (status != ZX_OK)
		return status;
	if (num_regions > ZX_IOB_MAX_REGIONS)
		return ZX_ERR_OUT_OF_RANGE;
	configs = arena__alloc(num_regions * sizeof(*configs) + 1);
	if (!configs)
		return ZX_ERR_NO_MEMORY;
	status = user__copy_in(self, configs, regions, num_regions * sizeof(*configs));
	if (status == ZX_OK)
		status = iob_state__create(self, configs, (uint32_t)num_regions, &state);
	arena__free(configs);
	if (status == ZX_OK)
		status = iob__create(state, &ends[0], &ends[1]);
	if (status != ZX_OK)
		return status;
	return handle__make_out_pair(self, &ends[0]->object, &ends[1]->object,
				     default_rights(self, ZX_OBJ_TYPE_IOB), ep0_out, ep1_out);
}

/* The end behind @handle, which may be written through, and region @index of it. */
static zx_status_t get_region(struct thread *self, zx_handle_t handle, uint32_t index,
			      struct iob **out, struct iob_region **out_region)
{
	zx_status_t status = handle__get(self, handle, ZX_OBJ_TYPE_IOB, ZX_RIGHT_WRITE, out);

	if (status != ZX_OK)
		return status;
	if (index < (*out)->state->count) {
		*out_region = &(*out)->state->regions[index];
		return ZX_OK;
	}
	object__put(&(*out)->object);
	return ZX_ERR_OUT_OF_RANGE;
}

/* Is it of the discipline that the call is for, and may this end have the system write it? */
static zx_status_t check_write(const struct iob *iob, const struct iob_region *region,
			       zx_iob_discipline_type_t discipline)
{
	if (region->config.discipline.type != discipline)
		return ZX_ERR_WRONG_TYPE;
	return iob__may_write(iob, region) ? ZX_OK : ZX_ERR_ACCESS_DENIED;
}

zx_status_t sys_iob_allocate_id(struct thread *self, zx_handle_t handle, uint32_t options,
				uint32_t region_index, user_addr_t blob, size_t blob_size,
				user_addr_t out)
{
	struct iob_region *region;
	struct iob *iob;
	zx_status_t status;
	uint32_t id;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = get_region(self, handle, region_index, &iob, &region);
	if (status != ZX_OK)
		return status;
	status = check_write(iob, region, ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR);
	if (status == ZX_OK)
		status = iob_id__allocate(self, region->memory, region->config.size, blob,
					  blob_size, &id);
	object__put(&iob->object);
	return status == ZX_OK ? user__put(self, out, &id) : status;
}

zx_status_t sys_iob_writev(struct thread *self, zx_handle_t handle, uint64_t options,
			   uint32_t region_index, user_addr_t vectors, size_t num_vectors)
{
	struct iob_region *region;
	struct iob *iob;
	zx_status_t status;

	if (options)
		return ZX_ERR_INVALID_ARGS;
	status = get_region(self, handle, region_index, &iob, &region);
	if (status != ZX_OK)
		return status;
	status = check_write(iob, region, ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER);
	if (status == ZX_OK)
		status = iob_shared__write(self, region->shared,
					   region->config.discipline.ring_buffer.tag, vectors,
					   num_vectors);
	object__put(&iob->object);
	return status;
}

zx_status_t sys_iob_create_shared_region(struct thread *self, uint64_t options, uint64_t size,
					 user_addr_t out)
{
	struct iob_shared *shared;
	zx_status_t status;

	if (options || size & (PAGE_SIZE - 1) || !size)
		return ZX_ERR_INVALID_ARGS;
	status = policy__check(self, ZX_POL_NEW_IOB_NEWEST);
	if (status != ZX_OK)
		return status;
	if (size > VMO_MAX_SIZE)
		return ZX_ERR_OUT_OF_RANGE;
	status = iob_shared__create(size, &shared);
	if (status != ZX_OK)
		return status;
	return handle__make_out(self, &shared->object,
				default_rights(self, ZX_OBJ_TYPE_IOB_SHARED_REGION), out);
}

static zx_status_t map_region(struct thread *self, struct iob *iob, zx_rights_t rights,
			      uint32_t index, struct vmar_map_request *request,
			      user_addr_t mapped_addr)
{
	struct iob_region *region;
	zx_status_t status;

	if (index >= iob->state->count)
		return ZX_ERR_OUT_OF_RANGE;
	region = &iob->state->regions[index];
	status = iob__create_mappable(iob, region, &request->vmo);
	if (status != ZX_OK)
		return status;
	request->vmo_rights = rights & iob__map_rights(iob, region);
	status = vmar_map__user(self, request, mapped_addr);
	object__put(&request->vmo->object);
	return status;
}

zx_status_t sys_vmar_map_iob(struct thread *self, zx_handle_t handle, zx_vm_option_t options,
			     size_t vmar_offset, zx_handle_t ep, uint32_t region_index,
			     uint64_t region_offset, size_t region_length, user_addr_t mapped_addr)
{
	struct vmar_map_request request = {
		.options = options,
		.vmar_offset = vmar_offset,
		.vmo_offset = region_offset,
		.len = region_length,
	};
	struct iob *iob;
	zx_rights_t rights;
	zx_status_t status;

	status = handle__get_rights(self, handle, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_NONE, &request.vmar,
				    &request.vmar_rights);
	if (status != ZX_OK)
		return status;
	status = handle__get_rights(self, ep, ZX_OBJ_TYPE_IOB, ZX_RIGHT_NONE, &iob, &rights);
	if (status == ZX_OK) {
		status = map_region(self, iob, rights, region_index, &request, mapped_addr);
		object__put(&iob->object);
	}
	object__put(&request.vmar->object);
	return status;
}

zx_status_t info__iob(const struct info_request *request)
{
	zx_info_iob_t info = { .options = 0 };
	struct iob *iob;
	zx_status_t status = info__get(request, ZX_OBJ_TYPE_IOB, ZX_RIGHT_INSPECT, &iob);

	if (status != ZX_OK)
		return status;
	info.region_count = iob->state->count;
	object__put(&iob->object);
	return info__single(request, &info, sizeof(info));
}

zx_status_t info__iob_regions(const struct info_request *request)
{
	zx_iob_region_info_t *records;
	struct iob *iob;
	uint32_t count;
	zx_status_t status = info__get(request, ZX_OBJ_TYPE_IOB, ZX_RIGHT_INSPECT, &iob);

	if (status != ZX_OK)
		return status;
	count = iob->state->count;
	records = arena__alloc_raw(count * sizeof(*records));
	for (uint32_t i = 0; records && i < count; i++)
		iob__region_info(iob, &iob->state->regions[i], &records[i]);
	object__put(&iob->object);
	if (!records)
		return ZX_ERR_NO_MEMORY;
	status = info__list(request, records, sizeof(*records), count, count);
	arena__free(records);
	return status;
}
