/* Mapping as a program asks for it, for zx_vmar_map(), zx_vmar_map_clock(), zx_vmar_map_iob(). */
#ifndef COMPAT_CORE_VMAR_MAP_H
#define COMPAT_CORE_VMAR_MAP_H

#include "compat/core/vmar.h"

struct vmar_map_request {
	struct vmar *vmar;
	zx_rights_t vmar_rights;
	zx_vm_option_t options; /* as the program gave them */
	uint64_t vmar_offset;
	struct vmo *vmo;
	zx_rights_t vmo_rights;
	uint64_t vmo_offset;
	uint64_t len;
	bool stream; /* the VMO has a stream size, which faults may be wanted behind */
};

/* Results as zx_vmar_map() with the handles looked up. */
zx_status_t vmar_map__user(struct thread *self, const struct vmar_map_request *request,
			   user_addr_t mapped_addr);

#endif
