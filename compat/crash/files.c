/*
 * Which file a module is. A name says where it may be, only the build-id says that it is the right
 * one. Files of the host come first: they have a path. Else it is what the program was mapped from,
 * as zxrun has it.
 */
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compat/crash/crash.h"

/* How far above a folder of libraries an SDK may keep its .build-id. */
#define MAX_PARENTS 5

static void try(struct module *module, char *path)
{
	struct stat st;
	int fd;

	if (module->num_candidates == MAX_CANDIDATES) {
		free(path);
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			close(fd);
		free(path);
		return;
	}
	module->candidates[module->num_candidates++] = (struct candidate){ fd, path };
}

__attribute__((format(printf, 2, 3))) static void try_path(struct module *module,
							   const char *format, ...)
{
	va_list args;
	char *path;
	int size;

	va_start(args, format);
	size = vasprintf(&path, format, args);
	va_end(args);
	if (size >= 0)
		try(module, path);
}

/* The program chose these names: none of them leads out of a folder. */
static bool is_file_name(const char *name)
{
	return name[0] && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..");
}

static void try_names(struct module *module, const char *dir)
{
	const char *name = module->info->name;
	const char *file_name = module->info->file_name;

	if (is_file_name(file_name))
		try_path(module, "%s/%s", dir, file_name);
	if (is_file_name(name) && strcmp(name, file_name))
		try_path(module, "%s/%s", dir, name);
}

/* As two digits, a slash, and the rest. */
static bool build_id_path(const struct crash_module *info, char *text)
{
	uint32_t size = info->build_id_size;

	if (size < 2 || size > CRASH_BUILD_ID_MAX)
		return false;
	for (uint32_t i = 0; i < size; i++)
		text += sprintf(text, i ? "%02x" : "%02x/", info->build_id[i]);
	return true;
}

static void try_build_id(struct module *module, const char *dir, bool and_parents)
{
	char id[2 * CRASH_BUILD_ID_MAX + 2];
	char up[3 * MAX_PARENTS + 1] = "";

	if (!build_id_path(module->info, id))
		return;
	for (int i = 0; i <= (and_parents ? MAX_PARENTS : 0); i++) {
		try_path(module, "%s/%s.build-id/%s.debug", dir, up, id);
		try_path(module, "%s/%s.build-id/%s", dir, up, id);
		if (i < MAX_PARENTS)
			strcat(up, "../");
	}
	if (!and_parents) {
		try_path(module, "%s/%s.debug", dir, id);
		try_path(module, "%s/%s", dir, id);
	}
}

void files__open(const struct scene *scene, struct module *module)
{
	for (uint32_t i = 0; i < scene->input.lib_dirs; i++)
		try_names(module, scene->lib_dirs[i]);
	for (uint32_t i = 0; i < scene->input.debug_dirs; i++) {
		try_build_id(module, scene->debug_dirs[i], false);
		try_names(module, scene->debug_dirs[i]);
	}
	for (uint32_t i = 0; i < scene->input.lib_dirs; i++)
		try_build_id(module, scene->lib_dirs[i], true);
}

static bool is_right(const struct crash_module *info, Elf *elf)
{
	const void *id;
	ssize_t size = dwelf_elf_gnu_build_id(elf, &id);

	return info->build_id_size && size == (ssize_t)info->build_id_size &&
	       !memcmp(id, info->build_id, (size_t)size);
}

/* For files from which even the table of sections was stripped. */
static bool has_code_segment(Elf *elf)
{
	size_t count = 0;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) && header.p_type == PT_LOAD &&
		    header.p_flags & PF_X && header.p_filesz)
			return true;
	}
	return false;
}

/* What a file has: its code, without which it is only debug information, and that. */
static void look_at(Elf *elf, bool *has_code, bool *has_debug)
{
	Elf_Scn *section = NULL;
	GElf_Ehdr header;

	*has_code = false;
	*has_debug = false;
	if (!gelf_getehdr(elf, &header))
		return;
	if (!elf_nextscn(elf, NULL))
		*has_code = has_code_segment(elf);
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr shdr;
		const char *name;

		if (!gelf_getshdr(section, &shdr))
			continue;
		if (shdr.sh_flags & SHF_EXECINSTR && shdr.sh_type == SHT_PROGBITS)
			*has_code = true;
		name = elf_strptr(elf, header.e_shstrndx, shdr.sh_name);
		if (name && (!strcmp(name, ".debug_info") || !strcmp(name, ".zdebug_info")))
			*has_debug = true;
	}
}

/* Finds the module's own file among the candidates (-1: none), and sets the one for debugging. */
static int choose(struct module *module, uint32_t index)
{
	bool debug_known = false;
	int found = -1;

	for (size_t i = 0; i < module->num_candidates; i++) {
		const struct candidate *candidate = &module->candidates[i];
		Elf *elf = elf_begin(candidate->fd, ELF_C_READ_MMAP, NULL);
		bool has_code = false;
		bool has_debug = false;

		if (elf && is_right(module->info, elf))
			look_at(elf, &has_code, &has_debug);
		if (has_code && found < 0) {
			found = candidate->fd;
			client__path(index, candidate->path);
		}
		/* One without DWARF may still be the one with symbols. */
		if (elf && is_right(module->info, elf) &&
		    ((has_debug && !debug_known) || (!has_code && module->debug_fd < 0))) {
			module->debug_fd = candidate->fd;
			debug_known = has_debug;
		}
		elf_end(elf);
	}
	return found;
}

void files__report(struct scene *scene, Dwfl *dwfl)
{
	for (uint32_t i = 0; i < scene->input.modules; i++) {
		struct module *module = &scene->modules[i];
		int fd = choose(module, i);
		void **userdata;

		if (fd < 0)
			fd = client__file(i);
		else
			fd = dup(fd);
		if (fd < 0)
			continue;
		module->dwfl = dwfl_report_elf(dwfl, module->info->name, module->info->name, fd,
					       module->info->bias, true);
		if (!module->dwfl) {
			close(fd);
			continue;
		}
		dwfl_module_info(module->dwfl, &userdata, NULL, NULL, NULL, NULL, NULL, NULL);
		*userdata = module;
	}
}

int files__find_debuginfo(Dwfl_Module *mod, void **userdata, const char *name, Dwarf_Addr base,
			  const char *file, const char *debuglink, GElf_Word crc, char **path)
{
	const struct module *module = *userdata;

	(void)mod;
	(void)name;
	(void)base;
	(void)file;
	(void)debuglink;
	(void)crc;
	(void)path;
	return module && module->debug_fd >= 0 ? dup(module->debug_fd) : -1;
}
