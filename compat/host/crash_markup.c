/*
 * A crash in the form that Fuchsia's tools know, its symbolizer markup: for `llvm-symbolizer
 * --filter-markup` and the like, where symbols are on another machine than the one that runs tests.
 */
#include <string.h>

#include "compat/core/host.h"
#include "compat/host/crash.h"

/* The program chose the name: it must end neither its field nor the element. */
static void add_name(struct report *report, const char *name)
{
	for (; *name; name++)
		report__add(report, "%c", strchr(":{}", *name) ? '_' : *name);
}

static void add_module(struct report *report, size_t id, const struct crash_module *module)
{
	report__add(report, "{{{module:%zu:", id);
	add_name(report, module->name);
	report__add(report, ":elf:");
	for (uint32_t i = 0; i < module->build_id_size; i++)
		report__add(report, "%02x", module->build_id[i]);
	report__add(report, "}}}\n");
}

static void add_map(struct report *report, size_t id, const struct crash_module *module,
		    const struct host_map *map)
{
	report__add(report, "{{{mmap:0x%llx:0x%llx:load:%zu:%s%s%s:0x%llx}}}\n",
		    (unsigned long long)map->base, (unsigned long long)map->size, id,
		    map->prot & HOST_PROT_READ ? "r" : "", map->prot & HOST_PROT_WRITE ? "w" : "",
		    map->prot & HOST_PROT_EXEC ? "x" : "",
		    (unsigned long long)(map->base - module->bias));
}

static void add_maps(struct report *report, const struct crash_scene *scene, size_t id)
{
	const struct crash_module *module = &scene->modules[id];

	for (size_t i = scene->first[id]; i < scene->maps.count; i++) {
		const struct host_map *map = &scene->maps.list[i];

		if (map->base >= module->end)
			break;
		if (map->prot)
			add_map(report, id, module, map);
	}
}

void crash_markup__add(struct report *report, const struct crash_scene *scene)
{
	report__add(report, "{{{reset}}}\n");
	for (size_t i = 0; i < scene->num_modules; i++) {
		/* Without a build-id nobody finds its file. */
		if (!scene->modules[i].build_id_size)
			continue;
		add_module(report, i, &scene->modules[i]);
		add_maps(report, scene, i);
	}
	for (size_t i = 0; i < scene->num_frames; i++)
		report__add(report, "{{{bt:%u:0x%llx:%s}}}\n", scene->frames[i].number,
			    (unsigned long long)scene->frames[i].pc,
			    scene->frames[i].is_return ? "ra" : "pc");
}
