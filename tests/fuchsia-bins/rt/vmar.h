/*
 * Regions and mappings in the form of the program's date: in July 2018 these calls had the same
 * names, and other arguments.
 */
#ifndef RT_VMAR_H
#define RT_VMAR_H

#include "rt.h"

/* Set by programs that run as of July 2018, before they use any of these. */
extern bool rt_vmar_201807;

zx_status_t rt_vmar__allocate(zx_handle_t parent, zx_vm_option_t options, size_t offset,
			      size_t size, zx_handle_t *vmar, zx_vaddr_t *at);
zx_status_t rt_vmar__map(zx_handle_t vmar, zx_vm_option_t options, size_t offset, zx_handle_t vmo,
			 uint64_t vmo_offset, size_t size, zx_vaddr_t *at);
zx_status_t rt_vmar__protect(zx_handle_t vmar, zx_vm_option_t options, zx_vaddr_t at, size_t size);

#endif
