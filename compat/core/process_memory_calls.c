/* zx_process_read_memory and zx_process_write_memory: how debuggers get at a process. */
#include <core/calls.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_copy.h"

/* Bytes that one call takes at most. */
#define BLOCK_MAX (64ull << 20)

/* Where an address of another process lies: the VMO (referenced), and how much of it follows. */
struct place {
	struct vmo *vmo;
	uint64_t offset;
	uint64_t size;
};

/*
 * Protection of the mapping does not count: a debugger writes to code. What lies behind the first
 * mapping is left to another call.
 */
static zx_status_t find_place(struct thread *self, struct process *process, uint64_t addr,
			      bool write, struct place *out)
{
	const struct era_traits *era = era__of(self->process->era);
	zx_status_t status = era->no_mapping;
	struct mapping *mapping;

	mutex__lock(&process->aspace_lock);
	mapping = vmar__find_mapping(process, addr);
	if (mapping)
		status = write && era->debug_writes_private ?
				 mapping__make_private(self, mapping) : ZX_OK;
	if (status == ZX_OK) {
		uint64_t into = addr - mapping->region.base;

		object__get(&mapping->vmo->object);
		out->vmo = mapping->vmo;
		out->offset = mapping->vmo_offset + into;
		out->size = mapping->region.size - into;
	}
	mutex__unlock(&process->aspace_lock);
	return status;
}

/* Cuts @size down to what the mapping and the VMO behind it hold. Errors: ZX_ERR_OUT_OF_RANGE. */
static zx_status_t clamp(const struct place *place, size_t *size)
{
	uint64_t limit = vmo__size(place->vmo);

	if (place->offset >= limit)
		return ZX_ERR_OUT_OF_RANGE;
	limit -= place->offset;
	if (limit > place->size)
		limit = place->size;
	if (*size > limit)
		*size = limit;
	return ZX_OK;
}

static zx_status_t access_memory(struct thread *self, zx_handle_t handle, zx_vaddr_t vaddr,
				 user_addr_t buffer, size_t size, user_addr_t actual, bool write)
{
	zx_rights_t rights = write ? ZX_RIGHT_WRITE : ZX_RIGHT_READ | ZX_RIGHT_WRITE;
	struct process *process;
	struct place place;
	zx_status_t status;

	if (!buffer || !size || size > BLOCK_MAX)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get(self, handle, ZX_OBJ_TYPE_PROCESS, rights, &process);
	if (status != ZX_OK)
		return status;
	status = find_place(self, process, vaddr, write, &place);
	object__put(&process->object);
	if (status != ZX_OK)
		return status;
	status = clamp(&place, &size);
	if (status == ZX_OK)
		status = (write ? vmo__write_from_user : vmo__read_to_user)(
			self, place.vmo, place.offset, buffer, size, NULL);
	object__put(&place.vmo->object);
	if (status != ZX_OK)
		return status;
	return user__put(self, actual, &size);
}

zx_status_t sys_process_read_memory(struct thread *self, zx_handle_t handle, zx_vaddr_t vaddr,
				    user_addr_t buffer, size_t buffer_size, user_addr_t actual)
{
	return access_memory(self, handle, vaddr, buffer, buffer_size, actual, false);
}

zx_status_t sys_process_write_memory(struct thread *self, zx_handle_t handle, zx_vaddr_t vaddr,
				     user_addr_t buffer, size_t buffer_size, user_addr_t actual)
{
	return access_memory(self, handle, vaddr, buffer, buffer_size, actual, true);
}
