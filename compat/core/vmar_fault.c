/* Memory that is not there at once: accesses that wait for a pager. */
#include "compat/core/core.h"
#include "compat/core/pager.h"
#include "compat/core/vmar.h"

/* The first mapping of a pager's memory in [*addr, end), its VMO referenced. */
static struct vmo *next_paged(struct process *process, uint64_t *addr, uint64_t end,
			      uint64_t *offset, uint64_t *size)
{
	struct vmo *vmo = NULL;

	mutex__lock(&process->aspace_lock);
	while (!vmo && *addr < end) {
		struct mapping *mapping = vmar__find_mapping(process, *addr);
		uint64_t into;

		if (!mapping)
			break;
		into = *addr - mapping->region.base;
		*offset = mapping->vmo_offset + into;
		*size = mapping->region.size - into;
		if (*size > end - *addr)
			*size = end - *addr;
		*addr += *size;
		if (!mapping->vmo->paged)
			continue;
		vmo = mapping->vmo;
		object__get(&vmo->object);
	}
	mutex__unlock(&process->aspace_lock);
	return vmo;
}

bool vmar__again(struct thread *self, struct process *process, uint64_t addr, uint64_t size,
		 enum page_access access, zx_status_t *status)
{
	uint64_t end = addr + size;
	uint64_t offset;
	bool again = true;
	struct vmo *vmo;

	if (*status != ZX_ERR_SHOULD_WAIT)
		return false;
	while (again && (vmo = next_paged(process, &addr, end, &offset, &size))) {
		*status = ZX_ERR_SHOULD_WAIT;
		again = pager__again(self, vmo, offset, size, access, status);
		object__put(&vmo->object);
	}
	return again;
}

zx_status_t vmar__fault_in(struct thread *self, uint64_t addr, uint32_t prot)
{
	enum page_access access = prot & HOST_PROT_WRITE ? PAGE_WRITES : PAGE_READS;
	struct process *process = self->process;
	zx_status_t status;

	do {
		status = vmar__fault(process, addr, prot);
	} while (vmar__again(self, process, addr, 1, access, &status));
	return status;
}
