/* Scheduling profiles. In 2018 the structure was another: see <zircon/eras.h>. */
#ifndef ZIRCON_SYSCALLS_PROFILE_H_
#define ZIRCON_SYSCALLS_PROFILE_H_

#include <zircon/syscalls/scheduler.h>
#include <zircon/types.h>

__BEGIN_CDECLS

#define ZX_PRIORITY_LOWEST		0
#define ZX_PRIORITY_LOW			8
#define ZX_PRIORITY_DEFAULT		16
#define ZX_PRIORITY_HIGH		24
#define ZX_PRIORITY_HIGHEST		31

/* flags: what the profile says something about */
#define ZX_PROFILE_INFO_FLAG_PRIORITY		(1 << 0)
#define ZX_PROFILE_INFO_FLAG_CPU_MASK		(1 << 1)
#define ZX_PROFILE_INFO_FLAG_DEADLINE		(1 << 2)
#define ZX_PROFILE_INFO_FLAG_NO_INHERIT		(1 << 3)	/* newest */
#define ZX_PROFILE_INFO_FLAG_MEMORY_PRIORITY	(1 << 4)	/* newest */
#define ZX_PROFILE_INFO_FLAG_CRITICAL		(1 << 5)	/* newest */

typedef struct zx_profile_info {
	uint32_t flags;
	uint8_t padding1[4];
	__ZX_EXTENSION union {
		__ZX_EXTENSION struct {
			int32_t priority;
			uint8_t padding2[20];
		};
		zx_sched_deadline_params_t deadline_params;
	};
	zx_cpu_set_t cpu_affinity_mask;
} zx_profile_info_t;

__END_CDECLS

#endif /* ZIRCON_SYSCALLS_PROFILE_H_ */
