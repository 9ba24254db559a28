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
		status = write && era->debug_memory_newest ?
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

/*
 * Copies up to *size bytes as far as the mapping goes and, in the newest system, the VMO behind it;
 * before that, what goes beyond it is an error. *size becomes what was copied.
 */
static zx_status_t copy(struct thread *self, const struct place *place, user_addr_t buffer,
			size_t *size, bool write)
{
	uint64_t limit = vmo__size(place->vmo);
	zx_status_t status;

	if (*size > place->size)
		*size = place->size;
	if (era__of(self->process->era)->debug_memory_newest) {
		limit = place->offset < limit ? limit - place->offset : 0;
		*size = *size < limit ? *size : limit;
	}
	status = (write ? vmo__write_from_user : vmo__read_to_user)(self, place->vmo, place->offset,
								    buffer, *size, NULL);
	return status == ZX_OK && !*size ? ZX_ERR_OUT_OF_RANGE : status;
}

static zx_status_t access_memory(struct thread *self, zx_handle_t handle, zx_vaddr_t vaddr,
				 user_addr_t buffer, size_t size, user_addr_t actual, bool write)
{
	zx_rights_t rights = write ? ZX_RIGHT_WRITE : ZX_RIGHT_READ | ZX_RIGHT_WRITE;
	uint32_t prot = write ? HOST_PROT_READ : HOST_PROT_WRITE;
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
	status = user__check_buffer(self, buffer, size, prot);
	if (status == ZX_OK)
		status = copy(self, &place, buffer, &size, write);
	object__put(&place.vmo->object);
	status = user__explain(self, status, buffer, size, prot);
	return status == ZX_OK ? user__put(self, actual, &size) : status;
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
