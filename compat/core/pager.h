/*
 * Pagers: programs that fill VMOs of theirs page by page. What such a VMO lacks are runs without a
 * layer (see layer.h); who needs them waits until a page request, a packet on the pager's port, is
 * answered. Sources of pages and their requests are under the lock of their VMO; a pager's lists
 * are under the pager's, which is taken after it.
 */
#ifndef COMPAT_CORE_PAGER_H
#define COMPAT_CORE_PAGER_H

#include "compat/core/list.h"
#include "compat/core/page_state.h"
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
	bool leaves_zeros;    /* detached, what is missing is zero in clones */
	bool tracks;          /* it is known which pages are dirty ... */
	bool traps;           /* ... and the pager is asked before one becomes that */
	bool modified;        /* since that was last forgotten; only then are pages mapped writable */
	struct page_ranges states; /* of pages that are there; without @tracks empty */
	struct list requests; /* struct page_request.node */
	struct port_packet complete;
};

extern const struct object_ops pager_ops;

/* NULL: no room. */
struct pager *pager__create(void);
/* @size is in bytes, @options ZX_VMO_*. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_NO_MEMORY. */
zx_status_t pager__create_vmo(const struct era_traits *era, struct pager *pager, struct port *port,
			      uint64_t key, uint64_t size, uint32_t options, struct vmo **out);
/* Was @vmo made with @pager? */
bool pager__owns(const struct pager *pager, const struct vmo *vmo);

/* --- on VMOs of pagers --- */

void pager__detach(struct vmo *vmo);
/*
 * Moves pages from @aux to where @vmo has none. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_BAD_STATE,
 * ZX_ERR_NOT_SUPPORTED (@aux is a pager's), ZX_ERR_NO_MEMORY.
 */
zx_status_t pager__supply(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
			  struct vmo *aux, uint64_t aux_offset);
/* Ends the requests that the range touches. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_BAD_STATE. */
zx_status_t pager__fail(struct vmo *vmo, uint64_t offset, uint64_t size, zx_status_t error);

/* --- on VMOs of pagers, where it is tracked which pages are dirty: pager_dirty.c --- */

/*
 * Lets the pages of a range be written. Errors: ZX_ERR_NOT_SUPPORTED (that is not asked for),
 * ZX_ERR_OUT_OF_RANGE, ZX_ERR_BAD_STATE, ZX_ERR_NOT_FOUND (one is missing), ZX_ERR_NO_MEMORY.
 */
zx_status_t pager__dirty(struct vmo *vmo, uint64_t offset, uint64_t size);
/*
 * What is dirty in the range is being written back (with @zeros: only what is still zero), and
 * has been. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_NOT_SUPPORTED (a VMO without tracking),
 * ZX_ERR_NO_MEMORY.
 */
zx_status_t pager__writeback_begin(struct vmo *vmo, uint64_t offset, uint64_t size, bool zeros);
zx_status_t pager__writeback_end(struct vmo *vmo, uint64_t offset, uint64_t size);
/*
 * The first dirty run in [offset, end); false: there is none. @out gets its first state, which
 * tells whether it is all zeros.
 */
bool pager__next_dirty(struct vmo *vmo, uint64_t offset, uint64_t end, struct page_range *out);
/* Was the VMO changed? With @reset that is forgotten. */
zx_status_t pager__modified(struct vmo *vmo, bool reset, bool *out);

/* --- on all VMOs --- */

/*
 * What needs pages that are missing, or may not be written yet, gives ZX_ERR_SHOULD_WAIT. Then
 * this waits, without any lock, until the pager has answered for those of the range, and is true:
 * it is to be tried again. Otherwise, and where they do not come, *status is the result.
 */
bool pager__again(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		  enum page_access access, zx_status_t *status);
/* The same where bytes are made zero: only of the outer pages something is left. */
bool pager__again_zero(struct thread *self, struct vmo *vmo, uint64_t offset, uint64_t size,
		       zx_status_t *status);

/* --- for the VMO's own files, under the VMO's lock --- */

/* Has a pager still to supply pages of [offset, end) of @vmo, one with pages? */
bool pager__missing_locked(struct vmo *vmo, uint64_t offset, uint64_t end);
/* Does it matter which pages of @vmo are dirty? */
bool pager__tracks(const struct vmo *vmo);
/* May the page at @offset not be written yet? *end, at most what it was, is where that changes. */
bool pager__trapped_locked(const struct page_source *source, uint64_t offset, uint64_t *end);
/*
 * Whole pages of @vmo, one with pages, none of them missing, are about to be written, or get memory
 * of their own. Errors: ZX_ERR_SHOULD_WAIT (the pager is to be asked), ZX_ERR_NO_MEMORY.
 */
zx_status_t pager__write_locked(struct vmo *vmo, uint64_t begin, uint64_t end);
zx_status_t pager__commit_locked(struct vmo *vmo, uint64_t begin, uint64_t end);
/* The same for a fault at @offset: of a VMO in many pieces pages around it become dirty, too. */
zx_status_t pager__write_fault_locked(struct vmo *vmo, uint64_t offset);
/* Must the pager be asked before the page at @offset, which is there, is accessed? */
bool pager__asks_locked(const struct vmo *vmo, uint64_t offset, enum page_access access);
/* Makes whole pages zero; with @track these are to be written back. */
zx_status_t pager__zero_locked(struct vmo *vmo, uint64_t begin, uint64_t end, bool track);
/* Is the page at @offset one of these? */
bool pager__is_zero_locked(const struct vmo *vmo, uint64_t offset);
/* The VMO, one with a source, changes its size. */
zx_status_t pager__cut_locked(struct vmo *vmo, uint64_t size);
zx_status_t pager__grow_locked(struct vmo *vmo, uint64_t size);
/* Clean pages of a detached VMO are of no use: who touches them finds out that nobody fills it. */
void pager__drop_clean_locked(struct vmo *vmo);
/* Pages of @vmo are missing no more: those who waited for them go on. */
void pager__arrived_locked(struct vmo *vmo);
/* @vmo is being destroyed. */
void pager__vmo_gone_locked(struct vmo *vmo);

#endif
