#include "compat/core/user.h"

#include <string.h>

#include "compat/core/core.h"
#include "compat/core/vmar.h"

/* Where the program's half of the address space ends. */
#define USER_END 0x800000000000ull

/* The window of the running call that holds all of [addr, addr + size), or NULL. */
static struct user_window *window_of(struct thread *self, user_addr_t addr, size_t size)
{
	for (uint32_t i = 0; i < self->windows; i++) {
		struct user_window *window = &self->window[i];

		if (addr >= window->addr && addr - window->addr <= window->size &&
		    size <= window->size - (addr - window->addr))
			return window;
	}
	return NULL;
}

/* One run inside one mapping; @size is cut down to it. */
static zx_status_t copy_run(struct process *process, user_addr_t addr, void *data, size_t *size,
			    uint32_t prot)
{
	struct mapping *mapping = vmar__find_mapping(process, addr);
	uint64_t offset;
	uint64_t left;

	if (!mapping || !(mapping->prot & prot))
		return ZX_ERR_INVALID_ARGS;
	offset = addr - mapping->region.base;
	left = mapping->region.size - offset;
	if (*size > left)
		*size = left;
	if (prot == HOST_PROT_WRITE)
		return vmo__write(mapping->vmo, data, mapping->vmo_offset + offset, *size);
	return vmo__read(mapping->vmo, data, mapping->vmo_offset + offset, *size);
}

/* ZX_ERR_SHOULD_WAIT where a pager has still to supply pages; all other errors are one. */
static zx_status_t copy(struct process *process, user_addr_t addr, char *data, size_t size,
			uint32_t prot, size_t *out_done)
{
	zx_status_t status = ZX_OK;
	size_t done = 0;

	mutex__lock(&process->aspace_lock);
	while (status == ZX_OK && done < size) {
		size_t run = size - done;

		status = addr + done < addr ?
				 ZX_ERR_INVALID_ARGS :
				 copy_run(process, addr + done, data + done, &run, prot);
		if (status == ZX_OK)
			done += run;
	}
	mutex__unlock(&process->aspace_lock);
	if (out_done)
		*out_done = done;
	return status == ZX_OK || status == ZX_ERR_SHOULD_WAIT ? status : ZX_ERR_INVALID_ARGS;
}

/* A call may have done what cannot be done again: a suspension waits until it has its memory. */
bool user__again(struct thread *self, user_addr_t addr, size_t size, bool write,
		 zx_status_t *status)
{
	bool stoppable = !self->unstoppable;
	bool again;

	if (*status != ZX_ERR_SHOULD_WAIT)
		return false;
	self->unstoppable = true;
	again = vmar__again(self, self->process, addr, size, write ? PAGE_WRITES : PAGE_READS,
			    status);
	self->unstoppable = !stoppable;
	if (again)
		return true;
	*status = ZX_ERR_INVALID_ARGS;
	return false;
}

zx_status_t user__copy_in(struct thread *self, void *dst, user_addr_t src, size_t size)
{
	struct user_window *window;
	zx_status_t status;

	if (!size)
		return ZX_OK;
	window = window_of(self, src, size);
	if (window && window->in) {
		memcpy(dst, window->data + (src - window->addr), size);
		return ZX_OK;
	}
	do {
		status = copy(self->process, src, dst, size, HOST_PROT_READ, NULL);
	} while (user__again(self, src, size, false, &status));
	return status;
}

zx_status_t user__copy_out(struct thread *self, user_addr_t dst, const void *src, size_t size)
{
	struct user_window *window;
	zx_status_t status;

	if (!size)
		return ZX_OK;
	window = window_of(self, dst, size);
	if (window && window->out) {
		uint64_t offset = dst - window->addr;

		/*
		 * The calling side copies one run from the start: what would leave a gap goes
		 * directly.
		 */
		if (offset <= window->written) {
			memcpy(window->data + offset, src, size);
			if (offset + size > window->written)
				window->written = (uint32_t)(offset + size);
			return ZX_OK;
		}
	}
	/* copy_run() only reads the data in this direction. */
	do {
		status = copy(self->process, dst, (char *)(uintptr_t)src, size, HOST_PROT_WRITE,
			      NULL);
	} while (user__again(self, dst, size, true, &status));
	return status;
}

zx_status_t user__read_process(struct process *process, void *dst, user_addr_t src, size_t size,
			       size_t *done)
{
	return copy(process, src, dst, size, HOST_PROT_READ, done);
}

zx_status_t user__write_process(struct process *process, user_addr_t dst, const void *src,
				size_t size, size_t *done)
{
	/* copy_run() only reads @data in this direction. */
	return copy(process, dst, (char *)(uintptr_t)src, size, HOST_PROT_WRITE, done);
}

/* As user__fault(), but ZX_OK where the range can be accessed. */
static zx_status_t look_at(struct thread *self, user_addr_t addr, size_t size, uint32_t prot)
{
	struct process *process = self->process;
	zx_status_t status = ZX_OK;
	user_addr_t end = addr + size;

	if (end < addr || end > USER_END)
		return era__of(process->era)->buffers_squashed ? ZX_ERR_NOT_FOUND :
								 ZX_ERR_INVALID_ARGS;
	mutex__lock(&process->aspace_lock);
	while (addr < end) {
		struct mapping *mapping = vmar__find_mapping(process, addr);
		uint64_t offset;
		uint64_t memory;

		if (!mapping) {
			status = ZX_ERR_NOT_FOUND;
			break;
		}
		if (!(mapping->prot & prot)) {
			status = ZX_ERR_ACCESS_DENIED;
			break;
		}
		offset = mapping->vmo_offset + (addr - mapping->region.base);
		memory = vmo__size(mapping->vmo);
		if (offset >= memory || (memory - offset < mapping->region.base +
								   mapping->region.size - addr &&
					 memory - offset < end - addr)) {
			status = ZX_ERR_OUT_OF_RANGE;
			break;
		}
		addr = mapping->region.base + mapping->region.size;
	}
	mutex__unlock(&process->aspace_lock);
	return status;
}

zx_status_t user__fault(struct thread *self, user_addr_t addr, size_t size, uint32_t prot)
{
	zx_status_t status = look_at(self, addr, size, prot);

	return status == ZX_OK ? ZX_ERR_INVALID_ARGS : status;
}

zx_status_t user__check_buffer(struct thread *self, user_addr_t addr, size_t size, uint32_t prot)
{
	if (era__of(self->process->era)->buffers_told || look_at(self, addr, size, prot) == ZX_OK)
		return ZX_OK;
	return ZX_ERR_INVALID_ARGS;
}

zx_status_t user__explain(struct thread *self, zx_status_t status, user_addr_t addr, size_t size,
			  uint32_t prot)
{
	if (status != ZX_ERR_INVALID_ARGS || !era__of(self->process->era)->buffers_told)
		return status;
	return user__fault(self, addr, size, prot);
}
