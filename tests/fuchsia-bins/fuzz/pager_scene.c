/* Pagers: they supply, do not, mark as clean, fail and go away, while their memory is used. */
#include "fuzz.h"
#include "vmar.h"

#include <zircon/syscalls/object.h>

static void make(struct fuzz *fuzz)
{
	zx_handle_t pager = pool__find(fuzz, ZX_OBJ_TYPE_PAGER);
	zx_handle_t port = pool__find(fuzz, ZX_OBJ_TYPE_PORT);
	zx_handle_t vmo = ZX_HANDLE_INVALID;
	uint64_t options = fuzz__next(fuzz) & 1 ? 0 : fuzz__next(fuzz) % 16;

	if (fuzz__one_in(fuzz, 4) && !call__exact(fuzz, ZXCALL_pager_create, 0, (uintptr_t)&pager))
		pool__adopt(fuzz, pager);
	if (!call__exact(fuzz, ZXCALL_pager_create_vmo, pager, options, port, fuzz__next(fuzz) % 4,
			 (1 + fuzz__next(fuzz) % 16) * RT_PAGE_SIZE, (uintptr_t)&vmo))
		pool__adopt(fuzz, vmo);
}

static void supply(struct fuzz *fuzz)
{
	uint64_t offset = fuzz__next(fuzz) % 8 * RT_PAGE_SIZE;
	uint64_t size = fuzz__next(fuzz) % 8 * RT_PAGE_SIZE;
	zx_handle_t aux = ZX_HANDLE_INVALID;

	/* From memory of its own, or from what may have a pager itself. */
	if (fuzz__next(fuzz) & 1) {
		call__exact(fuzz, ZXCALL_pager_supply_pages, pool__find(fuzz, ZX_OBJ_TYPE_PAGER),
			    pool__find(fuzz, ZX_OBJ_TYPE_VMO), offset, size,
			    pool__find(fuzz, ZX_OBJ_TYPE_VMO), fuzz__next(fuzz) % 8 * RT_PAGE_SIZE);
		return;
	}
	if (zx_vmo_create(16 * RT_PAGE_SIZE, 0, &aux) != ZX_OK)
		return;
	for (int i = 0; i < 8; i++)
		call__exact(fuzz, ZXCALL_pager_supply_pages, pool__find(fuzz, ZX_OBJ_TYPE_PAGER),
			    pool__find(fuzz, ZX_OBJ_TYPE_VMO), offset, size, aux, 0);
	zx_handle_close(aux);
}

static void mark(struct fuzz *fuzz)
{
	call__exact(fuzz, ZXCALL_pager_op_range, pool__find(fuzz, ZX_OBJ_TYPE_PAGER),
		    1 + fuzz__next(fuzz) % 5, pool__find(fuzz, ZX_OBJ_TYPE_VMO),
		    fuzz__next(fuzz) % 8 * RT_PAGE_SIZE, fuzz__next(fuzz) % 9 * RT_PAGE_SIZE,
		    fuzz__next(fuzz) & 1 ? 0 : (uint64_t)(int64_t)-(int)(fuzz__next(fuzz) % 80));
}

static void ask(struct fuzz *fuzz)
{
	zx_handle_t pager = pool__find(fuzz, ZX_OBJ_TYPE_PAGER);
	zx_handle_t vmo = pool__find(fuzz, ZX_OBJ_TYPE_VMO);
	uint64_t buffer = (uintptr_t)fuzz->memory;

	if (fuzz__next(fuzz) & 1)
		call__exact(fuzz, ZXCALL_pager_query_dirty_ranges, pager, vmo, 0, 16 * RT_PAGE_SIZE, buffer,
			    24 * (fuzz__next(fuzz) % 8), buffer + 1024, buffer + 1032);
	else
		call__exact(fuzz, ZXCALL_pager_query_vmo_stats, pager, vmo, fuzz__next(fuzz) % 2, buffer,
			    16);
}

static void detach(struct fuzz *fuzz)
{
	if (fuzz__one_in(fuzz, 4))
		call__exact(fuzz, ZXCALL_pager_detach_vmo, pool__find(fuzz, ZX_OBJ_TYPE_PAGER),
			    pool__find(fuzz, ZX_OBJ_TYPE_VMO));
}

/* Memory that may have to come first; a touch that fails is an exception. */
static void touch(struct fuzz *fuzz)
{
	zx_handle_t vmo = pool__find(fuzz, ZX_OBJ_TYPE_VMO);
	zx_vaddr_t at;

	if (!(fuzz_config.modes & FUZZ_TASKS) || !fuzz__one_in(fuzz, 8) ||
	    rt_vmar__map(rt_boot.root_vmar, ZX_VM_PERM_READ | ZX_VM_PERM_WRITE, 0, vmo, 0,
			 RT_PAGE_SIZE, &at) != ZX_OK)
		return;
	(*(volatile uint64_t *)at)++;
	zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE);
}

static void (*const scenes[])(struct fuzz *fuzz) = { make, make, supply, supply, mark, ask, detach, touch };

void scene__play_with_pagers(struct fuzz *fuzz)
{
	scenes[fuzz__next(fuzz) % RT_ARRAY_SIZE(scenes)](fuzz);
}
