#include "compat/core/vmo_share.h"

#include "compat/core/vmar.h"
#include "compat/core/vmo.h"

/* Address spaces that are told apart; beyond them each mapping counts for one more. */
#define SEEN_MAX 32u

uint32_t vmo_share__mappings_locked(struct vmo *vmo)
{
	struct mapping *mapping;
	uint32_t count = 0;

	list_for_each(mapping, &vmo->mappings, vmo_node)
		count++;
	return count;
}

/*
 * A mapping that is being taken down has no parent any more, but stays in the list, and its VMAR
 * alive, until our lock lets it go.
 */
static struct process *process_of(struct mapping *mapping)
{
	struct vmar *parent = __atomic_load_n(&mapping->region.parent, __ATOMIC_RELAXED);

	return parent ? parent->process : NULL;
}

uint32_t vmo_share__count_locked(struct vmo *vmo)
{
	const struct process *seen[SEEN_MAX];
	struct mapping *mapping;
	uint32_t count = 0;

	list_for_each(mapping, &vmo->mappings, vmo_node) {
		const struct process *process = process_of(mapping);
		uint32_t i = 0;

		while (i < count && i < SEEN_MAX && seen[i] != process)
			i++;
		if (!process || (i < count && i < SEEN_MAX))
			continue;
		if (count < SEEN_MAX)
			seen[count] = process;
		count++;
	}
	return count ? count : 1;
}
