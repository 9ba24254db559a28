/* VMOs: memory that programs map, read and write; behind each stands memory of the host. */
#ifndef COMPAT_CORE_VMO_H
#define COMPAT_CORE_VMO_H

#include <zircon/limits.h>

#include "compat/core/handle.h"
#include "compat/core/object.h"

#define PAGE_SIZE 4096ull

/* Largest size of a VMO, as in Zircon's 64-bit kernels. */
#define VMO_MAX_SIZE (0xffffffffffffffffull - 0x1fffffull)
/* The largest size of a Linux file that is whole pages: that of an unbounded VMO. */
#define VMO_UNBOUNDED_SIZE 0x7ffffffffffff000ull

struct layer_use;
struct mapping;
struct page_source;

/*
 * [begin, end) of a VMO is not its own memory, but what @use says. NULL: what its source shows; in
 * one that a pager fills, pages that are missing.
 */
struct vmo_run {
	uint64_t begin;
	uint64_t end;
	struct layer_use *use;
};

struct vmo_runs {
	struct vmo_run *at; /* sorted, without overlap */
	uint32_t count;
	uint32_t capacity;
};

extern const struct object_ops vmo_ops;

/* What pages are wanted for, from a pager. */
enum page_access {
	PAGE_READS,
	PAGE_COMMITS, /* to have memory of their own */
	PAGE_WRITES,
};

enum vmo_kind {
	VMO_PLAIN,
	VMO_SNAPSHOT,
	VMO_LIVE, /* a clone that shows its parent's pages, as they are, until it is written to */
	VMO_SLICE,
	VMO_REFERENCE,
};

struct vmo {
	struct object object;
	struct vmo_account *account; /* of the process that made it; NULL: zxrun did */
	uint64_t size;        /* page-aligned, under the object's lock */
	uint64_t stream_size; /* content size in bytes, at most @size */
	bool resizable;
	bool executable;      /* created by vmo_replace_as_executable, or in an era without it */
	bool content_apart;   /* its eras: content begins empty and does not follow the size */
	bool sealed;          /* nobody may write it any more, whatever rights or mappings say */
	bool discardable;
	uint32_t lock_count;  /* of a discardable one */
	uint32_t cache_policy;
	int memory;           /* the host's id of its own pages; -1: none yet, or a window */
	struct vmo_runs runs; /* what it shows in place of own pages: see layer.h */
	uint64_t fault_end;   /* where the last write fault's copy ended, ... */
	uint64_t fault_size;  /* ... and how much it copied */
	struct page_source *pages; /* what fills it; NULL: nothing, or what fills its parent */
	bool paged;           /* it, or one that it descends from, is filled by a pager */
	struct vmo *source;   /* whose pages a window or live clone shows; kept by @parent */
	uint64_t source_offset; /* where this VMO begins in it */
	bool follows;         /* a live clone that also shows what its source gains later */
	struct list viewers;  /* windows and live clones, by @viewer, under the object's lock */
	struct list viewer;
	void *shared;         /* its memory as it is mapped on this side; NULL: is not */
	struct handle keeps;  /* kept open as long as this VMO lives; empty for most */
	struct vmo *parent;   /* referenced; NULL for a VMO that is no child */
	enum vmo_kind kind;
	uint32_t children;    /* living children, under the object's lock */
	uint32_t snapshots;   /* those of them that are snapshots */
	bool retired;         /* nothing but snapshots can reach it */
	struct list mappings; /* struct mapping.vmo_node, under the object's lock */
	char name[ZX_MAX_NAME_LEN];
};

/* @size is rounded up to pages. Errors: ZX_ERR_OUT_OF_RANGE, ZX_ERR_NO_MEMORY. */
zx_status_t vmo__create(uint64_t size, bool resizable, struct vmo **out);
/*
 * One whose memory the core itself reads and writes in place, at ->shared. @size is whole pages.
 * It is told by @koid, that of the object which it belongs to.
 */
zx_status_t vmo__create_shared(uint64_t size, zx_koid_t koid, struct vmo **out);
void vmo__set_name(struct vmo *vmo, const char *name);
/*
 * Copies between the VMO and core memory. Errors: ZX_ERR_OUT_OF_RANGE (not inside the size). Here
 * and below, what needs pages that a pager has still to supply is ZX_ERR_SHOULD_WAIT: see
 * pager__again().
 */
zx_status_t vmo__read(struct vmo *vmo, void *data, uint64_t offset, size_t size);
zx_status_t vmo__write(struct vmo *vmo, const void *data, uint64_t offset, size_t size);
zx_status_t vmo__set_size(struct vmo *vmo, uint64_t size);
uint64_t vmo__size(struct vmo *vmo);
uint64_t vmo__stream_size(struct vmo *vmo);
/*
 * Sets the content size; grows a resizable VMO where needed. ZX_ERR_SHOULD_WAIT: see
 * vmo__set_stream_size_wait().
 */
zx_status_t vmo__set_stream_size(struct vmo *vmo, uint64_t size);
/*
 * What [offset, offset + size) shows now; neither side's later writes reach the other. Pages are
 * shared until one side writes.
 */
zx_status_t vmo__create_snapshot(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
				 struct vmo **out);
/*
 * As vmo__create_snapshot(), but as clones were up to 2019-01: pages that the child has not
 * written go on showing what the parent has there.
 */
zx_status_t vmo__create_live(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
			     struct vmo **out);
/* The same, and what the parent gains by growing later it shows, too. */
zx_status_t vmo__create_following(struct vmo *parent, uint64_t offset, uint64_t size,
				  bool resizable, struct vmo **out);
/*
 * For a live clone as @parent: another live clone of what it shows, with the pages that it has
 * written, as they are now.
 */
zx_status_t vmo__create_sibling(struct vmo *parent, uint64_t offset, uint64_t size, bool resizable,
				struct vmo **out);
/* A window on [offset, offset + size) of @parent: both see each other's writes. */
zx_status_t vmo__create_slice(struct vmo *parent, uint64_t offset, uint64_t size, struct vmo **out);
/*
 * Another VMO over all of @parent's pages, with its sizes, but with rights and a name of its own.
 * Errors: ZX_ERR_NOT_SUPPORTED (@parent is a slice; @resizable, but @parent is not),
 * ZX_ERR_NO_MEMORY.
 */
zx_status_t vmo__create_reference(struct vmo *parent, bool resizable, struct vmo **out);
/*
 * ZX_VMO_OP_*; the range is in bytes. Errors as zx_vmo_op_range (rights are the caller's matter).
 */
zx_status_t vmo__op_range(struct vmo *vmo, uint32_t op, uint64_t offset, uint64_t size);
/*
 * The same as a program of @era may ask for it. ZX_VMO_OP_DECOMMIT may also give
 * ZX_ERR_NOT_SUPPORTED (it shares pages with a snapshot) and ZX_ERR_INVALID_ARGS (not whole pages),
 * ZX_VMO_OP_ZERO ZX_ERR_BAD_STATE (it is not cached).
 */
struct era_traits;
zx_status_t vmo__ranged_op(const struct era_traits *era, struct vmo *vmo, uint32_t op,
			   uint64_t offset, uint64_t size);
/*
 * Bytes of the VMO that have pages at present; those that it shares with others count for the one
 * that had them first.
 */
uint64_t vmo__committed(struct vmo *vmo);
/* All about the pages that a range shows, as far as it lies in the VMO. */
struct vmo_count;
void vmo__count(struct vmo *vmo, uint64_t offset, uint64_t size, struct vmo_count *count);
/*
 * The first run of pages in [from, end) that may hold something else than zeros, and that can be
 * read without waiting for a pager; false where there is none.
 */
bool vmo__next_data(struct vmo *vmo, uint64_t from, uint64_t end, uint64_t *begin, uint64_t *stop);
/* A reference that may be the last but for those of snapshots is about to be given up. */
void vmo__retire(struct vmo *vmo);
/* ZX_CACHE_POLICY_*; only before it is mapped: ZX_ERR_BAD_STATE otherwise. */
zx_status_t vmo__set_cache_policy(struct vmo *vmo, uint32_t policy);

/* --- for the VMO's own files --- */

/* Rounds up to pages. Errors: ZX_ERR_OUT_OF_RANGE. */
zx_status_t vmo__round_size(uint64_t size, uint64_t *out);
/* One without memory. NULL: no room. */
struct vmo *vmo__alloc(uint64_t size, uint64_t stream_size, bool resizable, enum vmo_kind kind);
/* Under the object's lock; @rounded is in whole pages. */
zx_status_t vmo__resize_locked(struct vmo *vmo, uint64_t rounded);

#endif
