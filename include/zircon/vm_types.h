/*
 * The part of <zircon/types.h> that is about memory objects, address regions and pagers;
 * include that header, not this one.
 */
#ifndef ZIRCON_VM_TYPES_H_
#define ZIRCON_VM_TYPES_H_

#include <zircon/types.h>

__BEGIN_CDECLS

/* zx_vmo_create. Bit 0 said "not resizable" in 2018: see <zircon/eras.h>. */
#define ZX_VMO_RESIZABLE		((uint32_t)1u << 1)
#define ZX_VMO_DISCARDABLE		((uint32_t)1u << 2)
#define ZX_VMO_TRAP_DIRTY		((uint32_t)1u << 3)
#define ZX_VMO_UNBOUNDED		((uint32_t)1u << 4)

/* zx_vmo_op_range */
#define ZX_VMO_OP_COMMIT		((uint32_t)1u)
#define ZX_VMO_OP_DECOMMIT		((uint32_t)2u)
#define ZX_VMO_OP_LOCK			((uint32_t)3u)
#define ZX_VMO_OP_UNLOCK		((uint32_t)4u)
#define ZX_VMO_OP_CACHE_SYNC		((uint32_t)6u)
#define ZX_VMO_OP_CACHE_INVALIDATE	((uint32_t)7u)
#define ZX_VMO_OP_CACHE_CLEAN		((uint32_t)8u)
#define ZX_VMO_OP_CACHE_CLEAN_INVALIDATE	((uint32_t)9u)
#define ZX_VMO_OP_ZERO			((uint32_t)10u)
#define ZX_VMO_OP_TRY_LOCK		((uint32_t)11u)
#define ZX_VMO_OP_DONT_NEED		((uint32_t)12u)
#define ZX_VMO_OP_ALWAYS_NEED		((uint32_t)13u)
#define ZX_VMO_OP_PREFETCH		((uint32_t)14u)

/* What ZX_VMO_OP_LOCK writes to its buffer; all in bytes */
typedef struct zx_vmo_lock_state {
	uint64_t offset;		/* of the range locked */
	uint64_t size;
	uint64_t discarded_offset;	/* of the part that lost its contents; both 0: none */
	uint64_t discarded_size;
} zx_vmo_lock_state_t;

/* zx_vmar_op_range: the numbers of the operations on VMOs, as far as both exist */
#define ZX_VMAR_OP_COMMIT		((uint32_t)1u)
#define ZX_VMAR_OP_DECOMMIT		((uint32_t)2u)
#define ZX_VMAR_OP_MAP_RANGE		((uint32_t)3u)
#define ZX_VMAR_OP_ZERO			((uint32_t)10u)
#define ZX_VMAR_OP_DONT_NEED		((uint32_t)12u)
#define ZX_VMAR_OP_ALWAYS_NEED		((uint32_t)13u)
#define ZX_VMAR_OP_PREFETCH		((uint32_t)14u)

/* zx_vmo_create_child */
#define ZX_VMO_CHILD_SNAPSHOT			((uint32_t)1u << 0)
#define ZX_VMO_CHILD_RESIZABLE			((uint32_t)1u << 2)
#define ZX_VMO_CHILD_SLICE			((uint32_t)1u << 3)
#define ZX_VMO_CHILD_SNAPSHOT_AT_LEAST_ON_WRITE	((uint32_t)1u << 4)
#define ZX_VMO_CHILD_NO_WRITE			((uint32_t)1u << 5)
#define ZX_VMO_CHILD_REFERENCE			((uint32_t)1u << 6)
#define ZX_VMO_CHILD_SNAPSHOT_MODIFIED		((uint32_t)1u << 7)
/* Earlier names of bit 4 */
#define ZX_VMO_CLONE_COPY_ON_WRITE		((uint32_t)1u << 4)
#define ZX_VMO_CHILD_COPY_ON_WRITE		((uint32_t)1u << 4)
#define ZX_VMO_CHILD_PRIVATE_PAGER_COPY		((uint32_t)1u << 4)

/* Cache policies of zx_vmo_set_cache_policy */
#define ZX_CACHE_POLICY_CACHED		((uint32_t)0u)
#define ZX_CACHE_POLICY_UNCACHED	((uint32_t)1u)
#define ZX_CACHE_POLICY_UNCACHED_DEVICE	((uint32_t)2u)
#define ZX_CACHE_POLICY_WRITE_COMBINING	((uint32_t)3u)
#define ZX_CACHE_POLICY_MASK		((uint32_t)3u)

/* zx_cache_flush */
#define ZX_CACHE_FLUSH_INSN		((uint32_t)1u << 0)
#define ZX_CACHE_FLUSH_DATA		((uint32_t)1u << 1)
#define ZX_CACHE_FLUSH_INVALIDATE	((uint32_t)1u << 2)

/* Pagers: zx_pager_op_range */
#define ZX_PAGER_OP_FAIL		((uint32_t)1u)
#define ZX_PAGER_OP_DIRTY		((uint32_t)2u)
#define ZX_PAGER_OP_WRITEBACK_BEGIN	((uint32_t)3u)
#define ZX_PAGER_OP_WRITEBACK_END	((uint32_t)4u)

/* zx_pager_query_vmo_stats: the option, the answer, and a value of it */
#define ZX_PAGER_RESET_VMO_STATS	((uint32_t)1u)

typedef struct zx_pager_vmo_stats {
	uint32_t modified;
} zx_pager_vmo_stats_t;

#define ZX_PAGER_VMO_STATS_MODIFIED	((uint32_t)1u)

/* Address regions: zx_vmar_allocate, zx_vmar_map, zx_vmar_protect */
typedef uint32_t zx_vm_option_t;

#define ZX_VM_PERM_READ			((zx_vm_option_t)(1u << 0))
#define ZX_VM_PERM_WRITE		((zx_vm_option_t)(1u << 1))
#define ZX_VM_PERM_EXECUTE		((zx_vm_option_t)(1u << 2))
#define ZX_VM_COMPACT			((zx_vm_option_t)(1u << 3))
#define ZX_VM_SPECIFIC			((zx_vm_option_t)(1u << 4))
#define ZX_VM_SPECIFIC_OVERWRITE	((zx_vm_option_t)(1u << 5))
#define ZX_VM_CAN_MAP_SPECIFIC		((zx_vm_option_t)(1u << 6))
#define ZX_VM_CAN_MAP_READ		((zx_vm_option_t)(1u << 7))
#define ZX_VM_CAN_MAP_WRITE		((zx_vm_option_t)(1u << 8))
#define ZX_VM_CAN_MAP_EXECUTE		((zx_vm_option_t)(1u << 9))
#define ZX_VM_MAP_RANGE			((zx_vm_option_t)(1u << 10))
#define ZX_VM_REQUIRE_NON_RESIZABLE	((zx_vm_option_t)(1u << 11))
#define ZX_VM_ALLOW_FAULTS		((zx_vm_option_t)(1u << 12))
#define ZX_VM_OFFSET_IS_UPPER_LIMIT	((zx_vm_option_t)(1u << 13))
#define ZX_VM_PERM_READ_IF_XOM_UNSUPPORTED	((zx_vm_option_t)(1u << 14))
#define ZX_VM_FAULT_BEYOND_STREAM_SIZE	((zx_vm_option_t)(1u << 15))

/* Alignment asked for: its base-2 logarithm in the top byte */
#define ZX_VM_ALIGN_BASE		24
#define ZX_VM_ALIGN_1KB			((zx_vm_option_t)(10u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_2KB			((zx_vm_option_t)(11u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_4KB			((zx_vm_option_t)(12u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_8KB			((zx_vm_option_t)(13u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_16KB		((zx_vm_option_t)(14u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_32KB		((zx_vm_option_t)(15u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_64KB		((zx_vm_option_t)(16u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_128KB		((zx_vm_option_t)(17u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_256KB		((zx_vm_option_t)(18u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_512KB		((zx_vm_option_t)(19u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_1MB			((zx_vm_option_t)(20u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_2MB			((zx_vm_option_t)(21u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_4MB			((zx_vm_option_t)(22u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_8MB			((zx_vm_option_t)(23u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_16MB		((zx_vm_option_t)(24u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_32MB		((zx_vm_option_t)(25u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_64MB		((zx_vm_option_t)(26u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_128MB		((zx_vm_option_t)(27u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_256MB		((zx_vm_option_t)(28u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_512MB		((zx_vm_option_t)(29u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_1GB			((zx_vm_option_t)(30u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_2GB			((zx_vm_option_t)(31u << ZX_VM_ALIGN_BASE))
#define ZX_VM_ALIGN_4GB			((zx_vm_option_t)(32u << ZX_VM_ALIGN_BASE))

/* Earlier names of the options */
#define ZX_VM_FLAG_PERM_READ		((uint32_t)1u << 0)
#define ZX_VM_FLAG_PERM_WRITE		((uint32_t)1u << 1)
#define ZX_VM_FLAG_PERM_EXECUTE		((uint32_t)1u << 2)
#define ZX_VM_FLAG_COMPACT		((uint32_t)1u << 3)
#define ZX_VM_FLAG_SPECIFIC		((uint32_t)1u << 4)
#define ZX_VM_FLAG_SPECIFIC_OVERWRITE	((uint32_t)1u << 5)
#define ZX_VM_FLAG_CAN_MAP_SPECIFIC	((uint32_t)1u << 6)
#define ZX_VM_FLAG_CAN_MAP_READ		((uint32_t)1u << 7)
#define ZX_VM_FLAG_CAN_MAP_WRITE	((uint32_t)1u << 8)
#define ZX_VM_FLAG_CAN_MAP_EXECUTE	((uint32_t)1u << 9)
#define ZX_VM_FLAG_MAP_RANGE		((uint32_t)1u << 10)
#define ZX_VM_FLAG_REQUIRE_NON_RESIZABLE	((uint32_t)1u << 11)

__END_CDECLS

#endif /* ZIRCON_VM_TYPES_H_ */
