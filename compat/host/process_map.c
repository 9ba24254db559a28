#include "compat/host/process_map.h"

#include <stdlib.h>
#include <string.h>

#include "compat/core/vmar.h"
#include "compat/host/host.h"

struct collector {
	struct host_maps *maps;
	size_t room;
	bool failed;
};

static bool make_room(struct collector *collector)
{
	size_t room = collector->room ? collector->room * 2 : 64;
	struct host_map *bigger;

	if (collector->maps->count < collector->room)
		return true;
	if (collector->maps->count >= CRASH_MAX_MAPS)
		return false;
	bigger = reallocarray(collector->maps->list, room, sizeof(*bigger));
	if (!bigger) {
		collector->failed = true;
		return false;
	}
	collector->maps->list = bigger;
	collector->room = room;
	return true;
}

static void add_region(struct region *region, uint32_t depth, void *data)
{
	struct mapping *mapping = (struct mapping *)region;
	struct collector *collector = data;
	char name[ZX_MAX_NAME_LEN];
	struct host_map *map;

	(void)depth;
	if (region->is_vmar || !make_room(collector))
		return;
	map = &collector->maps->list[collector->maps->count++];
	*map = (struct host_map){
		.base = region->base,
		.size = region->size,
		.offset = mapping->vmo_offset,
		.prot = mapping->prot,
		.vmo = mapping->vmo,
	};
	object__get(&map->vmo->object);
	object__lock(&map->vmo->object);
	memcpy(name, map->vmo->name, sizeof(name));
	object__unlock(&map->vmo->object);
	name[sizeof(name) - 1] = 0;
	host__printable(map->name, name);
}

bool host_maps__collect(struct host_maps *maps, struct process *process)
{
	struct collector collector = { .maps = maps };

	*maps = (struct host_maps){ 0 };
	mutex__lock(&process->aspace_lock);
	if (process->root_vmar)
		vmar__walk(process->root_vmar, 0, add_region, &collector);
	mutex__unlock(&process->aspace_lock);
	if (collector.failed)
		host_maps__free(maps);
	return !collector.failed;
}

void host_maps__free(struct host_maps *maps)
{
	for (size_t i = 0; i < maps->count; i++)
		object__put(&maps->list[i].vmo->object);
	free(maps->list);
	*maps = (struct host_maps){ 0 };
}

const struct host_map *host_maps__find(const struct host_maps *maps, uint64_t addr)
{
	size_t low = 0;
	size_t high = maps->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct host_map *map = &maps->list[middle];

		if (addr < map->base)
			high = middle;
		else if (addr - map->base < map->size)
			return map;
		else
			low = middle + 1;
	}
	return NULL;
}
