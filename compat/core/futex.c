/*
 * Waiting threads hang on a struct futex, made for the first waiter of an address and freed with
 * the last, so that only addresses waited at cost anything. Futexes are found in a table of buckets
 * by process and address; a bucket's lock covers its futexes and their waiters. Where two buckets
 * are needed, the one with the lower index is locked first.
 *
 * A waiting thread has the address in wait_data, NULL once it is woken. A requeue changes it under
 * the locks of both buckets, so a thread that gives up locks the bucket of what it sees, looks
 * again, and begins anew where it has been moved.
 */
#include "compat/core/futex.h"

#include <zircon/syscalls/object.h>

#include "compat/core/core.h"

#define BUCKETS 256u

struct futex {
	struct list node; /* in bucket.futexes */
	struct process *process; /* not referenced: its threads wait here */
	user_addr_t addr;
	struct list waiters;  /* struct thread.wait_node; never empty outside the bucket's lock */
	struct thread *owner; /* not referenced: futex__thread_gone() clears it */
};

struct bucket {
	struct mutex lock;
	struct list futexes;
};

struct futex_table {
	struct bucket buckets[BUCKETS];
	/* Futexes that have an owner, atomic: spares most threads a search at their end. */
	uint32_t owned;
};

static uint32_t bucket_index(struct process *process, user_addr_t addr)
{
	uint64_t hash = ((uint64_t)process ^ addr >> 2) * 0x9e3779b97f4a7c15ull;

	return (uint32_t)(hash >> 32) % BUCKETS;
}

static struct bucket *bucket_at(uint32_t index)
{
	return &core_root->futexes->buckets[index];
}

zx_status_t futex__init(void)
{
	struct futex_table *table = arena__alloc(sizeof(*table));

	if (!table)
		return ZX_ERR_NO_MEMORY;
	for (uint32_t i = 0; i < BUCKETS; i++)
		list__init(&table->buckets[i].futexes);
	core_root->futexes = table;
	return ZX_OK;
}

static struct futex *find_locked(struct bucket *bucket, struct process *process, user_addr_t addr)
{
	struct futex *futex;

	list_for_each(futex, &bucket->futexes, node) {
		if (futex->process == process && futex->addr == addr)
			return futex;
	}
	return NULL;
}

static struct futex *find_or_make_locked(struct bucket *bucket, struct process *process,
					 user_addr_t addr)
{
	struct futex *futex = find_locked(bucket, process, addr);

	if (futex)
		return futex;
	futex = arena__alloc(sizeof(*futex));
	if (!futex)
		return NULL;
	futex->process = process;
	futex->addr = addr;
	list__init(&futex->waiters);
	list__add_tail(&bucket->futexes, &futex->node);
	return futex;
}

/*
 * A thread that ends must not be made an owner after futex__thread_gone() has looked for it. One
 * that ends alone was killed first; where its whole process ends, nobody is left to ask.
 */
static bool can_own(struct thread *thread)
{
	return !__atomic_load_n(&thread->killed, __ATOMIC_SEQ_CST) &&
	       thread_state__alive(__atomic_load_n(&thread->state, __ATOMIC_SEQ_CST));
}

static void set_owner_locked(struct futex *futex, struct thread *owner)
{
	uint32_t *owned = &core_root->futexes->owned;

	if (!futex->owner)
		__atomic_fetch_add(owned, 1, __ATOMIC_SEQ_CST);
	futex->owner = owner;
	if (owner && !can_own(owner))
		futex->owner = NULL;
	if (!futex->owner)
		__atomic_fetch_sub(owned, 1, __ATOMIC_SEQ_CST);
}

static void free_if_idle_locked(struct futex *futex)
{
	if (!list__empty(&futex->waiters))
		return;
	set_owner_locked(futex, NULL);
	list__remove(&futex->node);
	arena__free(futex);
}

void futex__thread_gone(struct thread *thread)
{
	struct futex_table *table = core_root->futexes;

	if (!__atomic_load_n(&table->owned, __ATOMIC_SEQ_CST))
		return;
	for (uint32_t i = 0; i < BUCKETS; i++) {
		struct bucket *bucket = &table->buckets[i];
		struct futex *futex;

		mutex__lock(&bucket->lock);
		list_for_each(futex, &bucket->futexes, node) {
			if (futex->owner == thread)
				set_owner_locked(futex, NULL);
		}
		mutex__unlock(&bucket->lock);
	}
}

static zx_status_t check_addr(user_addr_t addr)
{
	return !addr || addr % sizeof(zx_futex_t) ? ZX_ERR_INVALID_ARGS : ZX_OK;
}

/*
 * Whether the word at @addr holds @value now. Read from the process itself: what travelled with
 * the call was read before the lock was taken, and a wake in between would be lost.
 */
static zx_status_t check_value(struct process *process, user_addr_t addr, int32_t value)
{
	int32_t current;
	zx_status_t status;

	status = user__read_process(process, &current, addr, sizeof(current), NULL);
	if (status != ZX_OK)
		return status;
	return current == value ? ZX_OK : ZX_ERR_BAD_STATE;
}

static bool waits_at_locked(struct futex *futex, struct thread *thread)
{
	struct thread *waiter;

	if (!futex)
		return false;
	list_for_each(waiter, &futex->waiters, wait_node) {
		if (waiter == thread)
			return true;
	}
	return false;
}

static user_addr_t waiting_at(struct thread *thread)
{
	return (user_addr_t)__atomic_load_n(&thread->wait_data, __ATOMIC_SEQ_CST);
}

static void set_waiting_at(struct thread *thread, user_addr_t addr)
{
	__atomic_store_n(&thread->wait_data, (void *)addr, __ATOMIC_SEQ_CST);
}

/* Puts @self to the waiters, if all is as the caller thinks. */
static zx_status_t begin_wait_locked(struct thread *self, struct bucket *bucket, user_addr_t addr,
				     int32_t current_value, struct thread *owner,
				     zx_status_t owner_status)
{
	struct futex *futex;
	zx_status_t status;

	status = check_value(self->process, addr, current_value);
	if (status != ZX_OK)
		return status;
	if (owner_status != ZX_OK)
		return owner_status;
	if (owner && (owner == self ||
		      waits_at_locked(find_locked(bucket, self->process, addr), owner)))
		return ZX_ERR_INVALID_ARGS;
	futex = find_or_make_locked(bucket, self->process, addr);
	if (!futex)
		return ZX_ERR_NO_MEMORY;
	thread__prepare(self);
	list__add_tail(&futex->waiters, &self->wait_node);
	set_waiting_at(self, addr);
	set_owner_locked(futex, owner);
	return ZX_OK;
}

/* Takes @self off whatever it waits at by now; false where somebody has woken it. */
static bool leave(struct thread *self)
{
	user_addr_t addr;

	while ((addr = waiting_at(self))) {
		struct bucket *bucket = bucket_at(bucket_index(self->process, addr));
		bool here;

		mutex__lock(&bucket->lock);
		here = waiting_at(self) == addr;
		if (here) {
			list__remove(&self->wait_node);
			set_waiting_at(self, 0);
			free_if_idle_locked(find_locked(bucket, self->process, addr));
		}
		mutex__unlock(&bucket->lock);
		if (here)
			return true;
	}
	return false;
}

zx_status_t futex__wait(struct thread *self, user_addr_t addr, int32_t current_value,
			struct thread *owner, zx_status_t owner_status, zx_time_t deadline)
{
	struct bucket *bucket = bucket_at(bucket_index(self->process, addr));
	zx_status_t status = check_addr(addr);

	if (status != ZX_OK)
		return status;
	do {
		mutex__lock(&bucket->lock);
		status = begin_wait_locked(self, bucket, addr, current_value, owner, owner_status);
		mutex__unlock(&bucket->lock);
	} while (user__again(self, addr, sizeof(current_value), false, &status));
	if (status != ZX_OK)
		return status;
	status = thread__block(self, deadline, ZX_THREAD_STATE_BLOCKED_FUTEX);
	/* Woken and interrupted at once: the wake counts, or it would be lost to the others. */
	if (!leave(self) && status != ZX_ERR_INTERNAL_INTR_KILLED)
		status = ZX_OK;
	return status;
}

/* Wakes up to @count waiters, first come first. */
static void wake_locked(struct futex *futex, uint32_t count, enum futex_owner_action action)
{
	struct thread *woken = NULL;

	while (count-- && !list__empty(&futex->waiters)) {
		woken = list_first(&futex->waiters, struct thread, wait_node);
		list__remove(&woken->wait_node);
		if (action == FUTEX_ASSIGN_WOKEN)
			set_owner_locked(futex, woken);
		thread__wake(woken);
		/* Last: with this the thread may be gone. */
		set_waiting_at(woken, 0);
	}
	if (action == FUTEX_RELEASE)
		set_owner_locked(futex, NULL);
}

zx_status_t futex__wake(struct process *process, user_addr_t addr, uint32_t count,
			enum futex_owner_action action)
{
	struct bucket *bucket = bucket_at(bucket_index(process, addr));
	zx_status_t status = check_addr(addr);
	struct futex *futex;

	if (status != ZX_OK)
		return status;
	mutex__lock(&bucket->lock);
	futex = find_locked(bucket, process, addr);
	if (futex) {
		wake_locked(futex, count, action);
		free_if_idle_locked(futex);
	}
	mutex__unlock(&bucket->lock);
	return ZX_OK;
}

static void lock_two(uint32_t index0, uint32_t index1)
{
	uint32_t low = index0 < index1 ? index0 : index1;

	mutex__lock(&bucket_at(low)->lock);
	if (index0 != index1)
		mutex__lock(&bucket_at(index0 + index1 - low)->lock);
}

static void unlock_two(uint32_t index0, uint32_t index1)
{
	mutex__unlock(&bucket_at(index0)->lock);
	if (index0 != index1)
		mutex__unlock(&bucket_at(index1)->lock);
}

static void move_waiters_locked(struct futex *from, struct futex *to, uint32_t count)
{
	while (count-- && !list__empty(&from->waiters)) {
		struct thread *thread = list_first(&from->waiters, struct thread, wait_node);

		list__remove(&thread->wait_node);
		list__add_tail(&to->waiters, &thread->wait_node);
		set_waiting_at(thread, to->addr);
	}
}

static zx_status_t requeue_locked(struct process *process, const struct futex_requeue *requeue,
				  struct bucket *wake_bucket, struct bucket *requeue_bucket)
{
	struct futex *from = find_locked(wake_bucket, process, requeue->wake_addr);
	struct futex *to = find_locked(requeue_bucket, process, requeue->requeue_addr);
	zx_status_t status;

	status = check_value(process, requeue->wake_addr, requeue->current_value);
	if (status != ZX_OK)
		return status;
	if (requeue->owner_status != ZX_OK)
		return requeue->owner_status;
	if (requeue->owner &&
	    (waits_at_locked(from, requeue->owner) || waits_at_locked(to, requeue->owner)))
		return ZX_ERR_INVALID_ARGS;
	if (from && requeue->requeue_count && !to) {
		to = find_or_make_locked(requeue_bucket, process, requeue->requeue_addr);
		if (!to)
			return ZX_ERR_NO_MEMORY;
	}
	if (from) {
		wake_locked(from, requeue->wake_count, requeue->action);
		if (to)
			move_waiters_locked(from, to, requeue->requeue_count);
		free_if_idle_locked(from);
	}
	if (to) {
		set_owner_locked(to, requeue->owner);
		free_if_idle_locked(to);
	}
	return ZX_OK;
}

static zx_status_t requeue_once(struct process *process, const struct futex_requeue *requeue)
{
	uint32_t wake_index = bucket_index(process, requeue->wake_addr);
	uint32_t requeue_index = bucket_index(process, requeue->requeue_addr);
	zx_status_t status = ZX_OK;

	if (requeue->value_first)
		status = check_value(process, requeue->wake_addr, requeue->current_value);
	if (status == ZX_OK)
		status = check_addr(requeue->wake_addr);
	if (status == ZX_OK)
		status = check_addr(requeue->requeue_addr);
	if (status == ZX_OK && requeue->wake_addr == requeue->requeue_addr)
		status = ZX_ERR_INVALID_ARGS;
	if (status != ZX_OK)
		return status;
	lock_two(wake_index, requeue_index);
	status = requeue_locked(process, requeue, bucket_at(wake_index), bucket_at(requeue_index));
	unlock_two(wake_index, requeue_index);
	return status;
}

zx_status_t futex__requeue(struct thread *self, const struct futex_requeue *requeue)
{
	zx_status_t status;

	do {
		status = requeue_once(self->process, requeue);
	} while (user__again(self, requeue->wake_addr, sizeof(requeue->current_value), false,
			     &status));
	return status;
}

zx_status_t futex__owner(struct process *process, user_addr_t addr, zx_koid_t *out_koid)
{
	struct bucket *bucket = bucket_at(bucket_index(process, addr));
	zx_status_t status = check_addr(addr);
	struct futex *futex;

	if (status != ZX_OK)
		return status;
	*out_koid = ZX_KOID_INVALID;
	mutex__lock(&bucket->lock);
	futex = find_locked(bucket, process, addr);
	if (futex && futex->owner)
		*out_koid = futex->owner->object.koid;
	mutex__unlock(&bucket->lock);
	return ZX_OK;
}
