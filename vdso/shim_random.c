/*
 * Random numbers. A system call costs several times what making a few bytes does: so each thread
 * takes a pool of them from Linux at a time, hands small draws out of it, and wipes what it gave.
 * Other draws go to Linux directly.
 */
#include <asm/unistd.h>

#include "vdso/shim.h"

struct pool {
	uint32_t left; /* bytes not given out yet, from the start of @bytes */
	char bytes[508];
};

/* It lies at the far end of the thread's call stack, of which the shim uses a fraction. */
static struct pool *pool_of(const struct zxabi_slot *slot)
{
	return (struct pool *)(ZXABI_STACKS + (uint64_t)slot->index * ZXABI_STACK_SIZE +
			       ZXABI_STACK_SIZE / 2);
}

int64_t shim_random(void *buffer, uint64_t size)
{
	struct zxabi_slot *slot;
	struct pool *pool;
	int64_t got;
	int failed;
	char *from;

	if (size > ZXABI_RANDOM_SMALL)
		return SYS3(__NR_getrandom, buffer, size, 0);
	slot = slot__self();
	if (slot->index >= ZXABI_THREADS)
		return SYS3(__NR_getrandom, buffer, size, 0);
	pool = pool_of(slot);
	if (pool->left < size || pool->left > sizeof(pool->bytes)) {
		got = SYS3(__NR_getrandom, pool->bytes, sizeof(pool->bytes), 0);
		if (got != sizeof(pool->bytes))
			return SYS3(__NR_getrandom, buffer, size, 0);
		pool->left = sizeof(pool->bytes);
	}
	pool->left -= (uint32_t)size;
	from = pool->bytes + pool->left;
	failed = shim_copy(buffer, from, size);
	for (uint64_t i = 0; i < size; i++)
		((volatile char *)from)[i] = 0;
	return failed ? -1 : (int64_t)size;
}
