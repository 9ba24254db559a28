/*
 * Pages that several VMOs show, and which of them a VMO shows where. A layer is the memory that a
 * VMO had when a snapshot was taken of it: from then on nobody writes it. Each VMO that shows
 * pages of it has one use of it, and runs that say where. All under the VMOs' lock, which is one
 * for all that descend from the same VMO.
 */
#ifndef COMPAT_CORE_LAYER_H
#define COMPAT_CORE_LAYER_H

#include "compat/core/list.h"
#include "compat/core/vmo.h"

struct layer {
	int memory;       /* the host's id */
	struct list uses; /* struct layer_use.node, the VMO that wrote the pages first */
};

struct layer_use {
	struct layer *layer;
	struct vmo *vmo;
	uint64_t delta; /* offset in the VMO + delta = offset in the layer */
	uint32_t runs;  /* of the VMO that name it */
	struct list node;
	struct layer_use *copy; /* while a child is made: the child's */
};

/* How pages of a VMO count. */
struct vmo_count {
	uint64_t attributed; /* its own, and shared ones that no VMO before it shows */
	uint64_t alone;      /* that no other VMO shows */
	uint64_t scaled;     /* all, each divided by the number of VMOs that show it */
};

/* A layer of @memory and @vmo's use of it. NULL: no room. */
struct layer_use *layer__create(int memory, struct vmo *vmo);
/* Another use; it must get a run, or be dropped. NULL: no room. */
struct layer_use *layer__use(struct layer *layer, struct vmo *vmo, uint64_t delta);
/* Takes back a use that has no runs; the layer goes with its last one. */
void layer__drop(struct layer_use *use);
/* Takes the memory out of a layer that only @use uses, with all its runs. */
int layer__take(struct layer_use *use);
/* True where nobody but @use's VMO shows pages of the layer. */
bool layer__alone(const struct layer_use *use);
/* Adds what @vmo's runs in [begin, end) show of layers. */
void layer__count(const struct vmo *vmo, uint64_t begin, uint64_t end, struct vmo_count *count);

/* Index of the first run of @vmo that ends behind @offset; runs.count where there is none. */
uint32_t run__first_after(const struct vmo *vmo, uint64_t offset);
/* Makes sure that @more runs can be added without an allocation. */
bool run__reserve(struct vmo *vmo, uint32_t more);
/* Adds a run where there is none; room is reserved. */
void run__add(struct vmo *vmo, uint64_t begin, uint64_t end, struct layer_use *use);
/*
 * Takes [begin, end) out of the runs; room for one more is reserved. Pages of layers that nobody
 * shows any more are given back.
 */
void run__remove(struct vmo *vmo, uint64_t begin, uint64_t end);
/* Takes all out, and the array with it. */
void run__remove_all(struct vmo *vmo);

#endif
