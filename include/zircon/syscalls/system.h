/* Power and performance of the whole machine. */
#ifndef ZIRCON_SYSCALLS_SYSTEM_H_
#define ZIRCON_SYSCALLS_SYSTEM_H_

#include <zircon/types.h>

__BEGIN_CDECLS

/* zx_system_powerctl */
#define ZX_SYSTEM_POWERCTL_ENABLE_ALL_CPUS			1u
#define ZX_SYSTEM_POWERCTL_DISABLE_ALL_CPUS_BUT_PRIMARY		2u
#define ZX_SYSTEM_POWERCTL_ACPI_TRANSITION_S_STATE		3u
#define ZX_SYSTEM_POWERCTL_X86_SET_PKG_PL1			4u
#define ZX_SYSTEM_POWERCTL_REBOOT				5u
#define ZX_SYSTEM_POWERCTL_REBOOT_BOOTLOADER			6u
#define ZX_SYSTEM_POWERCTL_REBOOT_RECOVERY			7u
#define ZX_SYSTEM_POWERCTL_SHUTDOWN				8u
#define ZX_SYSTEM_POWERCTL_ACK_KERNEL_INITIATED_REBOOT		9u	/* newest */

typedef struct zx_system_powerctl_arg {
	__ZX_EXTENSION union {
		__ZX_EXTENSION struct {
			struct {
				uint8_t target_s_state;	/* 1 to 5 */
				uint8_t sleep_type_a;
				uint8_t sleep_type_b;
			} acpi_transition_s_state;
			uint8_t padding1[9];
		};
		struct {
			uint32_t power_limit;		/* milliwatts */
			uint32_t time_window;		/* microseconds */
			uint8_t clamp;
			uint8_t enable;
			uint8_t padding2[2];
		} x86_power_limit;
	};
} zx_system_powerctl_arg_t;

/* zx_system_get_performance_info and zx_system_set_performance_info (newest) */
#define ZX_CPU_PERF_SCALE		((uint32_t)1u)	/* zx_cpu_performance_info_t[] */
#define ZX_CPU_DEFAULT_PERF_SCALE	((uint32_t)2u)	/* zx_cpu_performance_info_t[] */
#define ZX_CPU_PERF_LIMIT		((uint32_t)3u)	/* zx_cpu_perf_limit_t[] */

/* 1.0 is the fastest CPU at full speed. */
typedef struct zx_cpu_performance_scale {
	uint32_t integral_part;
	uint32_t fractional_part;	/* in units of 2^-32 */
} zx_cpu_performance_scale_t;

typedef struct zx_cpu_performance_info {
	uint32_t logical_cpu_number;
	zx_cpu_performance_scale_t performance_scale;
} zx_cpu_performance_info_t;

typedef uint32_t zx_cpu_perf_limit_type_t;

#define ZX_CPU_PERF_LIMIT_TYPE_RATE	((zx_cpu_perf_limit_type_t)0u)
#define ZX_CPU_PERF_LIMIT_TYPE_POWER	((zx_cpu_perf_limit_type_t)1u)	/* nanowatts */

typedef struct zx_cpu_perf_limit {
	uint32_t logical_cpu_number;
	zx_cpu_perf_limit_type_t limit_type;
	uint64_t min;
	uint64_t max;
} zx_cpu_perf_limit_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_SYSTEM_H_ */
