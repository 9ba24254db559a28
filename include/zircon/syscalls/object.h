/*
 * What zx_object_get_info, zx_object_get_property and zx_object_set_property are about. Topics
 * and structures are those of 2020-07; <zircon/eras.h> has every other form of them.
 */
#ifndef ZIRCON_SYSCALLS_OBJECT_H_
#define ZIRCON_SYSCALLS_OBJECT_H_

#include <zircon/syscalls/iob.h>
#include <zircon/types.h>

__BEGIN_CDECLS

/*
 * Topics. A topic whose structure changed has the structure's version, less one, in its top four
 * bits. 5 and 6 were topics that had gone before 2018-07. The remarks say what the answer holds:
 * NAME stands for zx_info_NAME_t, and brackets for any number of them.
 */
typedef uint32_t zx_object_info_topic_t;

#define __ZX_INFO_TOPIC(topic, version)	((zx_object_info_topic_t)((topic) | ((version) << 28)))

#define ZX_INFO_NONE			((zx_object_info_topic_t)0u)
#define ZX_INFO_HANDLE_VALID		((zx_object_info_topic_t)1u)	/* nothing */
#define ZX_INFO_HANDLE_BASIC		((zx_object_info_topic_t)2u)	/* handle_basic */
#define ZX_INFO_PROCESS			((zx_object_info_topic_t)3u)	/* process */
#define ZX_INFO_PROCESS_THREADS		((zx_object_info_topic_t)4u)	/* zx_koid_t[] */
#define ZX_INFO_VMAR			((zx_object_info_topic_t)7u)	/* vmar */
#define ZX_INFO_JOB_CHILDREN		((zx_object_info_topic_t)8u)	/* zx_koid_t[] */
#define ZX_INFO_JOB_PROCESSES		((zx_object_info_topic_t)9u)	/* zx_koid_t[] */
#define ZX_INFO_THREAD			((zx_object_info_topic_t)10u)	/* thread */
#define ZX_INFO_THREAD_EXCEPTION_REPORT	((zx_object_info_topic_t)11u)	/* zx_exception_report_t */
#define ZX_INFO_TASK_STATS		((zx_object_info_topic_t)12u)	/* task_stats */
#define ZX_INFO_PROCESS_MAPS		((zx_object_info_topic_t)13u)	/* maps[] */
#define ZX_INFO_PROCESS_VMOS		((zx_object_info_topic_t)14u)	/* vmo[] */
#define ZX_INFO_THREAD_STATS		((zx_object_info_topic_t)15u)	/* thread_stats */
#define ZX_INFO_CPU_STATS		((zx_object_info_topic_t)16u)	/* cpu_stats[] */
#define ZX_INFO_KMEM_STATS		((zx_object_info_topic_t)17u)	/* kmem_stats */
#define ZX_INFO_RESOURCE		((zx_object_info_topic_t)18u)	/* resource */
#define ZX_INFO_HANDLE_COUNT		((zx_object_info_topic_t)19u)	/* handle_count */
#define ZX_INFO_BTI			((zx_object_info_topic_t)20u)	/* bti */
#define ZX_INFO_PROCESS_HANDLE_STATS	((zx_object_info_topic_t)21u)	/* process_handle_stats */
#define ZX_INFO_SOCKET			((zx_object_info_topic_t)22u)	/* socket */
#define ZX_INFO_VMO			((zx_object_info_topic_t)23u)	/* vmo */
#define ZX_INFO_JOB			((zx_object_info_topic_t)24u)	/* job */
#define ZX_INFO_TIMER			((zx_object_info_topic_t)25u)	/* timer */
#define ZX_INFO_STREAM			((zx_object_info_topic_t)26u)	/* stream */
#define ZX_INFO_HANDLE_TABLE		((zx_object_info_topic_t)27u)	/* handle_extended[] */
#define ZX_INFO_MSI			((zx_object_info_topic_t)28u)	/* msi */
#define ZX_INFO_GUEST_STATS		((zx_object_info_topic_t)29u)	/* guest_stats[] */
#define ZX_INFO_TASK_RUNTIME		((zx_object_info_topic_t)30u)	/* task_runtime */

/* These came later */
#define ZX_INFO_KMEM_STATS_EXTENDED	((zx_object_info_topic_t)31u)	/* kmem_stats_extended */
#define ZX_INFO_VCPU			((zx_object_info_topic_t)32u)	/* vcpu */
/* kmem_stats_compression */
#define ZX_INFO_KMEM_STATS_COMPRESSION	((zx_object_info_topic_t)33u)
#define ZX_INFO_IOB			((zx_object_info_topic_t)34u)	/* iob */
#define ZX_INFO_IOB_REGIONS		((zx_object_info_topic_t)35u)	/* zx_iob_region_info_t[] */
#define ZX_INFO_VMAR_MAPS		((zx_object_info_topic_t)36u)	/* maps_v3[] */
/* zx_power_domain_info_t[] */
#define ZX_INFO_POWER_DOMAINS		((zx_object_info_topic_t)37u)
#define ZX_INFO_MEMORY_STALL		((zx_object_info_topic_t)38u)	/* memory_stall */
#define ZX_INFO_INTERRUPT		((zx_object_info_topic_t)39u)	/* interrupt */
#define ZX_INFO_CLOCK_MAPPED_SIZE	((zx_object_info_topic_t)40u)	/* uint64_t, bytes */

/* Return codes of tasks that did not end by themselves (2020 on; in 2018 all gave -1) */
#define ZX_TASK_RETCODE_SYSCALL_KILL		((int64_t)-1024)	/* zx_task_kill */
#define ZX_TASK_RETCODE_OOM_KILL		((int64_t)-1025)	/* no memory left */
#define ZX_TASK_RETCODE_POLICY_KILL		((int64_t)-1026)	/* the job's policy */
#define ZX_TASK_RETCODE_VDSO_KILL		((int64_t)-1027)	/* the vDSO was left out */
#define ZX_TASK_RETCODE_EXCEPTION_KILL		((int64_t)-1028)	/* no handler wanted it */
#define ZX_TASK_RETCODE_CRITICAL_PROCESS_KILL	((int64_t)-1029)	/* zx_job_set_critical */

/* Handles */
typedef uint32_t zx_obj_props_t;

#define ZX_OBJ_PROP_NONE	((zx_obj_props_t)0u)
#define ZX_OBJ_PROP_WAITABLE	((zx_obj_props_t)1u)	/* the object has signals to wait for */

typedef struct zx_info_handle_basic {
	zx_koid_t koid;
	zx_rights_t rights;
	zx_obj_type_t type;
	zx_koid_t related_koid;	/* peer, parent or the like; 0 for none; never changes */
	zx_obj_props_t props;	/* 0 and reserved in the newest interface */
	uint8_t padding1[4];
} zx_info_handle_basic_t;

typedef struct zx_info_handle_extended {
	zx_obj_type_t type;
	zx_handle_t handle_value;	/* in the process that the topic was asked of */
	zx_rights_t rights;
	zx_obj_props_t props;
	zx_koid_t koid;
	zx_koid_t related_koid;
	zx_koid_t peer_owner_koid;	/* always 0 */
} zx_info_handle_extended_t;

typedef struct zx_info_handle_count {
	uint32_t handle_count;
} zx_info_handle_count_t;

typedef struct zx_info_process_handle_stats {
	uint32_t handle_count[ZX_OBJ_TYPE_UPPER_BOUND];	/* by ZX_OBJ_TYPE_* */
} zx_info_process_handle_stats_t;

/* Tasks */
typedef struct zx_info_process {
	int64_t return_code;	/* once exited */
	bool started;		/* stays true */
	bool exited;
	bool debugger_attached;
	uint8_t padding1[5];
} zx_info_process_t;

typedef struct zx_info_job {
	int64_t return_code;
	bool exited;
	bool kill_on_oom;
	bool debugger_attached;
	uint8_t padding1[5];
} zx_info_job_t;

typedef uint32_t zx_thread_state_t;

typedef struct zx_info_thread {
	zx_thread_state_t state;
	uint32_t wait_exception_channel_type;	/* ZX_EXCEPTION_CHANNEL_TYPE_* */
	zx_cpu_set_t cpu_affinity_mask;
} zx_info_thread_t;

#define ZX_INFO_INVALID_CPU	((uint32_t)0xFFFFFFFFu)

typedef struct zx_info_thread_stats {
	zx_duration_t total_runtime;	/* nanoseconds */
	uint32_t last_scheduled_cpu;	/* ZX_INFO_INVALID_CPU: has not run yet */
	uint8_t padding1[4];
} zx_info_thread_stats_t;

/* All in bytes */
typedef struct zx_info_task_stats {
	size_t mem_mapped_bytes;	/* address space */
	size_t mem_private_bytes;	/* committed, and mapped by this task alone */
	size_t mem_shared_bytes;	/* committed, and mapped by others too */
	size_t mem_scaled_shared_bytes;	/* each of those divided by the number of its mappers */
} zx_info_task_stats_t;

typedef struct zx_info_task_runtime {
	zx_duration_t cpu_time;		/* nanoseconds, of the task and all below it */
	zx_duration_t queue_time;	/* ready, but not running */
} zx_info_task_runtime_t;

/* Memory */
typedef struct zx_info_vmar {
	uintptr_t base;
	size_t len;
} zx_info_vmar_t;

typedef uint32_t zx_info_maps_type_t;

#define ZX_INFO_MAPS_TYPE_NONE		((zx_info_maps_type_t)0u)
#define ZX_INFO_MAPS_TYPE_ASPACE	((zx_info_maps_type_t)1u)
#define ZX_INFO_MAPS_TYPE_VMAR		((zx_info_maps_type_t)2u)
#define ZX_INFO_MAPS_TYPE_MAPPING	((zx_info_maps_type_t)3u)

typedef struct zx_info_maps_mapping {
	zx_vm_option_t mmu_flags;	/* ZX_VM_PERM_* */
	uint8_t padding1[4];
	zx_koid_t vmo_koid;
	uint64_t vmo_offset;
	size_t committed_pages;
} zx_info_maps_mapping_t;

/* A node of the address space; nodes come parents first, in the order of their addresses. */
typedef struct zx_info_maps {
	char name[ZX_MAX_NAME_LEN];
	zx_vaddr_t base;
	size_t size;
	size_t depth;
	zx_info_maps_type_t type;
	uint8_t padding1[4];
	union {
		zx_info_maps_mapping_t mapping;	/* of ZX_INFO_MAPS_TYPE_MAPPING */
	} u;
} zx_info_maps_t;

/* zx_info_vmo_t.flags */
#define ZX_INFO_VMO_TYPE_PAGED		(1u << 0)	/* consumes memory */
#define ZX_INFO_VMO_TYPE_PHYSICAL	(0u << 0)	/* names an address range */
#define ZX_INFO_VMO_TYPE(flags)		((flags) & (1u << 0))
#define ZX_INFO_VMO_RESIZABLE		(1u << 1)
#define ZX_INFO_VMO_IS_COW_CLONE	(1u << 2)
#define ZX_INFO_VMO_VIA_HANDLE		(1u << 3)	/* in a list: by a handle */
#define ZX_INFO_VMO_VIA_MAPPING		(1u << 4)	/* in a list: by a mapping */
#define ZX_INFO_VMO_PAGER_BACKED	(1u << 5)
#define ZX_INFO_VMO_CONTIGUOUS		(1u << 6)
#define ZX_INFO_VMO_DISCARDABLE		(1u << 7)	/* newest */
#define ZX_INFO_VMO_IMMUTABLE		(1u << 8)	/* newest */
#define ZX_INFO_VMO_VIA_IOB_HANDLE	(1u << 9)	/* newest */

typedef struct zx_info_vmo {
	zx_koid_t koid;
	char name[ZX_MAX_NAME_LEN];
	uint64_t size_bytes;
	zx_koid_t parent_koid;		/* 0: is no child */
	size_t num_children;
	size_t num_mappings;
	size_t share_count;		/* address spaces that it is mapped in */
	uint32_t flags;
	uint8_t padding1[4];
	uint64_t committed_bytes;
	zx_rights_t handle_rights;	/* with ZX_INFO_VMO_VIA_HANDLE */
	uint32_t cache_policy;		/* ZX_CACHE_POLICY_* */
} zx_info_vmo_t;

/* Messages and time */
typedef struct zx_info_socket {
	uint32_t options;		/* those of its creation */
	uint8_t padding1[4];
	size_t rx_buf_max;		/* these five in bytes */
	size_t rx_buf_size;
	size_t rx_buf_available;	/* what one read can give: all, or the next datagram */
	size_t tx_buf_max;		/* 0, like the next, once the peer is closed */
	size_t tx_buf_size;
} zx_info_socket_t;

typedef struct zx_info_timer {
	uint32_t options;
	uint8_t padding1[4];		/* its clock in the newest interface */
	zx_time_t deadline;		/* 0, like the next, when not set */
	zx_duration_t slack;
} zx_info_timer_t;

typedef struct zx_info_stream {
	uint32_t options;
	uint8_t padding1[4];
	zx_off_t seek;
	uint64_t content_size;
} zx_info_stream_t;

/* Hardware */
typedef struct zx_info_bti {
	uint64_t minimum_contiguity;	/* bytes */
	uint64_t aspace_size;		/* bytes; UINT64_MAX for all of 64 bits */
	uint64_t pmo_count;		/* pinned memory tokens */
	uint64_t quarantine_count;	/* those of them that were never unpinned */
} zx_info_bti_t;

typedef struct zx_info_resource {
	uint32_t kind;			/* ZX_RSRC_KIND_* */
	uint32_t flags;
	uint64_t base;
	size_t size;
	char name[ZX_MAX_NAME_LEN];
} zx_info_resource_t;

typedef struct zx_info_msi {
	uint64_t target_addr;
	uint32_t target_data;
	uint32_t base_irq_id;
	uint32_t num_irq;
	uint32_t interrupt_count;	/* interrupt objects made from it */
} zx_info_msi_t;

typedef struct zx_info_interrupt {
	uint32_t options;
} zx_info_interrupt_t;

#define ZX_INFO_CPU_STATS_FLAG_ONLINE	(1u << 0)

typedef struct zx_info_cpu_stats {
	uint32_t cpu_number;
	uint32_t flags;
	zx_duration_t idle_time;	/* nanoseconds; what follows are counts */
	uint64_t reschedules;
	uint64_t context_switches;
	uint64_t irq_preempts;
	uint64_t preempts;
	uint64_t yields;
	uint64_t ints;			/* of devices */
	uint64_t timer_ints;
	uint64_t timers;
	uint64_t page_faults;		/* 0 */
	uint64_t exceptions;		/* 0 */
	uint64_t syscalls;
	uint64_t reschedule_ipis;
	uint64_t generic_ipis;
} zx_info_cpu_stats_t;

/* All in bytes */
typedef struct zx_info_kmem_stats {
	uint64_t total_bytes;
	uint64_t free_bytes;
	uint64_t wired_bytes;
	uint64_t total_heap_bytes;
	uint64_t free_heap_bytes;	/* part of the one before */
	uint64_t vmo_bytes;
	uint64_t mmu_overhead_bytes;
	uint64_t ipc_bytes;
	uint64_t other_bytes;
} zx_info_kmem_stats_t;

typedef struct zx_info_kmem_stats_extended {
	uint64_t total_bytes;
	uint64_t free_bytes;
	uint64_t wired_bytes;
	uint64_t total_heap_bytes;
	uint64_t free_heap_bytes;
	uint64_t vmo_bytes;
	uint64_t vmo_pager_total_bytes;
	uint64_t vmo_pager_newest_bytes;
	uint64_t vmo_pager_oldest_bytes;
	uint64_t vmo_discardable_locked_bytes;
	uint64_t vmo_discardable_unlocked_bytes;
	uint64_t mmu_overhead_bytes;
	uint64_t ipc_bytes;
	uint64_t other_bytes;
	uint64_t vmo_reclaim_disabled_bytes;
} zx_info_kmem_stats_extended_t;

typedef struct zx_info_kmem_stats_compression {
	uint64_t uncompressed_storage_bytes;
	uint64_t compressed_storage_bytes;
	uint64_t compressed_fragmentation_bytes;
	zx_duration_mono_t compression_time;
	zx_duration_mono_t decompression_time;
	uint64_t total_page_compression_attempts;
	uint64_t failed_page_compression_attempts;
	uint64_t total_page_decompressions;
	uint64_t compressed_page_evictions;
	uint64_t eager_page_compressions;
	uint64_t memory_pressure_page_compressions;
	uint64_t critical_memory_page_compressions;
	uint64_t pages_decompressed_unit_ns;
	uint64_t pages_decompressed_within_log_time[8];	/* by time: n up to 2^n units */
} zx_info_kmem_stats_compression_t;

typedef struct zx_info_memory_stall {
	zx_duration_mono_t stall_time_some;
	zx_duration_mono_t stall_time_full;
} zx_info_memory_stall_t;

/* Virtual machines: counts of what made a CPU leave its guest */
typedef struct zx_info_guest_stats {
	uint32_t cpu_number;
	uint32_t flags;
	uint64_t vm_entries;
	uint64_t vm_exits;
	uint64_t interrupts;
	uint64_t interrupt_windows;
	uint64_t cpuid_instructions;
	uint64_t hlt_instructions;
	uint64_t control_register_accesses;
	uint64_t io_instructions;
	uint64_t rdmsr_instructions;
	uint64_t wrmsr_instructions;
	uint64_t ept_violations;
	uint64_t xsetbv_instructions;
	uint64_t pause_instructions;
	uint64_t vmcall_instructions;
} zx_info_guest_stats_t;

#define ZX_INFO_VCPU_FLAG_KICKED	((uint32_t)(1u << 0))

typedef struct zx_info_vcpu {
	uint32_t flags;
} zx_info_vcpu_t;

/* Properties, and the type of their value. In 2018 8 to 12 and 14 were others: <zircon/eras.h>. */
#define ZX_PROP_REGISTER_GS			((uint32_t)2u)	/* uintptr_t */
#define ZX_PROP_NAME				((uint32_t)3u)	/* char[ZX_MAX_NAME_LEN] */
#define ZX_PROP_REGISTER_FS			((uint32_t)4u)	/* uintptr_t */
#define ZX_PROP_PROCESS_DEBUG_ADDR		((uint32_t)5u)	/* uintptr_t */
#define ZX_PROP_PROCESS_VDSO_BASE_ADDRESS	((uint32_t)6u)	/* uintptr_t, 0: not mapped */
#define ZX_PROP_PROCESS_BREAK_ON_LOAD		((uint32_t)7u)	/* uintptr_t */
#define ZX_PROP_PROCESS_HW_TRACE_CONTEXT_ID	((uint32_t)8u)	/* uintptr_t */
#define ZX_PROP_SOCKET_RX_THRESHOLD		12u	/* size_t */
#define ZX_PROP_SOCKET_TX_THRESHOLD		13u	/* size_t */
#define ZX_PROP_JOB_KILL_ON_OOM			15u	/* size_t, 0 or 1 */
#define ZX_PROP_EXCEPTION_STATE			16u	/* uint32_t */
#define ZX_PROP_VMO_CONTENT_SIZE		17u	/* uint64_t */
#define ZX_PROP_EXCEPTION_STRATEGY		18u	/* uint32_t */
#define ZX_PROP_STREAM_MODE_APPEND		19u	/* uint8_t; newest */

/* A value of ZX_PROP_PROCESS_DEBUG_ADDR that asks ld.so.1 to trap once it knows better */
#define ZX_PROCESS_DEBUG_ADDR_BREAK_ON_SET	((uintptr_t)1u)

/* ZX_PROP_EXCEPTION_STATE: what becomes of the thread when the exception is closed */
#define ZX_EXCEPTION_STATE_TRY_NEXT		0u
#define ZX_EXCEPTION_STATE_HANDLED		1u
#define ZX_EXCEPTION_STATE_THREAD_EXIT		2u	/* newest */

/* ZX_PROP_EXCEPTION_STRATEGY: whether the debugger gets it again after the process */
#define ZX_EXCEPTION_STRATEGY_FIRST_CHANCE	0u
#define ZX_EXCEPTION_STRATEGY_SECOND_CHANCE	1u

/* States of a thread. BLOCKED never comes alone, but with its reason in the second byte. */
#define ZX_THREAD_STATE_NEW			((zx_thread_state_t)0x0000u)
#define ZX_THREAD_STATE_RUNNING			((zx_thread_state_t)0x0001u)
#define ZX_THREAD_STATE_SUSPENDED		((zx_thread_state_t)0x0002u)
#define ZX_THREAD_STATE_BLOCKED			((zx_thread_state_t)0x0003u)
#define ZX_THREAD_STATE_DYING			((zx_thread_state_t)0x0004u)
#define ZX_THREAD_STATE_DEAD			((zx_thread_state_t)0x0005u)
#define ZX_THREAD_STATE_BLOCKED_EXCEPTION	((zx_thread_state_t)0x0103u)
#define ZX_THREAD_STATE_BLOCKED_SLEEPING	((zx_thread_state_t)0x0203u)
#define ZX_THREAD_STATE_BLOCKED_FUTEX		((zx_thread_state_t)0x0303u)
#define ZX_THREAD_STATE_BLOCKED_PORT		((zx_thread_state_t)0x0403u)
#define ZX_THREAD_STATE_BLOCKED_CHANNEL		((zx_thread_state_t)0x0503u)
#define ZX_THREAD_STATE_BLOCKED_WAIT_ONE	((zx_thread_state_t)0x0603u)
#define ZX_THREAD_STATE_BLOCKED_WAIT_MANY	((zx_thread_state_t)0x0703u)
#define ZX_THREAD_STATE_BLOCKED_INTERRUPT	((zx_thread_state_t)0x0803u)
#define ZX_THREAD_STATE_BLOCKED_PAGER		((zx_thread_state_t)0x0903u)

#define ZX_THREAD_STATE_BASIC(n)		((n) & 0xff)

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_OBJECT_H_ */
