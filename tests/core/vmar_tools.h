/* What the tests of VMARs share. */
#ifndef TESTS_VMAR_TOOLS_H
#define TESTS_VMAR_TOOLS_H

#include "compat/core/vmar.h"
#include "compat/core/vmo.h"
#include "tests/core/core_fixture.h"

#define PAGES(n) ((n) * 4096ull)
#define RWX (ZX_RIGHT_READ | ZX_RIGHT_WRITE | ZX_RIGHT_EXECUTE)
#define READ_WRITE (ZX_VM_PERM_READ | ZX_VM_PERM_WRITE)
#define CAN_ALL                                                                                    \
	(ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE | ZX_VM_CAN_MAP_EXECUTE | ZX_VM_CAN_MAP_SPECIFIC)

static inline zx_handle_t root_vmar(zx_rights_t rights)
{
	object__get(&fx.process->root_vmar->object);
	return fixture__handle(&fx.process->root_vmar->object, ZX_DEFAULT_VMAR_RIGHTS | rights);
}

static inline zx_handle_t make_vmo(uint64_t pages, zx_rights_t rights)
{
	struct vmo *vmo;

	assert_int_equal(vmo__create(PAGES(pages), false, &vmo), ZX_OK);
	return fixture__handle(&vmo->object, rights);
}

static inline zx_status_t map(zx_handle_t vmar, zx_vm_option_t options, size_t offset,
			      zx_handle_t vmo, size_t len, zx_vaddr_t *out)
{
	zx_vaddr_t *addr = user_scratch();
	zx_status_t status;

	status = sys_vmar_map(fx.self, vmar, options, offset, vmo, 0, len, UADDR(addr));
	*out = *addr;
	return status;
}

static inline zx_status_t allocate(zx_handle_t parent, zx_vm_option_t options, size_t offset,
				   size_t size, zx_handle_t *out, zx_vaddr_t *out_addr)
{
	zx_handle_t *handle = user_scratch();
	zx_vaddr_t *addr = (zx_vaddr_t *)(handle + 2);
	zx_status_t status;

	status = sys_vmar_allocate(fx.self, parent, options, offset, size, UADDR(handle),
				   UADDR(addr));
	*out = *handle;
	*out_addr = *addr;
	return status;
}

static inline uint32_t prot_at(uint64_t addr)
{
	struct mapping *mapping;
	uint32_t prot;

	mutex__lock(&fx.process->aspace_lock);
	mapping = vmar__find_mapping(fx.process, addr);
	prot = mapping ? mapping->prot | 0x80 : 0;
	mutex__unlock(&fx.process->aspace_lock);
	return prot;
}

#define MAPPED(prot) (0x80u | (prot))

#endif
