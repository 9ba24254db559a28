/* Crashes while other threads map and unmap memory: calls in which the program's side has its part. */
#include "rt.h"

#define MAPPERS 3

static struct rt_thread mappers[MAPPERS];
static volatile uint32_t rounds[MAPPERS];
static zx_handle_t vmo;

static void mapping(void *arg)
{
	volatile uint32_t *count = arg;
	zx_vaddr_t at;

	for (;;) {
		if (zx_vmar_map(rt_boot.root_vmar, ZX_VM_PERM_READ, 0, vmo, 0, RT_PAGE_SIZE, &at) == ZX_OK)
			zx_vmar_unmap(rt_boot.root_vmar, at, RT_PAGE_SIZE);
		++*count;
	}
}

int main(void)
{
	if (zx_vmo_create(RT_PAGE_SIZE, 0, &vmo) != ZX_OK)
		return 1;
	for (int i = 0; i < MAPPERS; i++)
		if (rt_thread__start(&mappers[i], "mapper", mapping, (void *)&rounds[i]) != ZX_OK)
			return 1;
	for (int i = 0; i < MAPPERS; i++)
		while (rounds[i] < 20)
			;
	__builtin_trap();
}
