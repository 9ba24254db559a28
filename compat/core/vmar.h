/* VMARs and mappings: the tree that says what lies where in a process's address space. */
#ifndef COMPAT_CORE_VMAR_H
#define COMPAT_CORE_VMAR_H

#include "compat/core/object.h"
#include "compat/core/vmo.h"

struct process;

extern const struct object_ops vmar_ops;

/* Zircon's user address space, less the shim's range at its end. */
#define ASPACE_BASE 0x1000000ull
#define ASPACE_END 0x7fe000000000ull
/* The addresses of a guest's memory. */
#define GUEST_ASPACE_SIZE (1ull << 48)
/* Where the program's half of all addresses ends. */
#define USER_END 0x800000000000ull

/* A child of a VMAR: another VMAR or a mapping. */
struct region {
	struct vmar *parent; /* not referenced: a parent outlives its regions; NULL once destroyed */
	uint64_t base;
	uint64_t size;
	bool is_vmar;
};

struct vmar {
	struct object object;
	struct region region;
	struct process *process;   /* referenced */
	struct region **children;  /* sorted by base, without overlap; under process.aspace_lock */
	uint32_t count;
	uint32_t capacity;
	uint32_t flags; /* ZX_VM_CAN_MAP_* and ZX_VM_COMPACT, newest numbering */
	bool alive;
	uint64_t hint; /* where the search for room begins */
};

struct mapping {
	struct region region;
	struct process *process; /* not referenced: as long as a VMAR is alive, its process is */
	struct list vmo_node; /* under the VMO's lock, as what else the host must know of it */
	struct vmo *vmo; /* referenced */
	uint64_t vmo_offset;
	uint32_t prot;     /* HOST_PROT_* now */
	uint32_t max_prot; /* what protect may give it */
	bool private;      /* the VMO is its own: see mapping__make_private() */
};

zx_status_t vmar__create_root(struct process *process, struct vmar **out);
/* Forgets everything and marks the whole tree dead: the process has ended. */
void vmar__destroy_root(struct process *process);

/*
 * Maps @vmo into @vmar: at @offset in it where ZX_VM_SPECIFIC(_OVERWRITE) is among @options (ZX_VM_*,
 * newest numbering), else where there is room. @caller: the thread that asks. @vmo_prot: HOST_PROT_*
 * bits that the VMO handle's rights allow; what @options ask beyond it is ZX_ERR_ACCESS_DENIED.
 * Errors as zx_vmar_map in the newest system.
 */
zx_status_t vmar__map(struct thread *caller, struct vmar *vmar, uint32_t options, uint64_t offset,
		      struct vmo *vmo, uint32_t vmo_prot, uint64_t vmo_offset, uint64_t size,
		      uint64_t *out_addr);
/* A sub-VMAR; @options and errors as zx_vmar_allocate. The caller gets a reference in @out. */
zx_status_t vmar__allocate(struct vmar *vmar, uint32_t options, uint64_t offset, uint64_t size,
			   struct vmar **out, uint64_t *out_addr);
/*
 * Errors as zx_vmar_unmap and zx_vmar_protect; @addr is absolute, @options are ZX_VM_PERM_* bits.
 */
zx_status_t vmar__unmap(struct thread *caller, struct vmar *vmar, uint64_t addr, uint64_t size);
zx_status_t vmar__protect(struct thread *caller, struct vmar *vmar, uint32_t options, uint64_t addr,
			  uint64_t size);
/*
 * As zx_vmar_op_range: applies ZX_VMO_OP_* to what is mapped in [addr, addr + size). Errors:
 * ZX_ERR_BAD_STATE, ZX_ERR_INVALID_ARGS, ZX_ERR_OUT_OF_RANGE, ZX_ERR_ACCESS_DENIED, and the VMO's.
 */
zx_status_t vmar__op_range(struct vmar *vmar, uint32_t op, uint64_t addr, uint64_t size);
/*
 * Unmaps all below @vmar and takes it out of the tree. Errors: ZX_ERR_BAD_STATE (dead already),
 * ZX_ERR_ACCESS_DENIED (it holds the vDSO's code, which nothing removes).
 */
zx_status_t vmar__destroy(struct thread *caller, struct vmar *vmar);

/*
 * An access of @prot (one HOST_PROT_* bit) of a program to @addr failed on the host. ZX_OK: it may
 * be tried again. Errors: as mapping__fault(), and ZX_ERR_NOT_FOUND.
 */
zx_status_t vmar__fault(struct process *process, uint64_t addr, uint32_t prot);
/* The same for a thread that waits, without any lock, for pages that a pager has to supply. */
zx_status_t vmar__fault_in(struct thread *self, uint64_t addr, uint32_t prot);
/* pager__again() for the memory that is mapped at a range. */
bool vmar__again(struct thread *self, struct process *process, uint64_t addr, uint64_t size,
		 enum page_access access, zx_status_t *status);
/* The mapping that holds @addr, or NULL. Called with process.aspace_lock held. */
struct mapping *vmar__find_mapping(struct process *process, uint64_t addr);
/*
 * Calls @visit for @top and every region below it, parents first. Called with process.aspace_lock
 * held.
 */
void vmar__walk(struct vmar *top, uint32_t depth,
		void (*visit)(struct region *region, uint32_t depth, void *data), void *data);

#endif
