/* The calls that tell a pager what happened to its VMOs. */
#include <core/calls.h>
#include <zircon/eras.h>
#include <zircon/syscalls/next.h>

#include "compat/core/core.h"
#include "compat/core/pager.h"

/* A VMO that was made with the pager, referenced. */
static zx_status_t get_vmo(struct thread *self, zx_handle_t pager_handle, zx_handle_t vmo_handle,
			   struct vmo **out)
{
	struct pager *pager;
	zx_status_t status = handle__get(self, pager_handle, ZX_OBJ_TYPE_PAGER,
					 ZX_RIGHT_MANAGE_VMO, &pager);

	if (status != ZX_OK)
		return status;
	status = handle__get(self, vmo_handle, ZX_OBJ_TYPE_VMO, ZX_RIGHT_READ, out);
	if (status == ZX_OK && !pager__owns(pager, *out)) {
		object__put(&(*out)->object);
		status = ZX_ERR_INVALID_ARGS;
	}
	object__put(&pager->object);
	return status;
}

/* What was found so far. */
struct listing {
	size_t actual;
	size_t avail;
};

/* Stores the dirty ranges of [at, end) as far as there is room; counts the others if @all. */
static zx_status_t list_ranges(struct thread *self, struct vmo *vmo, uint64_t at, uint64_t end,
			       user_addr_t buffer, size_t room, bool all, struct listing *out)
{
	struct page_range range;

	while ((all || out->actual < room) && pager__next_dirty(vmo, at, end, &range)) {
		zx_vmo_dirty_range_t entry = {
			.offset = range.begin,
			.length = range.end - range.begin,
			.options = page_state__is_zero(range.state) ? ZX_VMO_DIRTY_RANGE_IS_ZERO : 0,
		};
		zx_status_t status = ZX_OK;

		if (out->actual < room)
			status = user__copy_out(self, buffer + out->actual++ * sizeof(entry),
						&entry, sizeof(entry));
		if (status != ZX_OK)
			return status;
		out->avail++;
		at = range.end;
	}
	return ZX_OK;
}

static zx_status_t query_ranges(struct thread *self, struct vmo *vmo, uint64_t offset,
				uint64_t length, user_addr_t buffer, size_t buffer_size,
				user_addr_t actual, user_addr_t avail)
{
	uint64_t size = vmo__size(vmo);
	struct listing found = { 0 };
	zx_status_t status;
	uint64_t end;

	if (!pager__tracks(vmo))
		return ZX_ERR_NOT_SUPPORTED;
	if (offset > size || length > size - offset)
		return ZX_ERR_OUT_OF_RANGE;
	end = (offset + length + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	status = list_ranges(self, vmo, offset & ~(PAGE_SIZE - 1), end, buffer,
			     buffer_size / sizeof(zx_vmo_dirty_range_t), avail, &found);
	if (status == ZX_OK && actual)
		status = user__put(self, actual, &found.actual);
	if (status == ZX_OK && avail)
		status = user__put(self, avail, &found.avail);
	return status;
}

zx_status_t sys_pager_query_dirty_ranges(struct thread *self, zx_handle_t pager,
					 zx_handle_t pager_vmo, uint64_t offset, uint64_t length,
					 user_addr_t buffer, size_t buffer_size, user_addr_t actual,
					 user_addr_t avail)
{
	struct vmo *vmo;
	zx_status_t status = get_vmo(self, pager, pager_vmo, &vmo);

	if (status != ZX_OK)
		return status;
	status = query_ranges(self, vmo, offset, length, buffer, buffer_size, actual, avail);
	object__put(&vmo->object);
	return status;
}

static zx_status_t query_stats(struct thread *self, struct vmo *vmo, uint32_t options,
			       user_addr_t buffer, size_t buffer_size)
{
	zx_pager_vmo_stats_t stats = { 0 };
	zx_status_t status;
	bool modified;

	if (buffer_size < sizeof(stats))
		return ZX_ERR_BUFFER_TOO_SMALL;
	if (options & ~ZX_PAGER_RESET_VMO_STATS)
		return ZX_ERR_INVALID_ARGS;
	if (!pager__tracks(vmo))
		return ZX_ERR_NOT_SUPPORTED;
	status = pager__modified(vmo, options & ZX_PAGER_RESET_VMO_STATS, &modified);
	if (status != ZX_OK)
		return status;
	if (modified)
		stats.modified = ZX_PAGER_VMO_STATS_MODIFIED;
	return user__put(self, buffer, &stats);
}

zx_status_t sys_pager_query_vmo_stats(struct thread *self, zx_handle_t pager, zx_handle_t pager_vmo,
				      uint32_t options, user_addr_t buffer, size_t buffer_size)
{
	struct vmo *vmo;
	zx_status_t status = get_vmo(self, pager, pager_vmo, &vmo);

	if (status != ZX_OK)
		return status;
	status = query_stats(self, vmo, options, buffer, buffer_size);
	object__put(&vmo->object);
	return status;
}
