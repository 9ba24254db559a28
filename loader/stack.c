#include "loader/stack.h"

#include <stdio.h>
#include <zircon/errors.h>
#include <zircon/vm_types.h>

#include "compat/core/host.h"
#include "compat/core/vmar.h"
#include "compat/core/vmo.h"

/* ZIRCON_DEFAULT_STACK_SIZE, launchpad's and process_builder's. */
#define DEFAULT_SIZE (256ull << 10)

/*
 * Fuchsia adds PTHREAD_STACK_MIN of its C library, 3072 bytes, to the message's size. Here calls
 * run on their caller's stack a part of their way, which Zircon's do not: room for that as well.
 */
#define INTERP_SIZE (32ull << 10)

/* More than half of an address space would fit nowhere; rounding must not wrap around. */
#define MAX_SIZE (1ull << 46)

static uint64_t page_up(uint64_t size)
{
	return (size + PAGE_SIZE - 1) & -PAGE_SIZE;
}

uint64_t stack__size_static(uint64_t wanted)
{
	if (!wanted)
		return DEFAULT_SIZE;
	return page_up(wanted < MAX_SIZE ? wanted : MAX_SIZE);
}

uint64_t stack__size_interp(uint64_t message_size)
{
	return page_up(message_size + ZX_CHANNEL_MAX_MSG_HANDLES * sizeof(zx_handle_t) +
		       INTERP_SIZE);
}

zx_status_t stack__create(struct thread *caller, struct vmar *root, uint64_t size,
			  struct vmo **out_vmo, uint64_t *out_sp)
{
	uint64_t base, addr;
	struct vmar *vmar;
	struct vmo *vmo;
	char name[ZX_MAX_NAME_LEN];
	zx_status_t status = vmo__create(size, false, &vmo);

	if (status != ZX_OK)
		return status;
	snprintf(name, sizeof(name), "stack: %#llx", (unsigned long long)size);
	vmo__set_name(vmo, name);
	status = vmar__allocate(root, ZX_VM_CAN_MAP_READ | ZX_VM_CAN_MAP_WRITE |
				ZX_VM_CAN_MAP_SPECIFIC, 0, size + PAGE_SIZE, &vmar, &base);
	if (status == ZX_OK) {
		status = vmar__map(caller, vmar, ZX_VM_SPECIFIC | ZX_VM_PERM_READ |
				   ZX_VM_PERM_WRITE, PAGE_SIZE, vmo,
				   HOST_PROT_READ | HOST_PROT_WRITE, 0, size, &addr);
		object__put(&vmar->object);
	}
	if (status != ZX_OK) {
		object__put(&vmo->object);
		return status;
	}
	*out_vmo = vmo;
	*out_sp = addr + size - 8;
	return ZX_OK;
}
