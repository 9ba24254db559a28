/* What is known of an address: function, file and line where DWARF tells, and those inlined. */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat/crash/crash.h"
#include "compat/crash/names.h"

#define MAX_INLINED 16
#define PLACE_SIZE 512
/* Of a name this much is shown: those of templates have no limit. */
#define NAME_SIZE 300

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
	char *readable = name ? names__readable(name) : NULL;
	const char *shown = readable ? readable : name ? name : "";
	char label[24];
	char source[PLACE_SIZE] = "";

	snprintf(label, sizeof(label), level ? "#%u.%u" : "#%u", number, level);
	if (file)
		snprintf(source, sizeof(source), " (%s:%d)", short_name(unit, file), line);
	/* Whatever the name is, the place behind it counts more. */
	client__line("%-4s 0x%016llx%s%.*s%s%s%s", label, (unsigned long long)pc,
		     name ? " in " : "", NAME_SIZE, shown, strlen(shown) > NAME_SIZE ? "..." : "",
		     source, place);
	free(readable);
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

/*
 * The compilation unit that holds @addr, and the functions there. Not all have an index of
 * addresses (clang makes none), and a linker that drops functions may leave their entries in one, at
 * addresses that are others' now: so a unit without a function there is the last resort.
 */
static Dwarf_Die *find_unit(Dwfl_Module *module, uint64_t addr, Dwarf_Addr *bias,
			    Dwarf_Die *functions, unsigned int *count)
{
	Dwarf_Die *last_resort = dwfl_module_addrdie(module, addr, bias);
	Dwarf_Die *unit = last_resort;

	if (unit) {
		*count = find_functions(unit, addr - *bias, functions);
		if (*count)
			return unit;
	}
	unit = NULL;
	while ((unit = dwfl_module_nextcu(module, unit, bias))) {
		if (dwarf_haspc(unit, addr - *bias) <= 0)
			continue;
		*count = find_functions(unit, addr - *bias, functions);
		if (*count)
			return unit;
		if (!last_resort || dwarf_haspc(last_resort, addr - *bias) <= 0)
			last_resort = unit;
	}
	*count = 0;
	return last_resort;
}

/* False where DWARF says nothing. */
static bool print_dwarf(Dwfl_Module *module, unsigned int number, uint64_t pc, uint64_t lookup,
			const char *symbol, const char *place)
{
	Dwarf_Die functions[MAX_INLINED];
	Dwarf_Addr bias = 0;
	unsigned int count = 0;
	Dwarf_Die *unit = find_unit(module, lookup, &bias, functions, &count);
	Dwarf_Line *at = unit ? dwarf_getsrc_die(unit, lookup - bias) : NULL;
	const char *file = at ? dwarf_linesrc(at, NULL, NULL) : NULL;
	int line = 0;

	if (!unit)
		return false;
	if (at)
		dwarf_lineno(at, &line);
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

/* --- Symbols of one address --- */

/* More symbols than this are not searched for others of the same address. */
#define MAX_SYMBOLS 50000
#define MAX_ALIASES 3

struct aliases {
	char *names[MAX_ALIASES];
	unsigned int count;
};

static bool is_known(const struct aliases *aliases, const char *name)
{
	for (unsigned int i = 0; i < aliases->count; i++) {
		const char *known = aliases->names[i];

		/* With "_" in front, it is the same function by its other name. */
		if (!strcmp(known + strspn(known, "_"), name + strspn(name, "_")))
			return true;
	}
	return false;
}

static void add_alias(struct aliases *aliases, const char *name, bool internal)
{
	char *readable = names__readable(name);

	if (!readable)
		readable = strdup(name);
	if (readable && aliases->count < MAX_ALIASES && (*readable == '_') == internal &&
	    !is_known(aliases, readable))
		aliases->names[aliases->count++] = readable;
	else
		free(readable);
}

static void find_aliases(struct aliases *aliases, Dwfl_Module *module, GElf_Addr addr,
			 bool internal)
{
	int count = dwfl_module_getsymtab(module);

	for (int i = 1; i < count && count <= MAX_SYMBOLS; i++) {
		GElf_Addr value;
		GElf_Sym sym;
		const char *name =
			dwfl_module_getsym_info(module, i, &sym, &value, NULL, NULL, NULL);

		if (name && *name && value == addr && GELF_ST_TYPE(sym.st_info) == STT_FUNC)
			add_alias(aliases, name, internal);
	}
}

/*
 * Functions with the same code may have got the same address (abort() and __stack_chk_fail() in
 * Fuchsia's libc): which one it is nobody knows.
 */
static void symbol_names(Dwfl_Module *module, const char *symbol, GElf_Addr addr, char *text,
			 size_t size)
{
	struct aliases aliases = { .count = 0 };
	size_t used = 0;

	find_aliases(&aliases, module, addr, false);
	find_aliases(&aliases, module, addr, true);
	snprintf(text, size, "%s", symbol);
	for (unsigned int i = 0; i < aliases.count; i++) {
		if (used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 i ? " or " : "", aliases.names[i]);
		free(aliases.names[i]);
	}
}

void symbols__print(const struct scene *scene, Dwfl *dwfl, unsigned int number, uint64_t pc,
		    uint64_t lookup)
{
	Dwfl_Module *module = dwfl_addrmodule(dwfl, lookup);
	const char *symbol = NULL;
	char place[PLACE_SIZE];
	char names[PLACE_SIZE];
	GElf_Off offset = 0;
	GElf_Sym sym = { .st_size = 0 };

	client__frame(number, pc, pc != lookup);
	describe_place(scene, pc, place, sizeof(place));
	if (module)
		symbol = dwfl_module_addrinfo(module, lookup, &offset, &sym, NULL, NULL, NULL);
	if (module && print_dwarf(module, number, pc, lookup, symbol, place))
		return;
	/* Where one without a size ends nobody knows: it may be another function by now. */
	if (symbol && !sym.st_size && offset)
		snprintf(names, sizeof(names), "%.300s+0x%llx", symbol,
			 (unsigned long long)(offset + pc - lookup));
	else if (symbol)
		symbol_names(module, symbol, lookup - offset, names, sizeof(names));
	print_line(number, 0, pc, symbol ? names : NULL, NULL, NULL, 0, place);
}
