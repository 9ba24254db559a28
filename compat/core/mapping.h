/*
 * What of a mapping is mapped on the host: the VMO's pages, piece by piece where they lie in
 * several memories. Own pages are shown with the access that the mapping has, all others without
 * writing: a write to them is a fault, which makes them the VMO's own (mapping__fault).
 *
 * A mapping is in its VMO's list while the host shows it, so that whoever moves pages of the VMO
 * finds it: it enters the list under the VMO's lock with its first showing, and leaves it before
 * the host takes it down.
 */
#ifndef COMPAT_CORE_MAPPING_H
#define COMPAT_CORE_MAPPING_H

#include "compat/core/vmar.h"

struct process;
struct thread;

/* --- for vmar.c: under process.aspace_lock --- */

/*
 * Enters @mapping in its VMO's list, and has the host show it, where it has any access, in place
 * of whatever it shows there.
 */
zx_status_t mapping__attach(struct thread *caller, struct mapping *mapping);
/* The same after mapping__detach(); what the host does not show, a fault asks for again. */
void mapping__reattach(struct thread *caller, struct mapping *mapping);
/* Takes it off the list: the host may take it down. */
void mapping__detach(struct mapping *mapping);
/* Has the host show it with @prot, which becomes its access; 0 hides it. */
zx_status_t mapping__change(struct thread *caller, struct mapping *mapping, uint32_t prot);
/*
 * An access of @prot to @addr in @mapping failed on the host. Errors: ZX_ERR_ACCESS_DENIED,
 * ZX_ERR_OUT_OF_RANGE (behind the VMO's end), ZX_ERR_NO_MEMORY; else it may be tried again.
 */
zx_status_t mapping__fault(struct mapping *mapping, uint64_t addr, uint32_t prot);

/*
 * A debugger is going to write to the memory behind @mapping. Where the process could never do that
 * itself, @mapping gets a copy-on-write child of its VMO to show, so that nobody else sees it.
 * Errors: ZX_ERR_ACCESS_DENIED (the vDSO), ZX_ERR_NOT_SUPPORTED, ZX_ERR_BAD_STATE,
 * ZX_ERR_NO_MEMORY.
 */
zx_status_t mapping__make_private(struct thread *caller, struct mapping *mapping);

/* --- for the VMO's own files: under the VMO's lock --- */

/* Pages in [begin, end) of @vmo have moved: shows them anew wherever they are mapped. */
void mapping__refresh(struct vmo *vmo, uint64_t begin, uint64_t end);
/* Takes write access from all mappings of @vmo's own pages. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t mapping__freeze(struct vmo *vmo);

#endif
