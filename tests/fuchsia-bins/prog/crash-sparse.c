/* Crashes with terabytes of mapped memory, of which a few pages were touched. */
#include "rt.h"

#define SIZE (4ull << 40)

int main(void)
{
	const uint32_t options = ZX_VM_PERM_READ | ZX_VM_PERM_WRITE;
	zx_vaddr_t addr;
	zx_handle_t vmo;

	if (zx_vmo_create(SIZE, 0, &vmo) != ZX_OK ||
	    zx_vmar_map(rt_boot.root_vmar, options, 0, vmo, 0, SIZE, &addr) != ZX_OK)
		return 1;
	*(volatile uint64_t *)addr = 0x1111;
	*(volatile uint64_t *)(addr + SIZE / 2) = 0x2222;
	*(volatile uint64_t *)(addr + SIZE - RT_PAGE_SIZE) = addr;
	/* With the address where a debugger finds it. */
	__asm__ volatile("ud2" : : "D"(addr));
	return 1;
}
