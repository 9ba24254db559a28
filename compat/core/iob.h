/*
 * I/O buffers: two ends that share regions of memory, and regions that several buffers share.
 *
 * Each end has a VMO of its own for each region, a reference to the region's, so that what an end
 * has mapped can be told. A mapping has one more reference, which keeps its end open like a handle.
 */
#ifndef COMPAT_CORE_IOB_H
#define COMPAT_CORE_IOB_H

#include <zircon/syscalls/iob.h>

#include "compat/core/handle.h"
#include "compat/core/object.h"
#include "compat/core/user.h"

struct vmo;

/* Memory that the buffers of many have in common: a page with a header, and a ring of messages. */
struct iob_shared {
	struct object object; /* its lock also guards the ring against other writers */
	struct vmo *vmo;      /* referenced; with ->shared */
};

struct iob_region {
	zx_iob_region_t config; /* as it was given, but for the size */
	zx_koid_t koid;
	struct vmo *vmo[2];        /* referenced; one for each end */
	void *memory;              /* where the core reaches it; NULL: nowhere */
	struct iob_shared *shared; /* referenced, or NULL */
};

/* What the two ends have in common. It does not change. */
struct iob_state {
	uint32_t refs;
	uint32_t count;
	struct iob_region regions[];
};

struct iob {
	struct object object;
	struct iob *peer; /* not referenced; NULL once it is gone; under the shared lock */
	struct iob_state *state;
	uint32_t end; /* 0 or 1 */
};

extern const struct object_ops iob_ops;
extern const struct object_ops iob_shared_ops;

/* Takes over @state, also on failure. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t iob__create(struct iob_state *state, struct iob **out0, struct iob **out1);
/* What this end may do with @region by itself: ZX_RIGHT_READ, _WRITE, and _MAP with either. */
zx_rights_t iob__map_rights(const struct iob *iob, const struct iob_region *region);
/* May this end have the system write @region? */
bool iob__may_write(const struct iob *iob, const struct iob_region *region);
/* A VMO over @region to map, whose life keeps the end open. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t iob__create_mappable(struct iob *iob, const struct iob_region *region,
				 struct vmo **out);
/* How many such VMOs of this end there are. */
uint32_t iob__mapped(struct iob *iob);
/* The record of ZX_INFO_IOB_REGIONS as this end sees it. */
void iob__region_info(const struct iob *iob, const struct iob_region *region,
		      zx_iob_region_info_t *out);
/* The name of the first region, and of all that are private; ZX_MAX_NAME_LEN bytes. */
void iob__get_name(const struct iob *iob, char *out);
void iob__set_name(struct iob *iob, const char *name);

/* iob_region.c: a state of @count regions, with one reference. Errors as zx_iob_create(). */
zx_status_t iob_state__create(struct thread *self, const zx_iob_region_t *configs, uint32_t count,
			      struct iob_state **out);
void iob_state__put(struct iob_state *state);

/*
 * iob_id.c: blobs in the @size bytes of @memory, which are zero at first. Errors:
 * ZX_ERR_IO_DATA_INTEGRITY, ZX_ERR_NO_MEMORY, ZX_ERR_INVALID_ARGS (address).
 */
void iob_id__init(void *memory, uint64_t size);
zx_status_t iob_id__allocate(struct thread *self, void *memory, uint64_t size, user_addr_t blob,
			     size_t blob_size, uint32_t *out_id);

/* iob_shared.c; @size is whole pages. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t iob_shared__create(uint64_t size, struct iob_shared **out);
/* Appends a message. Results as zx_iob_writev(). */
zx_status_t iob_shared__write(struct thread *self, struct iob_shared *shared, uint64_t tag,
			      user_addr_t vectors, size_t count);

#endif
