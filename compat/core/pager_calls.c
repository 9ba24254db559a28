/* The calls on pagers. */
#include <core/calls.h>
#include <zircon/eras.h>
#include <zircon/syscalls/next.h>

#include "compat/core/core.h"
#include "compat/core/handle_out.h"
#include "compat/core/pager.h"
#include "compat/core/vmo_account.h"
#include "compat/core/vmo_pages.h"

static const struct era_traits *era_of(struct thread *self)
{
	return era__of(self->process->era);
}

zx_status_t sys_pager_create(struct thread *self, uint32_t options, user_addr_t out)
{
	zx_status_t status = ZX_OK;
	struct pager *pager;

	if (era_of(self)->policy_newest)
		status = policy__check(self, ZX_POL_NEW_PAGER_NEWEST);
	if (status != ZX_OK)
		return status;
	if (options)
		return ZX_ERR_INVALID_ARGS;
	pager = pager__create();
	if (!pager)
		return ZX_ERR_NO_MEMORY;
	return handle__make_out(self, &pager->object,
				era__default_rights(self->process->era, ZX_OBJ_TYPE_PAGER), out);
}

/* What a pager's handle must allow: nothing, before there were rights for it. */
static zx_rights_t pager_rights(struct thread *self, zx_rights_t rights)
{
	return era_of(self)->pager_newest ? rights : ZX_RIGHT_NONE;
}

static zx_rights_t vmo_rights(struct thread *self, zx_rights_t newest)
{
	if (era_of(self)->pager_2019)
		return ZX_RIGHTS_IO;
	return pager_rights(self, newest);
}

static zx_status_t check_options(const struct era_traits *era, uint32_t options)
{
	uint32_t known = ZX_VMO_RESIZABLE;

	if (era->pager_newest)
		known |= ZX_VMO_TRAP_DIRTY;
	return options & ~known ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

static zx_status_t make_vmo(struct thread *self, struct pager *pager, uint32_t options,
			    struct port *port, uint64_t key, uint64_t size, user_addr_t out)
{
	const struct era_traits *era = era_of(self);
	zx_rights_t rights = era__default_rights(self->process->era, ZX_OBJ_TYPE_VMO);
	zx_status_t status = check_options(era, options);
	struct vmo *vmo;

	if (status == ZX_OK)
		status = pager__create_vmo(era, pager, port, key, size, options, &vmo);
	if (status != ZX_OK)
		return status;
	vmo_account__charge(self->process->vmos, vmo);
	if (era->vm_rights_newest && options & ZX_VMO_RESIZABLE)
		rights |= ZX_RIGHT_RESIZE;
	return handle__make_out(self, &vmo->object, rights, out);
}

static zx_status_t create_vmo(struct thread *self, zx_handle_t pager_handle, uint32_t options,
			      zx_handle_t port_handle, uint64_t key, uint64_t size, user_addr_t out)
{
	struct pager *pager;
	struct port *port;
	zx_status_t status = handle__get(self, pager_handle, ZX_OBJ_TYPE_PAGER,
					 pager_rights(self, ZX_RIGHT_ATTACH_VMO), &pager);

	if (status != ZX_OK)
		return status;
	status = handle__get(self, port_handle, ZX_OBJ_TYPE_PORT, ZX_RIGHT_WRITE, &port);
	if (status == ZX_OK) {
		status = make_vmo(self, pager, options, port, key, size, out);
		object__put(&port->object);
	}
	object__put(&pager->object);
	return status;
}

zx_status_t sys_pager_create_vmo(struct thread *self, zx_handle_t pager, uint32_t options,
				 zx_handle_t port, uint64_t key, uint64_t size, user_addr_t out)
{
	zx_status_t status = ZX_OK;

	if (!era_of(self)->pager_2019)
		status = policy__check(self, ZX_POL_NEW_VMO);
	else if (options)
		status = ZX_ERR_INVALID_ARGS;
	return status == ZX_OK ? create_vmo(self, pager, options, port, key, size, out) : status;
}

zx_status_t sys_pager_create_vmo_2018_12(struct thread *self, zx_handle_t pager, zx_handle_t port,
					 uint64_t key, uint64_t size, uint32_t options,
					 user_addr_t out)
{
	return sys_pager_create_vmo(self, pager, options, port, key, size, out);
}

/* A pager, and a VMO that was made with it, both referenced. */
static zx_status_t get_both(struct thread *self, zx_handle_t pager_handle, zx_rights_t need,
			    zx_handle_t vmo_handle, zx_rights_t vmo_need, struct pager **pager,
			    struct vmo **vmo)
{
	zx_status_t status = handle__get(self, pager_handle, ZX_OBJ_TYPE_PAGER,
					 pager_rights(self, need), pager);

	if (status != ZX_OK)
		return status;
	status = handle__get(self, vmo_handle, ZX_OBJ_TYPE_VMO, vmo_rights(self, vmo_need), vmo);
	if (status == ZX_OK && !pager__owns(*pager, *vmo)) {
		object__put(&(*vmo)->object);
		status = ZX_ERR_INVALID_ARGS;
	}
	if (status != ZX_OK)
		object__put(&(*pager)->object);
	return status;
}

static void put_both(struct pager *pager, struct vmo *vmo)
{
	object__put(&vmo->object);
	object__put(&pager->object);
}

zx_status_t sys_pager_detach_vmo(struct thread *self, zx_handle_t pager_handle,
				 zx_handle_t vmo_handle)
{
	struct pager *pager;
	struct vmo *vmo;
	zx_status_t status = get_both(self, pager_handle, ZX_RIGHT_ATTACH_VMO | ZX_RIGHT_MANAGE_VMO,
				      vmo_handle, ZX_RIGHT_WRITE, &pager, &vmo);

	if (status != ZX_OK)
		return status;
	pager__detach(vmo);
	put_both(pager, vmo);
	return ZX_OK;
}

static bool aligned(uint64_t offsets)
{
	return !(offsets & (PAGE_SIZE - 1));
}

zx_status_t sys_pager_supply_pages(struct thread *self, zx_handle_t pager_handle,
				   zx_handle_t pager_vmo, uint64_t offset, uint64_t length,
				   zx_handle_t aux_vmo, uint64_t aux_offset)
{
	const struct era_traits *era = era_of(self);
	bool whole = aligned(offset | length | aux_offset);
	struct pager *pager;
	struct vmo *vmo;
	struct vmo *aux;
	zx_status_t status;

	/* In 2019 the pager came first. */
	if (!whole && !era->pager_2019)
		return ZX_ERR_INVALID_ARGS;
	status = get_both(self, pager_handle, ZX_RIGHT_MANAGE_VMO, pager_vmo, ZX_RIGHT_WRITE,
			  &pager, &vmo);
	if (status != ZX_OK)
		return status;
	status = whole ? handle__get(self, aux_vmo, ZX_OBJ_TYPE_VMO, ZX_RIGHTS_IO, &aux) :
			 ZX_ERR_INVALID_ARGS;
	if (status == ZX_OK) {
		status = pager__supply(self, vmo, offset, length, aux, aux_offset);
		object__put(&aux->object);
	}
	put_both(pager, vmo);
	return status;
}

/* What a pager may give as the reason of a failure. */
static bool is_failure(const struct era_traits *era, uint64_t data)
{
	switch ((int64_t)data) {
	case ZX_ERR_IO:
	case ZX_ERR_IO_DATA_INTEGRITY:
	case ZX_ERR_BAD_STATE:
		return true;
	case ZX_ERR_NO_SPACE:
	case ZX_ERR_BUFFER_TOO_SMALL:
		return era->pager_newest;
	default:
		return false;
	}
}

static zx_status_t op_range(const struct era_traits *era, uint32_t op, struct vmo *vmo,
			    uint64_t offset, uint64_t length, uint64_t data)
{
	if (op == ZX_PAGER_OP_FAIL)
		return is_failure(era, data) ? pager__fail(vmo, offset, length, (zx_status_t)data) :
					       ZX_ERR_INVALID_ARGS;
	if (!era->pager_newest || op < ZX_PAGER_OP_DIRTY || op > ZX_PAGER_OP_WRITEBACK_END)
		return ZX_ERR_NOT_SUPPORTED;
	if (op == ZX_PAGER_OP_WRITEBACK_BEGIN && data == ZX_VMO_DIRTY_RANGE_IS_ZERO)
		return pager__writeback_begin(vmo, offset, length, true);
	if (data)
		return ZX_ERR_INVALID_ARGS;
	switch (op) {
	case ZX_PAGER_OP_DIRTY:
		return pager__dirty(vmo, offset, length);
	case ZX_PAGER_OP_WRITEBACK_BEGIN:
		return pager__writeback_begin(vmo, offset, length, false);
	default:
		return pager__writeback_end(vmo, offset, length);
	}
}

zx_status_t sys_pager_op_range(struct thread *self, zx_handle_t pager_handle, uint32_t op,
			       zx_handle_t pager_vmo, uint64_t offset, uint64_t length,
			       uint64_t data)
{
	struct pager *pager;
	struct vmo *vmo;
	zx_status_t status;

	if (!aligned(offset | length))
		return ZX_ERR_INVALID_ARGS;
	status = get_both(self, pager_handle, ZX_RIGHT_MANAGE_VMO, pager_vmo, ZX_RIGHT_WRITE,
			  &pager, &vmo);
	if (status != ZX_OK)
		return status;
	status = op_range(era_of(self), op, vmo, offset, length, data);
	put_both(pager, vmo);
	return status;
}
