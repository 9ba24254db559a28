/* In 2018-07 the plain names had the argument order that only the _old ones have had since. */
#include <core/calls.h>

#include "compat/core/core.h"

zx_status_t sys_vmar_allocate_2018_07(struct thread *self, zx_handle_t parent_vmar,
				      uint64_t offset, uint64_t size, uint32_t map_flags,
				      user_addr_t child_vmar, user_addr_t child_addr)
{
	return sys_vmar_allocate_old(self, parent_vmar, offset, size, map_flags, child_vmar,
				     child_addr);
}

zx_status_t sys_vmar_map_2018_07(struct thread *self, zx_handle_t handle, uint64_t vmar_offset,
				 zx_handle_t vmo, uint64_t vmo_offset, uint64_t len,
				 uint32_t map_flags, user_addr_t mapped_addr)
{
	return sys_vmar_map_old(self, handle, vmar_offset, vmo, vmo_offset, len, map_flags,
				mapped_addr);
}

zx_status_t sys_vmar_protect_2018_07(struct thread *self, zx_handle_t handle, zx_vaddr_t addr,
				     uint64_t len, uint32_t prot_flags)
{
	return sys_vmar_protect_old(self, handle, addr, len, prot_flags);
}
