/* What checks of memory share. */
#ifndef CONFORMANCE_MEMORY_H
#define CONFORMANCE_MEMORY_H

#include "conformance.h"

#define PAGE ((size_t)RT_PAGE_SIZE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)

/* In the kernel's half: no pointer of a program. */
#define KERNEL_ADDRESS ((void *)0xffffffff80001000ull)

/* A VMO made with these options. */
zx_handle_t vmo_with(uint64_t size, uint32_t options);

/* One that cannot be resized, and one that can; how to say so depends on the date. */
zx_handle_t fixed_vmo(uint64_t size);
zx_handle_t resizable_vmo(uint64_t size);
/* One page that is not to be cached. */
zx_handle_t uncached_vmo(void);

uint64_t size_of(zx_handle_t vmo);
int byte_at(zx_handle_t vmo, uint64_t offset);
void put_byte(zx_handle_t vmo, uint64_t offset, uint8_t byte);

/*
 * A region of some pages with nothing in it, in which all but execution is allowed. It is destroyed
 * when the check ends.
 */
zx_handle_t make_vmar(size_t pages, zx_vaddr_t *base);

/* An address within the program's space at which nothing is mapped, until the check ends. */
void *unmapped(void);

/* As make_vmar(), with options of one's own. */
zx_handle_t vmar_with(size_t pages, zx_vm_option_t options, zx_vaddr_t *base);

/* The old order of arguments was the only one then. */
zx_status_t vmar_allocate(zx_handle_t parent, zx_vm_option_t options, size_t offset, size_t size,
			  zx_handle_t *vmar, zx_vaddr_t *base);
zx_status_t vmar_map(zx_handle_t vmar, zx_vm_option_t options, size_t offset, zx_handle_t vmo,
		     uint64_t vmo_offset, size_t size, zx_vaddr_t *at);

#endif
