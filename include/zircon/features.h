/* What zx_system_get_features tells. On x86-64 programs ask CPUID instead for most of it. */
#ifndef ZIRCON_FEATURES_H_
#define ZIRCON_FEATURES_H_

#include <stdint.h>

/* kind */
#define ZX_FEATURE_KIND_CPU			((uint32_t)0)	/* ZX_HAS_CPU_FEATURES, others */
#define ZX_FEATURE_KIND_HW_BREAKPOINT_COUNT	((uint32_t)1)	/* a count */
#define ZX_FEATURE_KIND_HW_WATCHPOINT_COUNT	((uint32_t)2)	/* a count */
#define ZX_FEATURE_KIND_ADDRESS_TAGGING		((uint32_t)3)	/* newest */
#define ZX_FEATURE_KIND_VM			((uint32_t)4)	/* newest */

#define ZX_HAS_CPU_FEATURES		((uint32_t)(1u << 0))	/* the others mean something */
#define ZX_VM_FEATURE_CAN_MAP_XOM	((uint32_t)(1u << 0))	/* executable, not readable */

#endif /* ZIRCON_FEATURES_H_ */
