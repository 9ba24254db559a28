/*
 * The part of <zircon/eras.h> that is about zx_object_get_info: topics by version, and every form
 * of a structure that is not that of <zircon/syscalls/object.h>. Include that header, not this.
 *
 * Topics without a version changed too. A caller of such a topic tells by the size of its buffer
 * which form it knows; where years give the same size, by the year.
 */
#ifndef ZIRCON_ERAS_INFO_H_
#define ZIRCON_ERAS_INFO_H_

#include <zircon/syscalls/object.h>

__BEGIN_CDECLS

/* -------- Topics with a version; version 1 is that of 2020-07, and of all years before -------- */

#define ZX_INFO_PROCESS_V1		__ZX_INFO_TOPIC(3u, 0u)
#define ZX_INFO_PROCESS_V2		__ZX_INFO_TOPIC(3u, 1u)
#define ZX_INFO_TASK_STATS_V1		__ZX_INFO_TOPIC(12u, 0u)
#define ZX_INFO_TASK_STATS_V2		__ZX_INFO_TOPIC(12u, 1u)
#define ZX_INFO_PROCESS_MAPS_V1		__ZX_INFO_TOPIC(13u, 0u)
#define ZX_INFO_PROCESS_MAPS_V2		__ZX_INFO_TOPIC(13u, 1u)
#define ZX_INFO_PROCESS_MAPS_V3		__ZX_INFO_TOPIC(13u, 2u)
#define ZX_INFO_PROCESS_VMOS_V1		__ZX_INFO_TOPIC(14u, 0u)
#define ZX_INFO_PROCESS_VMOS_V2		__ZX_INFO_TOPIC(14u, 1u)	/* from 2021-01 */
#define ZX_INFO_PROCESS_VMOS_V3		__ZX_INFO_TOPIC(14u, 2u)
#define ZX_INFO_PROCESS_VMOS_V4		__ZX_INFO_TOPIC(14u, 3u)
#define ZX_INFO_KMEM_STATS_V1		__ZX_INFO_TOPIC(17u, 0u)
#define ZX_INFO_KMEM_STATS_V2		__ZX_INFO_TOPIC(17u, 1u)
#define ZX_INFO_VMO_V1			__ZX_INFO_TOPIC(23u, 0u)
#define ZX_INFO_VMO_V2			__ZX_INFO_TOPIC(23u, 1u)	/* from 2021-01 */
#define ZX_INFO_VMO_V3			__ZX_INFO_TOPIC(23u, 2u)
#define ZX_INFO_VMO_V4			__ZX_INFO_TOPIC(23u, 3u)
#define ZX_INFO_TASK_RUNTIME_V1		__ZX_INFO_TOPIC(30u, 0u)
#define ZX_INFO_TASK_RUNTIME_V2		__ZX_INFO_TOPIC(30u, 1u)

/* -------- Tasks -------- */

typedef struct zx_info_process zx_info_process_v1_t;

typedef uint32_t zx_info_process_flags_t;

#define ZX_INFO_PROCESS_FLAG_STARTED		((zx_info_process_flags_t)(1u << 0))
#define ZX_INFO_PROCESS_FLAG_EXITED		((zx_info_process_flags_t)(1u << 1))
#define ZX_INFO_PROCESS_FLAG_DEBUGGER_ATTACHED	((zx_info_process_flags_t)(1u << 2))

typedef struct zx_info_process_v2 {
	int64_t return_code;
	zx_instant_mono_t start_time;
	zx_info_process_flags_t flags;
	uint8_t padding1[4];
} zx_info_process_v2_t;

typedef struct zx_info_thread_2018 {
	zx_thread_state_t state;
	uint32_t wait_exception_port_type;
} zx_info_thread_2018_t;

typedef struct zx_info_thread_stats_2018 {
	zx_duration_t total_runtime;
} zx_info_thread_stats_2018_t;

typedef struct zx_info_task_stats zx_info_task_stats_v1_t;

typedef struct zx_info_task_stats_v2 {
	size_t mem_mapped_bytes;
	size_t mem_private_bytes;
	size_t mem_shared_bytes;
	size_t mem_scaled_shared_bytes;
	uint64_t mem_fractional_scaled_shared_bytes;	/* in units of 2^-63 bytes */
} zx_info_task_stats_v2_t;

typedef struct zx_info_task_runtime zx_info_task_runtime_v1_t;

typedef struct zx_info_task_runtime_v2 {
	zx_duration_mono_t cpu_time;
	zx_duration_mono_t queue_time;
	zx_duration_mono_t page_fault_time;
	zx_duration_mono_t lock_contention_time;
} zx_info_task_runtime_v2_t;

/* -------- Mappings -------- */

typedef struct zx_info_maps_mapping_201807 {
	uint32_t mmu_flags;
	uint8_t padding1[4];
	zx_koid_t vmo_koid;
	size_t committed_pages;
} zx_info_maps_mapping_201807_t;

typedef struct zx_info_maps_201807 {
	char name[ZX_MAX_NAME_LEN];
	zx_vaddr_t base;
	size_t size;
	size_t depth;
	zx_info_maps_type_t type;
	uint8_t padding1[4];
	union {
		zx_info_maps_mapping_201807_t mapping;
	} u;
} zx_info_maps_201807_t;

typedef struct zx_info_maps_mapping zx_info_maps_mapping_v1_t;
typedef struct zx_info_maps zx_info_maps_v1_t;

typedef struct zx_info_maps_mapping_v2 {
	zx_vm_option_t mmu_flags;
	uint8_t padding1[4];
	zx_koid_t vmo_koid;
	uint64_t vmo_offset;
	size_t committed_pages;
	size_t populated_pages;
} zx_info_maps_mapping_v2_t;

typedef struct zx_info_maps_v2 {
	char name[ZX_MAX_NAME_LEN];
	zx_vaddr_t base;
	size_t size;
	size_t depth;
	zx_info_maps_type_t type;
	uint8_t padding1[4];
	union {
		zx_info_maps_mapping_v2_t mapping;
	} u;
} zx_info_maps_v2_t;

/* "scaled" counts a byte shared by n as 1/n; what that leaves over is in units of 2^-63 bytes. */
typedef struct zx_info_maps_mapping_v3 {
	zx_vm_option_t mmu_flags;
	uint8_t padding1[4];
	zx_koid_t vmo_koid;
	uint64_t vmo_offset;
	size_t committed_bytes;
	size_t populated_bytes;
	size_t committed_private_bytes;
	size_t populated_private_bytes;
	size_t committed_scaled_bytes;
	size_t populated_scaled_bytes;
	uint64_t committed_fractional_scaled_bytes;
	uint64_t populated_fractional_scaled_bytes;
} zx_info_maps_mapping_v3_t;

typedef struct zx_info_maps_v3 {
	char name[ZX_MAX_NAME_LEN];
	zx_vaddr_t base;
	size_t size;
	size_t depth;
	zx_info_maps_type_t type;
	uint8_t padding1[4];
	union {
		zx_info_maps_mapping_v3_t mapping;
	} u;
} zx_info_maps_v3_t;

/* -------- VMOs -------- */

/* 2018-07 has the form of version 1 with padding in the place of cache_policy. */
typedef struct zx_info_vmo zx_info_vmo_v1_t;

/* 2018-10 to 2019-01 */
typedef struct zx_info_vmo_2018 {
	zx_koid_t koid;
	char name[ZX_MAX_NAME_LEN];
	uint64_t size_bytes;
	zx_koid_t parent_koid;
	size_t num_children;
	size_t num_mappings;
	size_t share_count;
	uint32_t flags;
	uint8_t padding1[4];
	uint64_t committed_bytes;
	zx_rights_t handle_rights;
	uint32_t create_options;	/* bit 0: resizable; bit 1: contiguous */
	uint32_t cache_policy;
	uint8_t padding2[4];
} zx_info_vmo_2018_t;

typedef struct zx_info_vmo_v2 {
	zx_koid_t koid;
	char name[ZX_MAX_NAME_LEN];
	uint64_t size_bytes;
	zx_koid_t parent_koid;
	size_t num_children;
	size_t num_mappings;
	size_t share_count;
	uint32_t flags;
	uint8_t padding1[4];
	uint64_t committed_bytes;
	zx_rights_t handle_rights;
	uint32_t cache_policy;
	uint64_t metadata_bytes;		/* of bookkeeping, not in committed_bytes */
	uint64_t committed_change_events;	/* changes of committed_bytes nobody asked for */
} zx_info_vmo_v2_t;

typedef struct zx_info_vmo_v3 {
	zx_koid_t koid;
	char name[ZX_MAX_NAME_LEN];
	uint64_t size_bytes;
	zx_koid_t parent_koid;
	size_t num_children;
	size_t num_mappings;
	size_t share_count;
	uint32_t flags;
	uint8_t padding1[4];
	uint64_t committed_bytes;
	zx_rights_t handle_rights;
	uint32_t cache_policy;
	uint64_t metadata_bytes;
	uint64_t committed_change_events;
	uint64_t populated_bytes;		/* committed, or held in some other way */
} zx_info_vmo_v3_t;

typedef struct zx_info_vmo_v4 {
	zx_koid_t koid;
	char name[ZX_MAX_NAME_LEN];
	uint64_t size_bytes;
	zx_koid_t parent_koid;
	size_t num_children;
	size_t num_mappings;
	size_t share_count;
	uint32_t flags;
	uint8_t padding1[4];
	uint64_t committed_bytes;
	zx_rights_t handle_rights;
	uint32_t cache_policy;
	uint64_t metadata_bytes;
	uint64_t committed_change_events;
	uint64_t populated_bytes;
	uint64_t committed_private_bytes;
	uint64_t populated_private_bytes;
	uint64_t committed_scaled_bytes;
	uint64_t populated_scaled_bytes;
	uint64_t committed_fractional_scaled_bytes;
	uint64_t populated_fractional_scaled_bytes;
} zx_info_vmo_v4_t;

/* -------- Sockets and timers -------- */

/* 2018-10 */
typedef struct zx_info_socket_201810 {
	uint32_t options;
	uint8_t padding1[4];
	size_t rx_buf_max;
	size_t rx_buf_size;
	size_t tx_buf_max;
	size_t tx_buf_size;
} zx_info_socket_201810_t;

typedef struct zx_info_timer_newest {
	uint32_t options;
	zx_clock_t clock_id;
	zx_time_t deadline;
	zx_duration_t slack;
} zx_info_timer_newest_t;

/* -------- Hardware -------- */

typedef struct zx_info_bti_2018 {
	uint64_t minimum_contiguity;
	uint64_t aspace_size;
} zx_info_bti_2018_t;

typedef struct zx_info_resource_201807 {
	uint32_t kind;		/* ZX_RSRC_KIND_*_201807 */
	uint8_t padding1[4];
	uint64_t low;
	uint64_t high;		/* inclusive */
} zx_info_resource_201807_t;

typedef struct zx_info_cpu_stats_newest {
	uint32_t cpu_number;
	uint32_t flags;
	zx_duration_mono_t idle_time;
	zx_duration_mono_t normalized_busy_time;
	uint64_t reschedules;
	uint64_t context_switches;
	uint64_t irq_preempts;
	uint64_t preempts;
	uint64_t yields;
	uint64_t ints;
	uint64_t timer_ints;
	uint64_t timers;
	uint64_t page_faults;
	uint64_t exceptions;
	uint64_t syscalls;
	uint64_t reschedule_ipis;
	uint64_t generic_ipis;
	uint64_t active_energy_consumption_nj;
	uint64_t idle_energy_consumption_nj;
} zx_info_cpu_stats_newest_t;

typedef struct zx_info_kmem_stats_201807 {
	uint64_t total_bytes;
	uint64_t free_bytes;
	uint64_t wired_bytes;
	uint64_t total_heap_bytes;
	uint64_t free_heap_bytes;
	uint64_t vmo_bytes;
	uint64_t mmu_overhead_bytes;
	uint64_t other_bytes;
} zx_info_kmem_stats_201807_t;

typedef struct zx_info_kmem_stats zx_info_kmem_stats_v1_t;

typedef struct zx_info_kmem_stats_v2 {
	uint64_t total_bytes;
	uint64_t free_bytes;
	uint64_t free_loaned_bytes;
	uint64_t wired_bytes;
	uint64_t total_heap_bytes;
	uint64_t free_heap_bytes;
	uint64_t vmo_bytes;
	uint64_t mmu_overhead_bytes;
	uint64_t ipc_bytes;
	uint64_t cache_bytes;
	uint64_t slab_bytes;
	uint64_t zram_bytes;
	uint64_t other_bytes;
	uint64_t vmo_reclaim_total_bytes;	/* what follows is part of vmo_bytes */
	uint64_t vmo_reclaim_newest_bytes;
	uint64_t vmo_reclaim_oldest_bytes;
	uint64_t vmo_reclaim_disabled_bytes;
	uint64_t vmo_discardable_locked_bytes;
	uint64_t vmo_discardable_unlocked_bytes;
} zx_info_kmem_stats_v2_t;

__END_CDECLS

#endif /* ZIRCON_ERAS_INFO_H_ */
