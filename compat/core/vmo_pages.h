/*
 * Where the pages of a VMO are: in its own memory, in a layer that it shares, or with the VMO that
 * it is a live clone of. For the VMO's own files: all under the object's lock, and all on VMOs with
 * pages (vmo__owner), not on windows.
 */
#ifndef COMPAT_CORE_VMO_PAGES_H
#define COMPAT_CORE_VMO_PAGES_H

#include "compat/core/layer.h"
#include "compat/core/vmo.h"

/* A run of pages that lie together. */
struct piece {
	struct vmo *holder; /* whose own memory it is; NULL: a layer's */
	int memory;         /* the host's id; -1: the holder has none yet, so these are zeros */
	uint64_t offset;    /* in the memory */
	uint64_t end;       /* of the piece, in the VMO */
	struct vmo *missing; /* whose pager has still to supply it, at @offset; no memory */
	bool trapped;        /* nobody writes it before pager__write_locked() */
};

/* The VMO whose pages @vmo shows: itself, unless it is a window. Moves *offset along. */
struct vmo *vmo__owner(struct vmo *vmo, uint64_t *offset);
/* The VMO that says how large @vmo and its content are: itself, unless it is a reference. */
static inline struct vmo *vmo__sized(struct vmo *vmo)
{
	return vmo->kind == VMO_REFERENCE ? vmo->source : vmo;
}

/* What @vmo shows at @offset, and how far: at most to @end. */
void vmo__piece_locked(struct vmo *vmo, uint64_t offset, uint64_t end, struct piece *out);
/* Makes sure that @vmo has memory of its own. */
zx_status_t vmo__need_memory_locked(struct vmo *vmo);
zx_status_t vmo__read_locked(struct vmo *vmo, void *data, uint64_t offset, size_t size);
zx_status_t vmo__write_locked(struct vmo *vmo, const void *data, uint64_t offset, size_t size);
/* Makes all pages that the range touches the VMO's own, with what they show. */
zx_status_t vmo__claim_locked(struct vmo *vmo, uint64_t offset, uint64_t size);
/* Frees the pages of a range of whole pages: zeros, or what a live clone's source has there. */
zx_status_t vmo__decommit_locked(struct vmo *vmo, uint64_t offset, uint64_t size);
/*
 * Makes bytes zero. Without @track they are no content, and their whole pages are nothing that a
 * pager would have to write back.
 */
zx_status_t vmo__zero_locked(struct vmo *vmo, uint64_t offset, uint64_t size, bool track);
/* What live clones show of @vmo behind @size is zero for them from now on. */
zx_status_t vmo__cut_viewers_locked(struct vmo *vmo, uint64_t size);
/* Clones that follow @vmo are to show what it gains up to @size; and mappings of them do so. */
zx_status_t vmo__grow_viewers_locked(struct vmo *vmo, uint64_t size);
void vmo__show_grown_locked(struct vmo *vmo, uint64_t old);
/* What lies behind @size is forgotten; the size is the caller's matter. */
zx_status_t vmo__cut_locked(struct vmo *vmo, uint64_t size);

#endif
