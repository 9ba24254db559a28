/*
 * I/O buffers (newest): memory shared by two endpoints, in regions, each with its own rule of
 * who may do what. What is marked unstable belongs to upstream's unpublished interface.
 */
#ifndef ZIRCON_SYSCALLS_IOB_H_
#define ZIRCON_SYSCALLS_IOB_H_

#include <zircon/types.h>

__BEGIN_CDECLS

#define ZX_IOB_MAX_REGIONS	64

/* How a region's memory is laid out */
typedef uint64_t zx_iob_discipline_type_t;

#define ZX_IOB_DISCIPLINE_TYPE_NONE		((zx_iob_discipline_type_t)0u)	/* bytes */
#define ZX_IOB_DISCIPLINE_TYPE_ID_ALLOCATOR	((zx_iob_discipline_type_t)1u)	/* unstable */
/* unstable */
#define ZX_IOB_DISCIPLINE_TYPE_MEDIATED_WRITE_RING_BUFFER	((zx_iob_discipline_type_t)2u)

typedef struct zx_iob_discipline_mediated_write_ring_buffer {
	uint64_t tag;
	uint64_t reserved[7];
} zx_iob_discipline_mediated_write_ring_buffer_t;

typedef struct zx_iob_discipline {
	zx_iob_discipline_type_t type;
	__ZX_EXTENSION union {
		zx_iob_discipline_mediated_write_ring_buffer_t ring_buffer;
		uint64_t reserved[8];
	};
} zx_iob_discipline_t;

/* Where a region's memory comes from */
typedef uint32_t zx_iob_region_type_t;

#define ZX_IOB_REGION_TYPE_PRIVATE	((zx_iob_region_type_t)0u)	/* its own */
#define ZX_IOB_REGION_TYPE_SHARED	((zx_iob_region_type_t)1u)	/* unstable: an object's */

/* What each endpoint may do: map it, or have the system touch it */
typedef uint32_t zx_iob_access_t;

#define ZX_IOB_ACCESS_EP0_CAN_MAP_READ		((zx_iob_access_t)(1u << 0))
#define ZX_IOB_ACCESS_EP0_CAN_MAP_WRITE		((zx_iob_access_t)(1u << 1))
#define ZX_IOB_ACCESS_EP0_CAN_MEDIATED_READ	((zx_iob_access_t)(1u << 2))
#define ZX_IOB_ACCESS_EP0_CAN_MEDIATED_WRITE	((zx_iob_access_t)(1u << 3))
#define ZX_IOB_ACCESS_EP1_CAN_MAP_READ		((zx_iob_access_t)(1u << 4))
#define ZX_IOB_ACCESS_EP1_CAN_MAP_WRITE		((zx_iob_access_t)(1u << 5))
#define ZX_IOB_ACCESS_EP1_CAN_MEDIATED_READ	((zx_iob_access_t)(1u << 6))
#define ZX_IOB_ACCESS_EP1_CAN_MEDIATED_WRITE	((zx_iob_access_t)(1u << 7))

typedef struct zx_iob_region_private {
	uint32_t options;
	uint32_t padding1;
	uint64_t padding2[3];
} zx_iob_region_private_t;

typedef struct zx_iob_region_shared {
	uint32_t options;
	zx_handle_t shared_region;
	uint64_t padding[3];
} zx_iob_region_shared_t;

typedef struct zx_iob_region {
	zx_iob_region_type_t type;
	zx_iob_access_t access;
	uint64_t size;		/* bytes */
	zx_iob_discipline_t discipline;
	__ZX_EXTENSION union {
		zx_iob_region_private_t private_region;
		zx_iob_region_shared_t shared_region;
		uint8_t max_extension[32];
	};
} zx_iob_region_t;

typedef uint64_t zx_iob_write_options_t;
typedef uint32_t zx_iob_allocate_id_options_t;	/* unstable */

#define ZX_IOB_SHARED_REGION_UPDATED	__ZX_OBJECT_SIGNALED	/* unstable */

/* The topic ZX_INFO_IOB */
typedef struct zx_info_iob {
	uint64_t options;	/* those of its creation */
	uint32_t region_count;
	uint8_t padding1[4];
} zx_info_iob_t;

/* The topic ZX_INFO_IOB_REGIONS; endpoint 0 is the one that asks */
typedef struct zx_iob_region_info {
	zx_iob_region_t region;
	zx_koid_t koid;		/* of the memory */
} zx_iob_region_info_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_IOB_H_ */
