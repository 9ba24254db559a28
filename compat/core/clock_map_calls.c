/* Clocks whose state programs map, to read it without a call. */
#include <core/calls.h>
#include <zxabi/clock.h>

#include "compat/core/clock.h"
#include "compat/core/core.h"
#include "compat/core/info.h"
#include "compat/core/vmar_map.h"

/* What cannot be asked for, whatever the rights. */
#define NEVER (ZX_VM_PERM_WRITE | ZX_VM_PERM_EXECUTE | ZX_VM_PERM_READ_IF_XOM_UNSUPPORTED)

/* Maps the state of @clock, which is mappable, with what @clock_rights allow. */
static zx_status_t map_clock(struct thread *self, zx_handle_t vmar, zx_vm_option_t options,
			     size_t vmar_offset, struct clock *clock, zx_rights_t clock_rights,
			     user_addr_t mapped_addr)
{
	struct vmar_map_request request = {
		.options = options,
		.vmar_offset = vmar_offset,
		.vmo = clock->vmo,
		.vmo_rights = clock_rights & (ZX_RIGHT_READ | ZX_RIGHT_MAP),
		.len = ZXABI_CLOCK_SIZE,
	};
	zx_status_t status;

	status = handle__get_rights(self, vmar, ZX_OBJ_TYPE_VMAR, ZX_RIGHT_NONE, &request.vmar,
				    &request.vmar_rights);
	if (status != ZX_OK)
		return status;
	status = vmar_map__user(self, &request, mapped_addr);
	object__put(&request.vmar->object);
	return status;
}

zx_status_t sys_vmar_map_clock(struct thread *self, zx_handle_t handle, zx_vm_option_t options,
			       size_t vmar_offset, zx_handle_t clock_handle, size_t len,
			       user_addr_t mapped_addr)
{
	struct clock *clock;
	zx_rights_t rights;
	zx_status_t status;

	if (options & NEVER || len != ZXABI_CLOCK_SIZE)
		return ZX_ERR_INVALID_ARGS;
	status = handle__get_rights(self, clock_handle, ZX_OBJ_TYPE_CLOCK, ZX_RIGHT_NONE, &clock,
				    &rights);
	if (status != ZX_OK)
		return status;
	if (clock->vmo)
		status = map_clock(self, handle, options, vmar_offset, clock, rights, mapped_addr);
	else
		status = ZX_ERR_INVALID_ARGS;
	object__put(&clock->object);
	return status;
}

zx_status_t info__clock_mapped_size(const struct info_request *request)
{
	const uint64_t size = ZXABI_CLOCK_SIZE;
	struct clock *clock;
	bool mappable;
	zx_status_t status;

	status = info__get(request, ZX_OBJ_TYPE_CLOCK, ZX_RIGHT_INSPECT, &clock);
	if (status != ZX_OK)
		return status;
	mappable = clock->vmo;
	object__put(&clock->object);
	return mappable ? info__single(request, &size, sizeof(size)) : ZX_ERR_INVALID_ARGS;
}
