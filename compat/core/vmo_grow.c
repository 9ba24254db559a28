/*
 * Live clones, up to 2019-01, also show what their source gains by growing. Pages that a clone has
 * beyond its source are its own; those that it has not written become its source's. Only reading
 * them through a mapping gives them memory, too: so a page of zeros counts as not written.
 */
#include <string.h>

#include "compat/core/core.h"
#include "compat/core/mapping.h"
#include "compat/core/vmo_pages.h"

/* What @viewer shows of [begin, end) of its source. */
static bool part_of(const struct vmo *viewer, uint64_t *begin, uint64_t *end)
{
	uint64_t offset = viewer->source_offset;

	*begin = *begin > offset ? *begin - offset : 0;
	*end = *end > offset ? *end - offset : 0;
	if (*end > viewer->size)
		*end = viewer->size;
	return viewer->follows && *begin < *end;
}

/* Keeps room for one more run, so that this can be undone. */
static zx_status_t show_source(struct vmo *viewer, uint64_t begin, uint64_t end)
{
	if (begin == end)
		return ZX_OK;
	if (!run__reserve(viewer, 2))
		return ZX_ERR_NO_MEMORY;
	run__add(viewer, begin, end, NULL);
	return ZX_OK;
}

static zx_status_t show_unless_written(struct vmo *viewer, uint64_t offset, char *page)
{
	zx_status_t status = core_host.mem_read(viewer->memory, offset, page, PAGE_SIZE);

	if (status != ZX_OK || page[0] || memcmp(page, page + 1, PAGE_SIZE - 1))
		return status;
	status = core_host.mem_decommit(viewer->memory, offset, PAGE_SIZE);
	return status == ZX_OK ? show_source(viewer, offset, offset + PAGE_SIZE) : status;
}

/* [begin, end) of @viewer is its own. */
static zx_status_t follow_own(struct vmo *viewer, uint64_t begin, uint64_t end, char *page)
{
	zx_status_t status = ZX_OK;

	while (status == ZX_OK && begin < end) {
		uint64_t data = end;
		uint64_t data_end = end;

		if (viewer->memory >= 0 && !core_host.mem_next_data(viewer->memory, begin, end,
								    &data, &data_end))
			data = data_end = end;
		status = show_source(viewer, begin, data);
		for (; status == ZX_OK && data < data_end; data += PAGE_SIZE)
			status = show_unless_written(viewer, data, page);
		begin = data_end;
	}
	return status;
}

static zx_status_t follow(struct vmo *viewer, uint64_t begin, uint64_t end, char *page)
{
	/* Nobody writes a page while it is looked at. */
	zx_status_t status = viewer->memory >= 0 ? mapping__freeze(viewer) : ZX_OK;

	while (status == ZX_OK && begin < end) {
		uint32_t i = run__first_after(viewer, begin);
		struct vmo_run run = { .begin = end, .end = end };

		if (i < viewer->runs.count && viewer->runs.at[i].begin < end)
			run = viewer->runs.at[i];
		if (begin < run.begin)
			status = follow_own(viewer, begin, run.begin, page);
		begin = run.end;
	}
	return status;
}

static bool is_followed(const struct vmo *vmo)
{
	struct vmo *viewer;

	list_for_each(viewer, &vmo->viewers, viewer) {
		if (viewer->follows)
			return true;
	}
	return false;
}

zx_status_t vmo__grow_viewers_locked(struct vmo *vmo, uint64_t size)
{
	zx_status_t status = ZX_OK;
	struct vmo *viewer;
	char *page;

	if (!is_followed(vmo))
		return ZX_OK;
	page = arena__alloc_raw(PAGE_SIZE);
	if (!page)
		return ZX_ERR_NO_MEMORY;
	list_for_each(viewer, &vmo->viewers, viewer) {
		uint64_t begin = vmo->size;
		uint64_t end = size;

		if (status == ZX_OK && part_of(viewer, &begin, &end))
			status = follow(viewer, begin, end, page);
	}
	arena__free(page);
	if (status != ZX_OK)
		(void)vmo__cut_viewers_locked(vmo, vmo->size);
	return status;
}

void vmo__show_grown_locked(struct vmo *vmo, uint64_t old)
{
	struct vmo *viewer;

	list_for_each(viewer, &vmo->viewers, viewer) {
		uint64_t begin = old;
		uint64_t end = vmo->size;

		if (part_of(viewer, &begin, &end))
			mapping__refresh(viewer, begin, end);
	}
}
