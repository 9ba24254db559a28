/*
 * Structures of calls that upstream does not promise to keep (its "next" interface): restricted
 * mode, sampling, power domains, suspend reports, dirty ranges of pagers.
 */
#ifndef ZIRCON_SYSCALLS_NEXT_H_
#define ZIRCON_SYSCALLS_NEXT_H_

#include <zircon/eras.h>
#include <zircon/types.h>

__BEGIN_CDECLS

/* Restricted mode: why zx_restricted_enter came back */
typedef uint64_t zx_restricted_reason_t;

#define ZX_RESTRICTED_REASON_SYSCALL	((zx_restricted_reason_t)0)
#define ZX_RESTRICTED_REASON_EXCEPTION	((zx_restricted_reason_t)1)
#define ZX_RESTRICTED_REASON_KICK	((zx_restricted_reason_t)2)

/* The registers, at the start of the VMO of zx_restricted_bind_state */
typedef struct zx_restricted_state {
	uint64_t rdi;
	uint64_t rsi;
	uint64_t rbp;
	uint64_t rbx;
	uint64_t rdx;
	uint64_t rcx;
	uint64_t rax;
	uint64_t rsp;
	uint64_t r8;
	uint64_t r9;
	uint64_t r10;
	uint64_t r11;
	uint64_t r12;
	uint64_t r13;
	uint64_t r14;
	uint64_t r15;
	uint64_t ip;
	uint64_t flags;
	uint64_t fs_base;
	uint64_t gs_base;
} zx_restricted_state_t;

typedef struct zx_restricted_syscall {
	zx_restricted_state_t state;
} zx_restricted_syscall_t;

typedef struct zx_restricted_exception {
	zx_restricted_state_t state;
	zx_exception_report_v2_t exception;
} zx_restricted_exception_t;

/* zx_sampler_create */
#define ZX_SAMPLER_MIN_PERIOD		ZX_USEC(10)
#define ZX_SAMPLER_MAX_BUFFER_SIZE	((size_t)(1024 * 1024 * 1024))

/* zx_thread_set_rseq: one restartable sequence, and the processor on which the thread is */
typedef struct zx_rseq {
	__ALIGNED(32) uint32_t cpu_id;
	uint32_t reserved;
	uint64_t start_ip;
	uint64_t post_commit_offset;
	uint64_t abort_ip;
} zx_rseq_t;

typedef struct zx_sampler_config {
	zx_duration_mono_t period;	/* nanoseconds */
	size_t buffer_size;		/* bytes a CPU */
	uint64_t iobuffer_discipline;
} zx_sampler_config_t;

/* Power domains: levels a processor can be at, ordered from the least to the most power */
#define ZX_MAX_POWER_LEVELS			((uint64_t)256)
#define ZX_MAX_POWER_LEVEL_TRANSFORMATIONS	(ZX_MAX_POWER_LEVELS * ZX_MAX_POWER_LEVELS)

typedef uint64_t zx_processor_power_level_options_t;

#define ZX_PROCESSOR_POWER_LEVEL_OPTIONS_DOMAIN_INDEPENDENT \
	((zx_processor_power_level_options_t)(1u << 0))

typedef uint64_t zx_processor_power_control_t;

#define ZX_PROCESSOR_POWER_CONTROL_CPU_DRIVER	((zx_processor_power_control_t)0u)
#define ZX_PROCESSOR_POWER_CONTROL_ARM_PSCI	((zx_processor_power_control_t)1u)
#define ZX_PROCESSOR_POWER_CONTROL_ARM_WFI	((zx_processor_power_control_t)2u)
#define ZX_PROCESSOR_POWER_CONTROL_RISCV_SBI	((zx_processor_power_control_t)3u)
#define ZX_PROCESSOR_POWER_CONTROL_RISCV_WFI	((zx_processor_power_control_t)4u)

typedef struct zx_processor_power_level {
	zx_processor_power_level_options_t options;
	uint64_t processing_rate;
	uint64_t power_coefficient_nw;		/* nanowatts */
	zx_processor_power_control_t control_interface;
	uint64_t control_argument;
	char diagnostic_name[ZX_MAX_NAME_LEN];
	uint8_t reserved[32];
} zx_processor_power_level_t;

typedef struct zx_processor_power_level_transition {
	zx_duration_mono_t latency;		/* nanoseconds */
	uint64_t energy_nj;			/* nanojoules */
	uint8_t from;				/* both index the levels */
	uint8_t to;
	uint8_t reserved[6];
} zx_processor_power_level_transition_t;

typedef struct zx_processor_power_state {
	uint32_t domain_id;
	uint32_t options;
	zx_processor_power_control_t control_interface;
	uint64_t control_argument;
} zx_processor_power_state_t;

typedef struct zx_processor_power_domain {
	zx_cpu_set_t cpus;
	uint32_t domain_id;
	uint8_t padding1[4];
} zx_processor_power_domain_t;

/* The topic ZX_INFO_POWER_DOMAINS */
typedef struct zx_power_domain_info {
	zx_cpu_set_t cpus;
	uint32_t domain_id;
	uint8_t idle_power_levels;
	uint8_t active_power_levels;
	uint8_t padding1[2];
} zx_power_domain_info_t;

/* A packet that asks for a level */
#define ZX_PKT_TYPE_PROCESSOR_POWER_LEVEL_TRANSITION_REQUEST	((uint32_t)0x0Au)
#define ZX_PKT_IS_PROCESSOR_POWER_LEVEL_TRANSITION_REQUEST(type) \
	((type) == ZX_PKT_TYPE_PROCESSOR_POWER_LEVEL_TRANSITION_REQUEST)

typedef struct zx_packet_processor_power_level_transition_request {
	uint32_t domain_id;
	uint32_t options;
	uint64_t control_interface;
	uint64_t control_argument;
	uint64_t reserved;
} zx_packet_processor_power_level_transition_request_t;

/* zx_system_suspend_enter */
typedef uint64_t zx_system_suspend_option_t;

#define ZX_SYSTEM_SUSPEND_OPTION_DISCARD	((uint64_t)(1u << 0))
#define ZX_SYSTEM_SUSPEND_OPTION_REPORT_ONLY	((uint64_t)(1u << 1))

#define ZX_INTERRUPT_WAKE_VECTOR		((uint32_t)0x20)	/* zx_interrupt_create */

typedef struct zx_wake_source_report_header {
	zx_instant_boot_t report_time;
	zx_instant_boot_t suspend_start_time;	/* ZX_TIME_INFINITE: was not tried */
	uint32_t total_wake_sources;
	uint32_t unreported_wake_report_entries;
} zx_wake_source_report_header_t;

typedef uint32_t zx_system_wake_report_entry_flag_t;

#define ZX_SYSTEM_WAKE_REPORT_ENTRY_FLAG_SIGNALED		((uint32_t)(1u << 0))
#define ZX_SYSTEM_WAKE_REPORT_ENTRY_FLAG_PREVIOUSLY_REPORTED	((uint32_t)(1u << 1))

typedef struct zx_wake_source_report_entry {
	zx_koid_t koid;
	char name[ZX_MAX_NAME_LEN];
	zx_instant_boot_t initial_signal_time;
	zx_instant_boot_t last_signal_time;
	zx_instant_boot_t last_ack_time;	/* ZX_TIME_INFINITE: never */
	uint32_t signal_count;
	zx_system_wake_report_entry_flag_t flags;
} zx_wake_source_report_entry_t;

/* zx_system_barrier */
#define ZX_SYSTEM_BARRIER_DATA_MEMORY		((uint32_t)0u)
#define ZX_SYSTEM_BARRIER_INSTRUCTION_STREAM	((uint32_t)1u)

/* An entry of the answer of zx_pager_query_dirty_ranges, in bytes */
typedef struct zx_vmo_dirty_range {
	uint64_t offset;
	uint64_t length;
	uint64_t options;
} zx_vmo_dirty_range_t;

#define ZX_VMO_DIRTY_RANGE_IS_ZERO	((uint64_t)1u)

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_NEXT_H_ */
