/* What of a mapping is mapped on the host. For vmar.c: all under process.aspace_lock. */
#ifndef COMPAT_CORE_MAPPING_H
#define COMPAT_CORE_MAPPING_H

#include "compat/core/vmar.h"

struct process;
struct thread;

/* Has the host show @mapping with @prot, which is not 0, in place of whatever it shows there. */
zx_status_t mapping__show(struct thread *caller, struct process *process,
			  const struct mapping *mapping, uint32_t prot);
/* The host shows it, and changes that to show it with @prot; 0 hides it. */
zx_status_t mapping__change(struct thread *caller, struct process *process,
			    const struct mapping *mapping, uint32_t prot);

#endif
