/* Who maps a VMO: numbers for the topics of zx_object_get_info. */
#ifndef COMPAT_CORE_VMO_SHARE_H
#define COMPAT_CORE_VMO_SHARE_H

#include <stdint.h>

struct vmo;

/* Mappings of @vmo. Called with its lock held. */
uint32_t vmo_share__mappings_locked(struct vmo *vmo);
/* Address spaces that it is mapped in; 1 where there are none. Called with its lock held. */
uint32_t vmo_share__count_locked(struct vmo *vmo);

#endif
