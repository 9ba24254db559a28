/*
 * Pagers: programs that fill VMOs of theirs page by page. What such a VMO lacks are runs without a
 * layer (see layer.h); who needs them waits until a page request, a packet on the pager's port, is
 * answered. Sources of pages and their requests are under the lock of their VMO; a pager's lists
 * are under the pager's, which is taken after it.
 */
#ifndef COMPAT_CORE_PAGER_H
#define COMPAT_CORE_PAGER_H

#include "compat/core/list.h"
#include "compat/core/port.h"
#include "compat/core/vmo.h"

struct era_traits;

struct pager {
	struct object object;
	struct list sources; /* struct page_source.node of VMOs that live */
	struct list ended;   /* of VMOs that are gone, while their last packet waits on its port */
	bool closed;
};

/* Where the missing pages of a VMO come from. */
struct page_source {
	struct list node;
	struct pager *pager; /* referenced while the VMO lives */
	struct port *port;   /* referenced */
	struct vmo *vmo;
	uint64_t key;
	bool detached;
	bool fills_growth;    /* what the VMO grows by is missing, too, not zero */
	struct list requests; /* struct page_request.node */
	struct port_packet complete;
};

extern const struct object_ops pager_ops;

/* NULL: no room. */
struct pager *pager__create(void);
/* @size is in bytes. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_NO_MEMORY. */
zx_status_t pager__create_vmo(struct pager *pager, struct port *port, uint64_t key, uint64_t size,
			      bool resizable, bool fills_growth, struct vmo **out);
/* Was @vmo made with @pager? */
bool pager__owns(const struct pager *pager, const struct vmo *vmo);

/* --- on VMOs of pagers --- */

void pager__detach(struct vmo *vmo);
/*
 * Moves pages from @aux to where @vmo has none. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_BAD_STATE,
 * ZX_ERR_NO_MEMORY.
 */
zx_status_t pager__supply(const struct era_traits *era, struct vmo *vmo, uint64_t offset,
			  uint64_t size, struct vmo *aux, uint64_t aux_offset);
/* Ends the requests that the range touches. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_BAD_STATE. */
zx_status_t pager__fail(struct vmo *vmo, uint64_t offset, uint64_t size, zx_status_t error);

/* --- on all VMOs --- */

/*
 * What needs pages that are missing gives ZX_ERR_SHOULD_WAIT. Then this waits, without any lock,
 * until those of the range are there, and is true: it is to be tried again. Otherwise, and where
 * they do not come, *status is the result.
 */
bool pager__again(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		  zx_status_t *status);

/* --- for the VMO's own files, under the VMO's lock --- */

/* Has a pager still to supply pages of [offset, end) of @vmo, one with pages? */
bool pager__missing_locked(struct vmo *vmo, uint64_t offset, uint64_t end);
/* Pages of @vmo are missing no more: those who waited for them go on. */
void pager__arrived_locked(struct vmo *vmo);
/* @vmo is being destroyed. */
void pager__vmo_gone_locked(struct vmo *vmo);

#endif
