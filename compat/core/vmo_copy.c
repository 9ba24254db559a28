#include "compat/core/vmo_copy.h"

#include "compat/core/core.h"
#include "compat/core/pager.h"
#include "compat/core/vmo.h"
#include "compat/core/vmo_pages.h"

/* What is copied at a time: small copies go through the stack, others through a borrowed buffer. */
#define SMALL 512u
#define LARGE 65536u

struct bounce {
	char small[SMALL];
	char *data;
	size_t size;
};

static zx_status_t bounce__init(struct bounce *bounce, size_t size)
{
	bounce->data = bounce->small;
	bounce->size = SMALL;
	if (size <= SMALL)
		return ZX_OK;
	bounce->size = size < LARGE ? size : LARGE;
	bounce->data = arena__alloc_raw(bounce->size);
	return bounce->data ? ZX_OK : ZX_ERR_NO_MEMORY;
}

static void bounce__free(struct bounce *bounce)
{
	if (bounce->data != bounce->small)
		arena__free(bounce->data);
}

/*
 * What programs map uncached nobody reads or writes through the caches; and what pagers fill could
 * at first only be mapped.
 */
static zx_status_t check_access(struct thread *self, struct vmo *vmo, uint64_t offset, size_t size)
{
	uint64_t limit;
	bool cached;

	object__lock(&vmo->object);
	limit = vmo->size;
	cached = vmo->cache_policy == ZX_CACHE_POLICY_CACHED;
	object__unlock(&vmo->object);
	if (!cached)
		return ZX_ERR_BAD_STATE;
	if (offset > limit || size > limit - offset)
		return ZX_ERR_OUT_OF_RANGE;
	return vmo->paged && era__of(self->process->era)->pager_2019 ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

/*
 * @run bytes of the VMO, of @rest that are wanted, to or from @data. Where some have to wait for a
 * pager those before them go first, page by page: they count where the others do not come. *run
 * becomes what was done.
 */
static zx_status_t access_run(struct thread *self, struct vmo *vmo, void *data, uint64_t offset,
			      size_t *run, uint64_t rest, enum page_access access)
{
	size_t first = PAGE_SIZE - (offset & (PAGE_SIZE - 1));
	zx_status_t status;

	for (;;) {
		status = access == PAGE_WRITES ? vmo__write(vmo, data, offset, *run) :
						 vmo__read(vmo, data, offset, *run);
		if (status != ZX_ERR_SHOULD_WAIT)
			return status;
		if (first < *run)
			*run = first;
		else if (!pager__again(self, vmo, offset, rest, access, &status))
			return status;
	}
}

/* Copies @run bytes between the VMO and @buffer by way of @bounce; *run becomes how many were. */
static zx_status_t pass_run(struct thread *self, struct vmo *vmo, struct bounce *bounce,
			    uint64_t offset, user_addr_t buffer, size_t *run, uint64_t rest,
			    enum page_access access)
{
	zx_status_t status;

	if (access == PAGE_WRITES) {
		status = user__copy_in(self, bounce->data, buffer, *run);
		return status == ZX_OK ? access_run(self, vmo, bounce->data, offset, run, rest,
						    access) :
					 status;
	}
	status = access_run(self, vmo, bounce->data, offset, run, rest, access);
	return status == ZX_OK ? user__copy_out(self, buffer, bounce->data, *run) : status;
}

static zx_status_t pass(struct thread *self, struct vmo *vmo, uint64_t offset, user_addr_t buffer,
			size_t size, size_t *done, enum page_access access)
{
	zx_status_t status = check_access(self, vmo, offset, size);
	struct bounce bounce;
	size_t ignored;

	if (!done)
		done = &ignored;
	*done = 0;
	if (status == ZX_OK)
		status = bounce__init(&bounce, size);
	if (status != ZX_OK)
		return status;
	while (*done < size) {
		size_t run = size - *done < bounce.size ? size - *done : bounce.size;

		status = pass_run(self, vmo, &bounce, offset + *done, buffer + *done, &run,
				  size - *done, access);
		if (status != ZX_OK)
			break;
		*done += run;
	}
	bounce__free(&bounce);
	return status;
}

zx_status_t vmo__read_to_user(struct thread *self, struct vmo *vmo, uint64_t offset,
			      user_addr_t buffer, size_t size, size_t *done)
{
	return pass(self, vmo, offset, buffer, size, done, PAGE_READS);
}

zx_status_t vmo__write_from_user(struct thread *self, struct vmo *vmo, uint64_t offset,
				 user_addr_t buffer, size_t size, size_t *done)
{
	return pass(self, vmo, offset, buffer, size, done, PAGE_WRITES);
}

static bool is_zero(const struct bounce *bounce, size_t size)
{
	const uint64_t *words = (const uint64_t *)bounce->data;

	for (size_t i = 0; i < size / sizeof(*words); i++) {
		if (words[i])
			return false;
	}
	return true;
}

static zx_status_t zero_run(struct thread *self, struct vmo *vmo, uint64_t offset, size_t run)
{
	zx_status_t status;

	do {
		status = vmo__op_range(vmo, ZX_VMO_OP_ZERO, offset, run);
	} while (pager__again_zero(self, vmo, offset, run, &status));
	return status;
}

/*
 * Clones of a pager's VMO may have to wait for pages. What is zero costs no memory in the
 * destination either.
 */
static zx_status_t move_run(struct thread *self, struct bounce *bounce, struct vmo *dst,
			    uint64_t offset, struct vmo *src, uint64_t src_offset, size_t run)
{
	zx_status_t status;

	do {
		status = vmo__read(src, bounce->data, src_offset, run);
	} while (pager__again(self, src, src_offset, run, PAGE_READS, &status));
	if (status == ZX_OK)
		status = zero_run(self, src, src_offset, run);
	if (status != ZX_OK)
		return status;
	if (is_zero(bounce, run))
		return zero_run(self, dst, offset, run);
	do {
		status = vmo__write(dst, bounce->data, offset, run);
	} while (pager__again(self, dst, offset, run, PAGE_WRITES, &status));
	return status;
}

/* What a pager fills stays with it; clones have pages of their own. */
static bool is_pagers(struct vmo *vmo)
{
	uint64_t ignored = 0;

	return vmo__owner(vmo, &ignored)->pages;
}

zx_status_t vmo__transfer(struct thread *self, struct vmo *dst, uint64_t offset, uint64_t size,
			  struct vmo *src, uint64_t src_offset)
{
	zx_status_t status = check_access(self, src, src_offset, size);
	/* Ranges of one VMO may overlap: the end that the destination covers goes first. */
	bool backward = dst == src && offset > src_offset;
	bool unstoppable = self->unstoppable;
	struct bounce bounce;

	if (status == ZX_OK)
		status = check_access(self, dst, offset, size);
	if (status == ZX_OK && (is_pagers(dst) || is_pagers(src)))
		status = ZX_ERR_NOT_SUPPORTED;
	if (status == ZX_OK && dst->sealed)
		status = ZX_ERR_ACCESS_DENIED;
	if (status == ZX_OK)
		status = bounce__init(&bounce, size);
	if (status != ZX_OK)
		return status;
	/* What has been moved is no longer there for a second try. */
	self->unstoppable = true;
	for (uint64_t done = 0; status == ZX_OK && done < size;) {
		size_t run = size - done < bounce.size ? size - done : bounce.size;
		uint64_t at = backward ? size - done - run : done;

		status = move_run(self, &bounce, dst, offset + at, src, src_offset + at, run);
		done += run;
	}
	self->unstoppable = unstoppable;
	bounce__free(&bounce);
	return status;
}

zx_status_t vmo__set_stream_size_wait(struct thread *self, struct vmo *vmo, uint64_t size)
{
	zx_status_t status;
	uint64_t old;

	do {
		old = vmo__stream_size(vmo);
		status = vmo__set_stream_size(vmo, size);
		/* Less leaves a part of its last page, more begins and ends within pages. */
	} while (pager__again_zero(self, vmo, size < old ? size : old, size < old ? 0 : size - old,
				   &status));
	return status;
}
