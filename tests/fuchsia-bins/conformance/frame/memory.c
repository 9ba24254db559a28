#include "memory.h"

#include <zircon/eras.h>

#include "vmar.h"

zx_handle_t vmo_with(uint64_t size, uint32_t options)
{
	zx_handle_t vmo;

	EXPECT_OK(zx_vmo_create(size, options, &vmo));
	return own(vmo);
}

zx_handle_t fixed_vmo(uint64_t size)
{
	return vmo_with(size, era() < ERA_2020_07 ? ZX_VMO_NON_RESIZABLE_2018 : 0);
}

zx_handle_t resizable_vmo(uint64_t size)
{
	return vmo_with(size, era() < ERA_2020_07 ? 0 : ZX_VMO_RESIZABLE);
}

zx_handle_t uncached_vmo(void)
{
	zx_handle_t vmo = fixed_vmo(PAGE);

	EXPECT_OK(zx_vmo_set_cache_policy(vmo, ZX_CACHE_POLICY_UNCACHED));
	return vmo;
}

uint64_t size_of(zx_handle_t vmo)
{
	uint64_t size;

	EXPECT_OK(zx_vmo_get_size(vmo, &size));
	return size;
}

int byte_at(zx_handle_t vmo, uint64_t offset)
{
	uint8_t byte;

	EXPECT_OK(zx_vmo_read(vmo, &byte, offset, 1));
	return byte;
}

void put_byte(zx_handle_t vmo, uint64_t offset, uint8_t byte)
{
	EXPECT_OK(zx_vmo_write(vmo, &byte, offset, 1));
}

zx_status_t vmar_allocate(zx_handle_t parent, zx_vm_option_t options, size_t offset, size_t size,
			  zx_handle_t *vmar, zx_vaddr_t *base)
{
	return rt_vmar__allocate(parent, options, offset, size, vmar, base);
}

zx_status_t vmar_map(zx_handle_t vmar, zx_vm_option_t options, size_t offset, zx_handle_t vmo,
		     uint64_t vmo_offset, size_t size, zx_vaddr_t *at)
{
	return rt_vmar__map(vmar, options, offset, vmo, vmo_offset, size, at);
}

zx_handle_t vmar_with(size_t pages, zx_vm_option_t options, zx_vaddr_t *base)
{
	zx_handle_t vmar;

	EXPECT_OK(vmar_allocate(rt_boot.root_vmar, options, 0, pages * PAGE, &vmar, base));
	own(vmar);
	own_mapping(*base, pages * PAGE);
	return vmar;
}

zx_handle_t make_vmar(size_t pages, zx_vaddr_t *base)
{
	return vmar_with(pages, ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_SPECIFIC,
			 base);
}

void *unmapped(void)
{
	zx_vaddr_t base;

	make_vmar(1, &base);
	return (void *)base;
}
