#include "compat/core/layer.h"

#include <string.h>

#include "compat/core/core.h"

#define FIRST_CAPACITY 4u

struct layer_use *layer__use(struct layer *layer, struct vmo *vmo, uint64_t delta)
{
	struct layer_use *use = arena__alloc(sizeof(*use));

	if (!use)
		return NULL;
	use->layer = layer;
	use->vmo = vmo;
	use->delta = delta;
	list__add_tail(&layer->uses, &use->node);
	return use;
}

struct layer_use *layer__create(int memory, struct vmo *vmo)
{
	struct layer *layer = arena__alloc(sizeof(*layer));
	struct layer_use *use;

	if (!layer)
		return NULL;
	layer->memory = memory;
	list__init(&layer->uses);
	use = layer__use(layer, vmo, 0);
	if (!use)
		arena__free(layer);
	return use;
}

void layer__drop(struct layer_use *use)
{
	struct layer *layer = use->layer;

	list__remove(&use->node);
	arena__free(use);
	if (!list__empty(&layer->uses))
		return;
	core_host.mem_destroy(layer->memory);
	arena__free(layer);
}

int layer__take(struct layer_use *use)
{
	struct vmo_runs *runs = &use->vmo->runs;
	struct layer *layer = use->layer;
	int memory = layer->memory;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < runs->count; i++) {
		if (runs->at[i].use != use)
			runs->at[kept++] = runs->at[i];
	}
	runs->count = kept;
	arena__free(use);
	arena__free(layer);
	return memory;
}

bool layer__alone(const struct layer_use *use)
{
	return use->layer->uses.next == &use->node && use->layer->uses.prev == &use->node;
}

uint32_t run__first_after(const struct vmo *vmo, uint64_t offset)
{
	uint32_t low = 0;
	uint32_t high = vmo->runs.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (vmo->runs.at[middle].end > offset)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Does @use show @at of its layer? *stop, at most what it was, is where that changes. */
static bool shows(const struct layer_use *use, uint64_t at, uint64_t *stop)
{
	const struct vmo_runs *runs = &use->vmo->runs;
	uint64_t offset;
	uint64_t end;
	uint64_t next;
	bool here;
	uint32_t i;

	if (at < use->delta) {
		if (*stop > use->delta)
			*stop = use->delta;
		return false;
	}
	offset = at - use->delta;
	end = *stop - use->delta;
	i = run__first_after(use->vmo, offset);
	while (i < runs->count && runs->at[i].use != use && runs->at[i].begin < end)
		i++;
	if (i == runs->count || runs->at[i].use != use)
		return false;
	here = runs->at[i].begin <= offset;
	next = here ? runs->at[i].end : runs->at[i].begin;
	if (next < end)
		*stop = next + use->delta;
	return here;
}

/* Gives back what of [at, end) of @mine's layer no other use shows. */
static void release(const struct layer_use *mine, uint64_t at, uint64_t end)
{
	struct layer *layer = mine->layer;
	struct layer_use *use;

	while (at < end) {
		uint64_t stop = end;
		bool shown = false;

		list_for_each(use, &layer->uses, node)
			shown |= use != mine && shows(use, at, &stop);
		/* A failure costs memory only. */
		if (!shown)
			(void)core_host.mem_decommit(layer->memory, at, stop - at);
		at = stop;
	}
}

static void count_run(const struct layer_use *mine, uint64_t at, uint64_t end,
		      struct vmo_count *count)
{
	struct layer *layer = mine->layer;
	struct layer_use *use;

	while (at < end) {
		const struct layer_use *first = NULL;
		uint64_t stop = end;
		uint64_t users = 0;
		uint64_t size;

		list_for_each(use, &layer->uses, node) {
			if (!shows(use, at, &stop))
				continue;
			users++;
			if (!first)
				first = use;
		}
		size = core_host.mem_committed(layer->memory, at, stop - at);
		if (first == mine)
			count->attributed += size;
		if (users == 1)
			count->alone += size;
		count->scaled += size / (users ? users : 1);
		at = stop;
	}
}

void layer__count(const struct vmo *vmo, uint64_t begin, uint64_t end, struct vmo_count *count)
{
	for (uint32_t i = run__first_after(vmo, begin);
	     i < vmo->runs.count && vmo->runs.at[i].begin < end; i++) {
		const struct vmo_run *run = &vmo->runs.at[i];
		uint64_t from = run->begin > begin ? run->begin : begin;
		uint64_t to = run->end < end ? run->end : end;

		if (run->use)
			count_run(run->use, from + run->use->delta, to + run->use->delta, count);
	}
}

bool run__reserve(struct vmo *vmo, uint32_t more)
{
	struct vmo_runs *runs = &vmo->runs;
	uint32_t capacity = runs->capacity ? runs->capacity : FIRST_CAPACITY;
	struct vmo_run *at;

	if (runs->count + more <= runs->capacity)
		return true;
	while (capacity < runs->count + more)
		capacity *= 2;
	at = arena__alloc_raw(capacity * sizeof(*at));
	if (!at)
		return false;
	if (runs->count)
		memcpy(at, runs->at, runs->count * sizeof(*at));
	arena__free(runs->at);
	runs->at = at;
	runs->capacity = capacity;
	return true;
}

static void insert_at(struct vmo_runs *runs, uint32_t i, struct vmo_run run)
{
	memmove(&runs->at[i + 1], &runs->at[i], (runs->count - i) * sizeof(run));
	runs->at[i] = run;
	runs->count++;
	if (run.use)
		run.use->runs++;
}

static void remove_at(struct vmo_runs *runs, uint32_t i, uint32_t count)
{
	runs->count -= count;
	memmove(&runs->at[i], &runs->at[i + count], (runs->count - i) * sizeof(*runs->at));
}

void run__add(struct vmo *vmo, uint64_t begin, uint64_t end, struct layer_use *use)
{
	struct vmo_runs *runs = &vmo->runs;
	uint32_t i = run__first_after(vmo, begin);

	if (i && runs->at[i - 1].end == begin && runs->at[i - 1].use == use)
		runs->at[i - 1].end = end;
	else
		insert_at(runs, i, (struct vmo_run){ begin, end, use });
}

/* [begin, end) of a run is gone, and with @whole the run. */
static void let_go(struct layer_use *use, uint64_t begin, uint64_t end, bool whole)
{
	if (!use)
		return;
	if (whole && !--use->runs && layer__alone(use)) {
		layer__drop(use);
		return;
	}
	release(use, begin + use->delta, end + use->delta);
	if (!use->runs)
		layer__drop(use);
}

void run__remove(struct vmo *vmo, uint64_t begin, uint64_t end)
{
	struct vmo_runs *runs = &vmo->runs;
	uint32_t i = run__first_after(vmo, begin);
	uint32_t first;

	if (i < runs->count && runs->at[i].begin < begin) {
		struct vmo_run *run = &runs->at[i];
		uint64_t stop = run->end < end ? run->end : end;

		if (run->end > end)
			insert_at(runs, i + 1, (struct vmo_run){ end, run->end, run->use });
		runs->at[i].end = begin;
		let_go(runs->at[i].use, begin, stop, false);
		i++;
	}
	for (first = i; i < runs->count && runs->at[i].end <= end; i++)
		let_go(runs->at[i].use, runs->at[i].begin, runs->at[i].end, true);
	if (i < runs->count && runs->at[i].begin < end) {
		let_go(runs->at[i].use, runs->at[i].begin, end, false);
		runs->at[i].begin = end;
	}
	remove_at(runs, first, i - first);
}

void run__remove_all(struct vmo *vmo)
{
	struct vmo_runs *runs = &vmo->runs;

	for (uint32_t i = 0; i < runs->count; i++)
		let_go(runs->at[i].use, runs->at[i].begin, runs->at[i].end, true);
	arena__free(runs->at);
	*runs = (struct vmo_runs){ 0 };
}
