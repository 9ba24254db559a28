/* What is known of an address: function, file and line where DWARF tells, and those inlined. */
#include <dlfcn.h>
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/crash/crash.h"

#define MAX_INLINED 16
#define PLACE_SIZE 512

static char *(*demangle)(const char *name, char *buffer, size_t *size, int *status);

void symbols__init(void)
{
	/* C++ is the only one who needs it, so it may be absent. */
	void *library = dlopen("libstdc++.so.6", RTLD_NOW);

	if (library)
		demangle = (char *(*)(const char *, char *, size_t *, int *))dlsym(
			library, "__cxa_demangle");
}

const struct crash_map *scene__map(const struct scene *scene, uint64_t addr)
{
	uint32_t low = 0;
	uint32_t high = scene->input.maps;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct crash_map *map = &scene->maps[middle];

		if (addr < map->base)
			high = middle;
		else if (addr - map->base < map->size)
			return map;
		else
			low = middle + 1;
	}
	return NULL;
}

/* The readable form of @name, to be freed, or NULL where it is readable as it is. */
static char *demangled(const char *name)
{
	int status = 0;
	char *text;
	size_t size;

	if (!demangle || strncmp(name, "_Z", 2))
		return NULL;
	text = demangle(name, NULL, NULL, &status);
	if (!text)
		return NULL;
	/* Rust's names end in a hash. */
	size = strlen(text);
	if (size > 19 && !strncmp(text + size - 19, "::h", 3) &&
	    strspn(text + size - 16, "0123456789abcdef") == 16)
		text[size - 19] = 0;
	return text;
}

/* " at MODULE+0xOFFSET" of @pc. */
static void describe_place(const struct scene *scene, uint64_t pc, char *text, size_t size)
{
	const struct crash_map *map;

	for (uint32_t i = 0; i < scene->input.modules; i++) {
		const struct crash_module *info = &scene->infos[i];

		if (pc >= info->base && pc < info->end) {
			snprintf(text, size, " at %s+0x%llx", info->name,
				 (unsigned long long)(pc - info->bias));
			return;
		}
	}
	map = scene__map(scene, pc);
	if (map)
		snprintf(text, size, " at %s+0x%llx", map->name[0] ? map->name : "<anonymous>",
			 (unsigned long long)(pc - map->base + map->offset));
	else
		snprintf(text, size, " <not mapped>");
}

/* File names that begin with the folder in which the compiler ran are shown from there on. */
static const char *short_name(Dwarf_Die *unit, const char *file)
{
	Dwarf_Attribute attribute;
	const char *dir = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
	size_t size = dir ? strlen(dir) : 0;

	if (size && !strncmp(file, dir, size) && file[size] == '/')
		return file + size + 1;
	return file;
}

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *name;

	name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
	if (!name)
		name = dwarf_formstring(
			dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute));
	return name ? name : dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

/* Where the function that @die shows inlined was called. */
static void call_place(Dwarf_Die *unit, Dwarf_Die *die, const char **file, int *line)
{
	Dwarf_Attribute attribute;
	Dwarf_Files *files;
	Dwarf_Word value;
	size_t count;

	*file = NULL;
	*line = 0;
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &value) ||
	    dwarf_getsrcfiles(unit, &files, &count) || value >= count)
		return;
	*file = dwarf_filesrc(files, value, NULL, NULL);
	if (!dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), &value))
		*line = (int)value;
}

/* One line of the report. @level: how many functions lie between it and the frame's own. */
static void print_line(unsigned int number, unsigned int level, uint64_t pc, const char *name,
		       Dwarf_Die *unit, const char *file, int line, const char *place)
{
	char *readable = name ? demangled(name) : NULL;
	char label[24];
	char source[PLACE_SIZE] = "";

	snprintf(label, sizeof(label), level ? "#%u.%u" : "#%u", number, level);
	if (file)
		snprintf(source, sizeof(source), " (%s:%d)", short_name(unit, file), line);
	/* Whatever the name is, the place behind it counts more. */
	client__line("%-4s 0x%016llx%s%.300s%s%s", label, (unsigned long long)pc,
		     name ? " in " : "", readable ? readable : name ? name : "", source, place);
	free(readable);
}

/* The compilation unit that holds @addr. Not all have an index of addresses (clang makes none). */
static Dwarf_Die *find_unit(Dwfl_Module *module, uint64_t addr, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(module, addr, bias);

	if (unit)
		return unit;
	while ((unit = dwfl_module_nextcu(module, unit, bias))) {
		if (dwarf_haspc(unit, addr - *bias) > 0)
			return unit;
	}
	return NULL;
}

/* Functions around @addr in @unit, the innermost first. */
static unsigned int find_functions(Dwarf_Die *unit, Dwarf_Addr addr, Dwarf_Die *functions)
{
	Dwarf_Die *scopes = NULL;
	Dwarf_Die *around = NULL;
	unsigned int found = 0;
	int count = dwarf_getscopes(unit, addr, &scopes);

	count = count > 0 ? dwarf_getscopes_die(&scopes[0], &around) : 0;
	for (int i = 0; i < count && found < MAX_INLINED; i++) {
		int tag = dwarf_tag(&around[i]);

		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine)
			functions[found++] = around[i];
		if (tag == DW_TAG_subprogram)
			break;
	}
	free(scopes);
	free(around);
	return found;
}

/* False where DWARF says nothing. */
static bool print_dwarf(Dwfl_Module *module, unsigned int number, uint64_t pc, uint64_t lookup,
			const char *symbol, const char *place)
{
	Dwarf_Die functions[MAX_INLINED];
	Dwarf_Addr bias;
	Dwarf_Die *unit = find_unit(module, lookup, &bias);
	Dwarf_Line *at = unit ? dwarf_getsrc_die(unit, lookup - bias) : NULL;
	const char *file = at ? dwarf_linesrc(at, NULL, NULL) : NULL;
	unsigned int count;
	int line = 0;

	if (!unit)
		return false;
	if (at)
		dwarf_lineno(at, &line);
	count = find_functions(unit, lookup - bias, functions);
	if (!count) {
		print_line(number, 0, pc, symbol, unit, file, line, place);
		return true;
	}
	for (unsigned int i = 0; i < count; i++) {
		const char *name = name_of(&functions[i]);

		print_line(number, count - 1 - i, pc, name ? name : symbol, unit, file, line,
			   place);
		if (i + 1 < count)
			call_place(unit, &functions[i], &file, &line);
	}
	return true;
}

void symbols__print(const struct scene *scene, Dwfl *dwfl, unsigned int number, uint64_t pc,
		    uint64_t lookup)
{
	Dwfl_Module *module = dwfl_addrmodule(dwfl, lookup);
	const char *symbol = NULL;
	char place[PLACE_SIZE];
	GElf_Off offset;
	GElf_Sym sym;

	describe_place(scene, pc, place, sizeof(place));
	if (module)
		symbol = dwfl_module_addrinfo(module, lookup, &offset, &sym, NULL, NULL, NULL);
	if (!module || !print_dwarf(module, number, pc, lookup, symbol, place))
		print_line(number, 0, pc, symbol, NULL, NULL, 0, place);
}
