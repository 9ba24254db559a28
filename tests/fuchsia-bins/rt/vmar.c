#include "vmar.h"

bool rt_vmar_201807;

zx_status_t allocate_201807(zx_handle_t parent, uint64_t offset, uint64_t size, uint32_t flags,
			    zx_handle_t *vmar, zx_vaddr_t *at) __asm__("zx_vmar_allocate");
zx_status_t map_201807(zx_handle_t vmar, uint64_t offset, zx_handle_t vmo, uint64_t vmo_offset,
		       uint64_t size, uint32_t flags, zx_vaddr_t *at) __asm__("zx_vmar_map");
zx_status_t protect_201807(zx_handle_t vmar, zx_vaddr_t at, uint64_t size,
			   uint32_t flags) __asm__("zx_vmar_protect");

zx_status_t rt_vmar__allocate(zx_handle_t parent, zx_vm_option_t options, size_t offset,
			      size_t size, zx_handle_t *vmar, zx_vaddr_t *at)
{
	if (rt_vmar_201807)
		return allocate_201807(parent, offset, size, options, vmar, at);
	return zx_vmar_allocate(parent, options, offset, size, vmar, at);
}

zx_status_t rt_vmar__map(zx_handle_t vmar, zx_vm_option_t options, size_t offset, zx_handle_t vmo,
			 uint64_t vmo_offset, size_t size, zx_vaddr_t *at)
{
	if (rt_vmar_201807)
		return map_201807(vmar, offset, vmo, vmo_offset, size, options, at);
	return zx_vmar_map(vmar, options, offset, vmo, vmo_offset, size, at);
}

zx_status_t rt_vmar__protect(zx_handle_t vmar, zx_vm_option_t options, zx_vaddr_t at, size_t size)
{
	if (rt_vmar_201807)
		return protect_201807(vmar, at, size, options);
	return zx_vmar_protect(vmar, options, at, size);
}
