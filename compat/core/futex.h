/* Futexes: threads of a process that wait at an address, and who is said to own it. */
#ifndef COMPAT_CORE_FUTEX_H
#define COMPAT_CORE_FUTEX_H

#include <stdbool.h>

#include "compat/core/user.h"

/* What becomes of the owner of a futex when threads are woken. */
enum futex_owner_action {
	FUTEX_RELEASE,      /* nobody owns it */
	FUTEX_ASSIGN_WOKEN, /* the woken thread does, as long as others wait */
};

/* Fills core_root->futexes. Errors: ZX_ERR_NO_MEMORY. */
zx_status_t futex__init(void);
/* @thread runs no more: what it owned has no owner. */
void futex__thread_gone(struct thread *thread);

/*
 * The calls, on the process of @self. @owner is a thread of it, or NULL; @owner_status what
 * finding it gave, which is reported only once the value at the address was found to be right.
 */
zx_status_t futex__wait(struct thread *self, user_addr_t addr, int32_t current_value,
			struct thread *owner, zx_status_t owner_status, zx_time_t deadline);
zx_status_t futex__wake(struct process *process, user_addr_t addr, uint32_t count,
			enum futex_owner_action action);

struct futex_requeue {
	user_addr_t wake_addr;
	uint32_t wake_count;
	int32_t current_value;
	enum futex_owner_action action;
	user_addr_t requeue_addr;
	uint32_t requeue_count;
	struct thread *owner;
	zx_status_t owner_status;
	bool value_first; /* the value is compared before the addresses are judged */
};

zx_status_t futex__requeue(struct thread *self, const struct futex_requeue *requeue);
/* ZX_KOID_INVALID where nobody owns it. */
zx_status_t futex__owner(struct process *process, user_addr_t addr, zx_koid_t *out_koid);

#endif
